"""A browser for ASGI applications: keeps cookies, speaks no network."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

ORIGIN = "http://moked.test"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(slots=True)
class Browser:
    """Sends requests one by one; ``csrf`` is sent with them once it is known."""

    app: Any
    address: str = "10.0.0.7"
    csrf: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.send("POST", path, body, headers)

    def sign_in(self, name: str, password: str) -> Answer:
        answer = self.post("/api/sign-in", {"name": name, "password": password})
        if answer.status == 200:
            self.csrf = answer.json()["csrf"]
        return answer

    def send(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Send *body* (bytes as they are, anything else as JSON; ``None``: none)."""
        raw = body if isinstance(body, bytes) else b"" if body is None else _json(body)
        sent = {
            "host": urlsplit(ORIGIN).netloc,
            "content-type": "application/json",
            "accept-language": "he",
            "origin": ORIGIN,
            "x-moked-csrf": self.csrf,
            "cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
        }
        for name, value in (headers or {}).items():
            sent[name.lower().replace("_", "-")] = value
        answer = asyncio.run(self._exchange(method, path, raw, sent))
        self._keep_cookie(answer)
        return answer

    def scope(self, kind: str, path: str, headers: dict[str, str]) -> dict[str, Any]:
        parts = urlsplit(path)
        return {
            "type": kind,
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": [(k.encode(), v.encode()) for k, v in headers.items() if v],
            "client": (self.address, 4000),
            "server": ("127.0.0.1", 80),
            "extensions": {"websocket.http.response": {}},
        }

    async def _exchange(
        self, method: str, path: str, raw: bytes, headers: dict[str, str]
    ) -> Answer:
        messages: list[dict[str, Any]] = []
        incoming = [{"type": "http.request", "body": raw, "more_body": False}]

        async def receive() -> dict[str, Any]:
            if not incoming:
                await asyncio.Event().wait()  # a browser that waits for its answer
            return incoming.pop(0)

        async def send(message: dict[str, Any]) -> None:
            messages.append(message)

        await self.app(self.scope("http", path, headers) | {"method": method}, receive, send)
        start = next(m for m in messages if m["type"] == "http.response.start")
        body = b"".join(m.get("body", b"") for m in messages if m["type"] == "http.response.body")
        return Answer(
            start["status"], {k.decode().lower(): v.decode() for k, v in start["headers"]}, body
        )

    def _keep_cookie(self, answer: Answer) -> None:
        name, _, value = answer.headers.get("set-cookie", "").partition(";")[0].partition("=")
        if name:
            self.cookies[name] = value.strip('"')


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()
