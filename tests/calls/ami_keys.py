"""Presses keys on a channel of Asterisk as if its caller did, through AMI."""

from __future__ import annotations

import socket
from types import TracebackType
from typing import Self

from ivr.pbx.private import PrivateAsterisk


class AmiKeys:
    """One AMI connection; it says what to do and reads no answers but the greeting."""

    def __init__(self, pbx: PrivateAsterisk) -> None:
        self._socket = socket.create_connection(("127.0.0.1", pbx.runtime.ami_port), timeout=10)
        self._send(Action="Login", Username="moked", Secret=pbx.ami_password, Events="off")
        answered = b""
        while b"\r\n\r\n" not in answered:
            answered += self._socket.recv(4096)
        assert b"Success" in answered, answered

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._socket.close()

    def press(self, channel: str, key: str) -> None:
        self._send(Action="PlayDTMF", Channel=channel, Digit=key, Duration="100", Receive="true")

    def hang_up(self, channel: str) -> None:
        self._send(Action="Hangup", Channel=channel)

    def _send(self, **fields: str) -> None:
        text = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self._socket.sendall(f"{text}\r\n".encode())
