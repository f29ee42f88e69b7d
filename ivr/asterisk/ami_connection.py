"""pyst2's manager connection, made safe to give up: everything here blocks and runs in a thread.

pyst2 0.5.1 waits for ever for a reply, logs off (waiting again) in ``close`` and even in
``__del__``, lets a value smuggle in further headers, and keeps only the last of equal headers
(``Output``, of which a command's answer consists). This class mends that.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from asterisk.manager import Event, Manager, ManagerException, ManagerMsg

from ivr.asterisk.errors import AmiRefused, AmiTimeout, AmiUnavailable

CONNECT_SECONDS = 3.0
JOIN_SECONDS = 2.0
LIST_SECONDS = 5.0

Headers = dict[str, str]


class AmiConnection(Manager):  # type: ignore[misc]  # pyst2 is untyped
    """One logged-in connection; three daemon threads of pyst2's live as long as it does."""

    def __init__(self) -> None:
        super().__init__()
        self._listed: list[Headers] = []
        self._list_over = threading.Event()

    def __del__(self) -> None:
        """Do nothing: pyst2's would log off, and wait for the answer, in any thread at all."""

    def open(self, host: str, port: int, user: str, secret: str) -> None:
        """Connect and log in, without events.

        Raises:
            AmiUnavailable: nobody answers there, or the login is refused.
        """
        with _as_ours():
            self.connect(host, port)
            login = {"Action": "Login", "Username": user, "Secret": secret, "Events": "off"}
            answer = self.send_action(login)
        if answer.get_header("Response") != "Success":
            raise AmiUnavailable(f"login refused: {answer.get_header('Message', '')}")

    def connect(self, host: str, port: int = 5038) -> None:
        """Connect and read the greeting; pyst2's has no limit of time and leaks a refused socket.

        Raises:
            OSError: nobody answers there.
        """
        with socket.create_connection((host, port), CONNECT_SECONDS) as connected:
            connected.settimeout(None)
            self._sock = connected.makefile(mode="rwb", buffering=0)
        self._connected.set()
        self._running.set()
        self.message_thread.start()
        self.event_dispatch_thread.start()
        self._response_queue.get()

    def act(self, action: Headers) -> ManagerMsg:
        """Send one action and return its answer.

        Raises:
            AmiRefused: Asterisk answered with an error.
            AmiUnavailable: the connection ended.
        """
        with _as_ours():
            answer = self.send_action(dict(action))
        if answer.get_header("Response") == "Error":
            raise AmiRefused(answer.get_header("Message", ""))
        return answer

    def listed(self, action: Headers, item: str, last: str) -> list[Headers]:
        """Send an action that is answered with events: *item* each, *last* at the end.

        Raises:
            AmiTimeout: the list did not end in time.
            AmiRefused, AmiUnavailable: as for ``act``.
        """
        self._listed = []
        self._list_over.clear()
        self._event_callbacks = {item: [self._take], last: [self._end]}
        answer = self.act(action)
        if f"Event: {last}" in answer.data:
            # pyst2 takes what says "status will follow" for one message up to its end.
            return [block for block in _blocks(answer.data) if block.get("Event") == item]
        if not self._list_over.wait(LIST_SECONDS):
            raise AmiTimeout(f"{action['Action']}: the list did not end")
        return self._listed

    def cut(self) -> None:
        """End the connection from any thread, without a word; whoever waits on it is told."""
        if self._sock is not None and not self._sock.closed:
            with socket.socket(fileno=os.dup(self._sock.fileno())) as ours:
                try:
                    ours.shutdown(socket.SHUT_RDWR)
                except OSError as problem:
                    # Already ended by the other side: that is what is wanted.
                    del problem
        # pyst2 tells only those who waited before it noticed the end.
        self._response_queue.put(None)

    def finish(self) -> None:
        """Cut the connection and wait until its threads have ended."""
        self.cut()
        self._running.clear()
        self._message_queue.put(None)
        self._event_queue.put(None)
        for thread in (self.message_thread, self.event_dispatch_thread):
            if thread.is_alive():
                thread.join(JOIN_SECONDS)
        if self._sock is not None:
            self._sock.close()

    def _take(self, event: Event, _: Manager) -> None:
        self._listed.append(dict(event.headers))

    def _end(self, event: Event, _: Manager) -> None:
        self._list_over.set()


def output_of(answer: ManagerMsg) -> list[str]:
    """The lines that a command printed."""
    prefix = "Output: "
    return [
        line.rstrip("\r\n")[len(prefix) :] for line in answer.response if line.startswith(prefix)
    ]


def _blocks(text: str) -> list[Headers]:
    """The headers of each block of lines; blocks are parted by an empty line."""
    return [
        dict(line.split(": ", 1) for line in block.split("\r\n") if ": " in line)
        for block in text.split("\r\n\r\n")
    ]


@contextmanager
def _as_ours() -> Iterator[None]:
    try:
        yield
    except (ManagerException, OSError) as problem:
        raise AmiUnavailable(type(problem).__name__) from problem
