"""An effect happens once, also when the service dies after it and before its position is kept."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from tests.calls.house import SLOW, House, running_house, until
from tests.drills import product
from tests.drills.callers import Someone, someone
from tests.drills.drill_line import NUMBER, add_line

pytestmark = [pytest.mark.calls, pytest.mark.drill, pytest.mark.timeout(600)]

TRIES = 4  # until a kill falls between the ticket and the position, 50 ms later
_TICKETS = "SELECT reference FROM tickets WHERE caller_number = ?"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("effects"), add_line) as running:
        yield running


def test_ticket_is_opened_once_although_its_step_runs_twice(house: House) -> None:
    with ExitStack() as stack:
        for _ in range(TRIES):
            caller = someone(house, stack, NUMBER)
            label = _kill_after_the_ticket(house, caller)
            assert caller.sipp.wait().ok
            _one_of_everything(house, caller)
            if label in {"hello", "open_ticket"}:
                return  # the ticket was there, its position was not
        pytest.fail("no kill fell between the effect and the position")


def _kill_after_the_ticket(house: House, caller: Someone) -> str:
    """Kill the service as soon as the ticket is there; return what the position says then."""
    path = house.home / "db" / "moked.sqlite3"
    deadline = time.monotonic() + 20 * SLOW
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as database:
        while not database.execute(_TICKETS, (caller.number,)).fetchall():
            assert time.monotonic() < deadline, "no ticket was opened"
            time.sleep(0.001)  # the next thing that is written is 50 ms away
    house.kill("service")
    label = product.label_of(house, caller.number)
    house.wait_ready()
    return label


def _one_of_everything(house: House, caller: Someone) -> None:
    until(lambda: product.outcomes_of(house, caller.number)[0], 10, "the outcome")
    assert product.outcomes_of(house, caller.number) == ["ticket"]
    assert len(product.rows(house, _TICKETS, caller.number)) == 1
    labels = [row["label"] for row in house.call_of(caller.number)["trace"]]
    assert labels.count("open_ticket") == 1, labels
    assert labels[-1] == "good_bye", labels
