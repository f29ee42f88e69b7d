"""An agent's desk page as the browser has it: the live connection, with the session's cookie."""

from __future__ import annotations

import json
import time
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from websockets.sync.client import connect
from websockets.typing import Origin

from tests.calls.house import SLOW, Person


class DeskSocket:
    """Keeps every message with the time it came; ``with`` opens and closes the connection."""

    def __init__(self, person: Person) -> None:
        place = urlsplit(person.url)
        cookies = "; ".join(f"{one.name}={one.value}" for one in person.session.cookies)
        self._socket = connect(
            f"ws://{place.netloc}/ws/desk",
            origin=Origin(f"http://{place.netloc}"),
            additional_headers={"Cookie": cookies},
            legacy=True,  # a connection, not something that reconnects
        )
        self.snapshot = self.wait_for("snapshot", 5)

    def wait_for(self, kind: str, seconds: float, **fields: Any) -> dict[str, Any]:
        """Return the next message of *kind* with *fields*; ``came``: epoch seconds."""
        deadline = time.monotonic() + seconds * SLOW
        while True:
            try:
                text = self._socket.recv(max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                raise AssertionError(f"no {kind} came in {seconds * SLOW:.0f} s") from None
            message: dict[str, Any] = json.loads(text) | {"came": time.time()}
            if message["type"] == kind and fields.items() <= message.items():
                return message

    def __enter__(self) -> DeskSocket:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()
