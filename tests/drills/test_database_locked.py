"""Somebody locks the database for seconds: calls go on, agents are offered, no row is lost."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest

from tests.calls.house import House, running_house, until
from tests.drills import product
from tests.drills.callers import Someone, desk_phone, let_pass, someone
from tests.drills.product import BILLING, COUNCIL

pytestmark = [pytest.mark.calls, pytest.mark.drill, pytest.mark.timeout(600)]

LOCKED = 5.0  # seconds at least; until the agent is heard if that is later
TONE, AGENT = 700, "agent-301"
Figures = Callable[[str, object], None]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("locked")) as running:
        yield running


@contextmanager
def _locked(house: House) -> Iterator[None]:
    path = house.home / "db" / "moked.sqlite3"
    with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            database.execute("ROLLBACK")


def test_calls_go_on_while_the_database_is_locked(house: House, record_property: Figures) -> None:
    with ExitStack() as stack:
        desk_phone(house, stack, AGENT, calls=1, tone=TONE)
        house.agent(AGENT).do("sign-in")
        menu = someone(house, stack, BILLING)
        until(lambda: menu.is_at(house, "welcome"), 25, "the menu")
        coming = someone(house, stack, COUNCIL, tone=440)
        until(lambda: coming.is_at(house, "greeting"), 25, "the call to the centre")
        at = time.monotonic()
        with _locked(house):
            menu.ear.press("3")
            until(lambda: coming.ear.loudness_of(TONE) > 0.01, 15, "caller and agent to talk")
            record_property("agent heard after", time.monotonic() - at)
            new = someone(house, stack, BILLING)
            until(lambda: new.ear.first_sound, 3, "a new call to be answered")
            let_pass(at + LOCKED)
            assert product.said(house, "database_unavailable") or _pending(house) > 0
        until(lambda: _pending(house) == 0, 20, "the journal to be replayed")
        product.other_side_hangs_up(house, coming.number)
        new.sipp.stop()
        for one in (menu, coming):
            assert one.sipp.wait().ok
        _complete(house, menu, coming)


def _pending(house: House) -> int:
    return int(house.ask("/api/status")["counts"]["journal_pending"])


def _complete(house: House, menu: Someone, coming: Someone) -> None:
    """Every row that a call on a healthy day leaves is there, once."""
    for one in (menu, coming):
        assert house.call_of(one.number)["call"]["outcome"] == "talked"
        assert product.outcomes_of(house, one.number) == ["talked"]
    call = house.call_of(coming.number)
    labels = [row["label"] for row in call["trace"]]
    assert labels == ["notice", "greeting", "note_topic", "centre", "centre.centre_queue"], labels
    call_id = call["call"]["call_id"]
    waited = product.rows(house, "SELECT * FROM queue_entries WHERE call_id = ?", call_id)
    assert [row["why"] for row in waited] == ["answered"]
    offers = product.rows(house, "SELECT * FROM offers WHERE call_id = ?", call_id)
    assert [row["why"] for row in offers] == ["answered"]
    states = product.rows(house, "SELECT state FROM agents WHERE agent_id = ?", AGENT)
    assert states[0]["state"] in {"wrap_up", "available"}


def test_the_alarm_was_raised_and_cleared(house: House) -> None:
    query = "SELECT * FROM alarms WHERE alarm = 'database_unavailable'"

    def cleared() -> bool:
        found = product.rows(house, query)
        return bool(found) and all(row["cleared_at"] for row in found)

    until(cleared, 5, "the alarm's beginning and end")
