"""Nobody of the department takes the call: it goes on to the centre, with all that is known of it.

Each story has a copy of the default site's lines to itself; all of them are played at once.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.calls.desk_socket import DeskSocket
from tests.calls.house import SLOW, House, until
from tests.calls.quarters import (
    CLOSED,
    Quarter,
    Quarters,
    Story,
    Wish,
    heard,
    labels,
    moments,
    playing,
)

pytestmark = [pytest.mark.calls, pytest.mark.timeout(600)]


def after_25_seconds_the_centre_rings_with_all_that_is_known(quarter: Quarter) -> None:
    first, second = quarter.agent("01"), quarter.agent("02")
    centre = quarter.agent("31")
    silent = [quarter.phone("01").ignore(), quarter.phone("02").ignore()]
    answering = quarter.phone("31").answer(ring=2.0, talk=4.0)
    with DeskSocket(centre) as desk:
        resident = quarter.caller(quarter.billing, press="4", then_hang_up=False)
        pop = desk.wait_for("pop", 90)["card"]["pop"]
        call = resident.ended()
    assert all(one.wait().ok for one in [*silent, answering])
    assert pop["caller_number"] == resident.number
    assert pop["choices"] == ["billing_menu:4"]
    assert pop["waited"] >= 25
    assert call["call"]["talked_with"] == quarter.name("31")
    assert labels(call)[-3:] == ["tell_no_answer", "centre", "centre.centre_queue"]
    assert "department_no_answer" in heard(call)
    assert 24 < _wait(quarter.house, call, f"billing_{quarter.k}") < 27 + SLOW
    assert [first.state, second.state] == ["available", "available"]


def two_calls_missed_in_a_row_pause_the_agent(quarter: Quarter) -> None:
    agent = quarter.agent("01")
    quarter.agent("31")
    refusing = quarter.phone("01").refuse(486, calls=2)
    answering = quarter.phone("31").answer(talk=3.0)
    call = quarter.caller(quarter.billing, press="4", then_hang_up=False).ended()
    assert refusing.wait().ok
    assert answering.wait().ok
    assert agent.state == "paused"
    assert call["call"]["talked_with"] == quarter.name("31")
    assert _wait(quarter.house, call, f"billing_{quarter.k}") < 5 + SLOW, "overflow at once"


def signing_out_while_the_phone_rings_lets_the_caller_go_on_at_once(quarter: Quarter) -> None:
    agent = quarter.agent("01")
    quarter.agent("31")
    ringing = quarter.phone("01").ignore()
    answering = quarter.phone("31").answer(talk=3.0)
    resident = quarter.caller(quarter.billing, press="4", then_hang_up=False)
    until(lambda: agent.state == "ringing", 40, "the ring")
    until(lambda: moments(ringing, "INVITE"), 10, "the phone's ring")
    time.sleep(1.0)
    agent.do("sign-out")
    left = time.time()
    call = resident.ended()
    assert ringing.wait().ok
    assert answering.wait().ok
    assert agent.state == "signed_out"
    assert moments(ringing, "CANCEL")[0] - left < 1.0 + 0.2 * SLOW
    assert call["call"]["talked_with"] == quarter.name("31")
    assert _wait(quarter.house, call, f"billing_{quarter.k}") < 8 + SLOW


def signing_out_after_a_call_lets_the_next_caller_go_on_at_once(quarter: Quarter) -> None:
    agent = quarter.agent("01")
    quarter.agent("31")
    phone = quarter.phone("01").answer(talk=14.0)
    answering = quarter.phone("31").answer(talk=3.0)
    first = quarter.caller(quarter.billing, press="4", then_hang_up=False)
    until(lambda: agent.state == "on_call", 40, "the talk")
    second = quarter.caller(quarter.billing, press="4", then_hang_up=False)
    until(lambda: agent.state == "wrap_up", 60, "wrap-up")
    until(lambda: _waiting(quarter, agent) == 1, 30, "the second caller in the queue")
    agent.do("sign-out")
    until(lambda: _waiting(quarter, agent) == 0, 2, "nobody in the queue")
    assert first.ended()["call"]["talked_with"] == quarter.name("01")
    assert second.ended()["call"]["talked_with"] == quarter.name("31")
    assert phone.wait().ok
    assert answering.wait().ok


def a_caller_who_gives_up_stops_the_ringing_phone(quarter: Quarter) -> None:
    agent = quarter.agent("01")
    ringing = quarter.phone("01").ignore()
    with DeskSocket(agent) as desk:
        resident = quarter.caller(quarter.billing, press="4", talk=20.0)
        assert desk.wait_for("pop", 60)["card"]["pop"]["caller_number"] == resident.number
        call = resident.ended()
        withdrawn = desk.wait_for("pop_withdrawn", 10)
    assert withdrawn["why"] == "caller_gone"
    assert ringing.wait().ok
    gone = moments(resident.running, "BYE", "sent")[0]
    assert moments(ringing, "CANCEL")[0] - gone < 1.0
    assert call["call"]["outcome"] == "abandoned"
    until(lambda: agent.state == "available", 2, "the agent to be available again")


def a_closed_department_is_not_rung(quarter: Quarter) -> None:
    quarter.agent("01")
    quarter.agent("31")
    answering = quarter.phone("31").answer(talk=3.0)
    call = quarter.caller(quarter.billing, press="4", at=CLOSED, then_hang_up=False).ended()
    assert answering.wait().ok
    assert call["call"]["talked_with"] == quarter.name("31")
    assert labels(call)[-3:] == ["tell_closed", "centre", "centre.centre_queue"]
    assert "department_closed" in heard(call)


def with_nobody_signed_in_the_centre_answers(quarter: Quarter) -> None:
    quarter.agent("31")
    answering = quarter.phone("31").answer(talk=3.0)
    call = quarter.caller(quarter.billing, press="0", then_hang_up=False).ended()
    assert answering.wait().ok
    assert call["call"]["talked_with"] == quarter.name("31")
    assert "tell_no_answer" in labels(call)
    assert "department_queue" not in labels(call)


def _waiting(quarter: Quarter, agent: Any) -> int:
    rows = {row["name"]: row["waiting"] for row in agent.get("/api/queues")}
    return int(rows[f"billing_{quarter.k}"])


def _wait(house: House, call: dict[str, Any], queue: str) -> float:
    """Return how long the call waited in *queue*, in seconds."""

    def waited() -> float | None:
        with sqlite3.connect(house.home / "db" / "moked.sqlite3", timeout=30) as database:
            wanted = (
                "select sum(waited) from queue_entries "
                "where call_id = ? and queue = ? and left_at is not null"
            )
            row = database.execute(wanted, (call["call"]["call_id"], queue)).fetchone()
        database.close()
        return float(row[0]) if row[0] is not None else None

    return until(waited, 5, f"the wait in {queue}")


STORIES: dict[Story, Wish] = {
    after_25_seconds_the_centre_rings_with_all_that_is_known: Wish(),
    two_calls_missed_in_a_row_pause_the_agent: Wish(department=1),
    signing_out_while_the_phone_rings_lets_the_caller_go_on_at_once: Wish(department=1),
    signing_out_after_a_call_lets_the_next_caller_go_on_at_once: Wish(department=1, wrap_up=60.0),
    a_caller_who_gives_up_stops_the_ringing_phone: Wish(department=1),
    a_closed_department_is_not_rung: Wish(department=1),
    with_nobody_signed_in_the_centre_answers: Wish(department=1),
}


@pytest.fixture(scope="module")
def quarters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quarters]:
    with playing(tmp_path_factory.mktemp("overflow"), STORIES) as played:
        yield played


@pytest.mark.parametrize("story", [story.__name__ for story in STORIES])
def test_overflow(quarters: Quarters, story: str) -> None:
    quarters.told(story)
