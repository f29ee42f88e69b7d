"""The other system is dead: no caller notices, nothing is lost, nothing counts twice there."""

from __future__ import annotations

import json
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.calls.house import SLOW, House, fresh_caller, running_house, until
from tests.drills import product
from tests.drills.drill_line import NUMBER, add_line

pytestmark = [pytest.mark.calls, pytest.mark.drill, pytest.mark.timeout(600)]

CALLS = 3
Figures = Callable[[str, object], None]


class Target(ThreadingHTTPServer):
    """A CRM that remembers what it was told, by the key that makes it once."""

    told: dict[str, Any]
    times: Counter[str]

    def keep(self, key: str, body: bytes) -> None:
        self.times[key] += 1
        self.told[key] = json.loads(body)


class _Post(BaseHTTPRequestHandler):
    server: Target

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.keep(self.headers["Idempotency-Key"], body)
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: the test asks what was kept."""


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _target(port: int) -> Iterator[Target]:
    target = Target(("127.0.0.1", port), _Post)
    target.told, target.times = {}, Counter()
    thread = threading.Thread(target=target.serve_forever, daemon=True)
    thread.start()
    yield target
    target.shutdown()
    target.server_close()
    thread.join(5)


def test_dead_target_delays_nothing_and_loses_nothing(
    tmp_path_factory: pytest.TempPathFactory, record_property: Figures
) -> None:
    port = _free_port()
    webhook = {
        "MOKED_CONNECTORS": '["webhook"]',
        "MOKED_WEBHOOK__URL": f"http://127.0.0.1:{port}/moked",
        "MOKED_WEBHOOK__ALLOW_LOOPBACK": "true",
    }
    with running_house(tmp_path_factory.mktemp("webhook"), add_line, **webhook) as house:
        callers = [fresh_caller() for _ in range(CALLS)]
        calls = [house.farm.call(NUMBER, caller=caller, talk=60) for caller in callers]
        assert all(call.wait().ok for call in calls)
        for caller in callers:
            seconds = _ticket_step_seconds(house, caller)
            record_property("ticket step", seconds)
            assert seconds <= 0.5 * SLOW
        owed = _owed(house)
        assert len(owed) >= 2 * CALLS, "each call owes its ticket and its end"
        with _target(port) as target:
            until(lambda: not _owed(house), 40, "everything to be delivered")
            assert set(target.told) == set(owed)
            assert max(target.times.values()) == 1
            _tickets_arrived(house, target)


def _ticket_step_seconds(house: House, caller: str) -> float:
    trace = {row["label"]: row for row in house.call_of(caller)["trace"]}
    times = [datetime.fromisoformat(trace[label]["at"]) for label in ("open_ticket", "speak")]
    return (times[1] - times[0]).total_seconds()


def _owed(house: House) -> list[str]:
    found = product.rows(house, "SELECT key FROM outbox WHERE state <> 'delivered'")
    return [str(row["key"]) for row in found]


def _tickets_arrived(house: House, target: Target) -> None:
    tickets = product.rows(house, "SELECT reference FROM tickets")
    assert len(tickets) == CALLS
    text = json.dumps(list(target.told.values()))
    assert all(str(ticket["reference"]) in text for ticket in tickets)
