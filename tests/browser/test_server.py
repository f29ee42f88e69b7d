"""The console's server on a real socket: refusals, limits, stopping."""

from __future__ import annotations

import json
import socket
from contextlib import closing
from http.client import HTTPConnection

import pytest

from ivr.console.server import ConsoleServer
from ivr.errors import SettingsInvalid
from tests.browser.conftest import House

pytestmark = pytest.mark.browser

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def _ask(
    house: House, method: str, path: str, headers: dict[str, str], body: bytes = b""
) -> tuple[int, bytes, str | None]:
    """Send one request by hand; return the status, the body and the server's name."""
    with closing(HTTPConnection("127.0.0.1", house.server.port, timeout=10)) as connection:
        connection.request(method, path, body or None, headers)
        with connection.getresponse() as answer:
            read = b"" if answer.status == 101 else answer.read()
            return answer.status, read, answer.headers["server"]


def _open_desk(house: House, **headers: str) -> tuple[int, bytes]:
    return _ask(house, "GET", "/ws/desk", {**UPGRADE, **headers})[:2]


def test_a_websocket_without_a_session_gets_401_before_it_opens(house: House) -> None:
    status, body = _open_desk(house, Origin=house.url)
    assert status == 401
    assert json.loads(body)["code"] == "not_signed_in"


def test_a_websocket_without_a_session_gets_401_wherever_it_comes_from(house: House) -> None:
    assert _open_desk(house, Origin="http://evil.test")[0] == 401
    assert _open_desk(house)[0] == 401


def test_a_port_that_is_taken_is_said_in_a_sentence(house: House) -> None:
    second = ConsoleServer(None, "127.0.0.1", house.server.port)
    with pytest.raises(SettingsInvalid, match="MOKED_HTTP_PORT"):
        house.thread.run(second.start())


def test_a_body_that_is_too_large_is_refused_while_it_is_sent(house: House) -> None:
    status, body, _ = _ask(house, "POST", "/api/sign-in", {}, b"x" * 100_000)
    assert status == 413
    assert json.loads(body)["code"] == "too_large"


def test_stopping_does_not_wait_for_a_browser_that_stays(house: House) -> None:
    with socket.create_connection(("127.0.0.1", house.server.port)) as idle:
        idle.sendall(b"GET /api/he")
        house.thread.run(house.server.stop(), timeout=8)


def test_the_page_names_neither_server_nor_version(house: House) -> None:
    assert _ask(house, "GET", "/api/health", {})[2] is None
