"""How fast the house is: what an agent sees when the phone rings, what a caller hears first.

The desk's page is a real WebSocket with a session's cookie; the phone is SIPp, whose log says when
its INVITE came.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

import pytest
import requests

from ivr.demo.fingerprint import Library
from ivr.demo.listening import listen
from ivr.demo.prompt_library import load_library
from tests.calls.desk_socket import DeskSocket
from tests.calls.house import SLOW
from tests.calls.quarters import Quarter, Quarters, Story, Wish, moments, playing
from tests.calls.rtp_listener import Listener

pytestmark = [pytest.mark.calls, pytest.mark.timeout(600)]

RESIDENT, NAME = "+972501110001", "אבי ישראלי"
POP_WITHIN, FIRST_SOUND_WITHIN = 0.3, 0.5  # seconds, on a quiet machine


def the_desk_shows_who_calls_while_the_phone_rings(quarter: Quarter) -> None:
    agent = quarter.agent("01")
    ticket = {"subject": "חיוב כפול במים", "number": RESIDENT, "key": "pop"}
    reference = agent.post("/api/tickets", ticket)["reference"]
    earlier = quarter.caller(quarter.billing, caller=RESIDENT, talk=2.0).ended()
    answering = quarter.phone("01").answer(ring=3.0, talk=4.0)
    with DeskSocket(agent) as desk:
        resident = quarter.caller(quarter.billing, caller=RESIDENT, press="4", then_hang_up=False)
        first = desk.wait_for("pop", 60)
        complete = desk.wait_for("pop", 5)
        while complete["card"]["pop"]["contact"] is None:
            complete = desk.wait_for("pop", 5)
        desk.wait_for("talk", 20, phase="talking")
        desk.wait_for("talk", 20, phase="wrap_up")
    resident.running.wait()
    assert answering.wait().ok
    rang = moments(answering, "INVITE")[0]
    assert first["came"] - rang <= POP_WITHIN * SLOW
    assert complete["came"] - rang <= POP_WITHIN * SLOW
    pop = complete["card"]["pop"]
    assert (pop["caller_number"], pop["contact"]["name"]) == (RESIDENT, NAME)
    assert (pop["line"], pop["queue"]) == (f"billing_{quarter.k}", f"billing_{quarter.k}")
    assert pop["choices"] == ["billing_menu:4"]
    assert 5 < pop["waited"] < 60
    assert [one["reference"] for one in pop["open_tickets"]] == [reference]
    assert earlier["call"]["call_id"] in [one["call_id"] for one in pop["last_calls"]]


def the_pop_goes_when_the_ring_moves_on(quarter: Quarter) -> None:
    first, second = quarter.agent("01"), quarter.agent("02")
    silent = quarter.phone("01").ignore()
    answering = quarter.phone("02").answer(ring=2.0, talk=3.0)
    with DeskSocket(first) as before, DeskSocket(second) as after:
        resident = quarter.caller(quarter.billing, press="4", then_hang_up=False)
        shown = before.wait_for("pop", 60)["card"]["pop"]
        gone = before.wait_for("pop_withdrawn", 30)
        moved = after.wait_for("pop", 10)
    resident.ended()
    assert silent.wait().ok
    assert answering.wait().ok
    assert gone["offer_id"] == shown["offer_id"]
    assert gone["why"] == "no_answer"
    assert moved["card"]["pop"]["call_id"] == shown["call_id"]
    assert moved["card"]["pop"]["offer_id"] != shown["offer_id"]
    stopped = moments(silent, "CANCEL")[0]
    assert gone["came"] - stopped <= POP_WITHIN * SLOW


def a_desk_that_is_opened_late_shows_the_ring(quarter: Quarter) -> None:
    agent = quarter.agent("01")
    answering = quarter.phone("01").answer(ring=6.0, talk=3.0)
    with DeskSocket(agent) as desk:
        resident = quarter.caller(quarter.billing, press="4", then_hang_up=False)
        desk.wait_for("pop", 60)
    with DeskSocket(agent) as again:
        card = again.snapshot["card"]
    resident.ended()
    assert answering.wait().ok
    assert card["pop"]["caller_number"] == resident.number
    assert card["phase"] == "ringing"


STORIES: dict[Story, Wish] = {
    the_desk_shows_who_calls_while_the_phone_rings: Wish(department=1),
    the_pop_goes_when_the_ring_moves_on: Wish(ring_for=8.0),
    a_desk_that_is_opened_late_shows_the_ring: Wish(department=1),
}


@pytest.fixture(scope="module")
def quarters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quarters]:
    with playing(tmp_path_factory.mktemp("pops"), STORIES) as played:
        yield played


@pytest.mark.parametrize("story", [story.__name__ for story in STORIES])
def test_pops(quarters: Quarters, story: str) -> None:
    quarters.told(story)


def test_nobody_without_a_session_has_a_desk(quarters: Quarters) -> None:
    answer = requests.get(
        f"{quarters.house.url}/ws/desk",
        headers={
            "Origin": quarters.house.url,
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        },
        timeout=10,
    )
    assert answer.status_code == 401


def test_the_first_sound_is_hebrew_and_comes_at_once(quarters: Quarters) -> None:
    """Ten calls, one after the other; the sound is known by its fingerprint."""
    quarters.wait_for_all()
    library = load_library(quarters.house.home / "prompts")
    waits = [_first_sound(quarters, library) for _ in range(10)]
    print(f"first sound after the answer: {sorted(round(one, 3) for one in waits)} s")  # noqa: T201
    limit = FIRST_SOUND_WITHIN * SLOW
    assert statistics.quantiles(waits, n=20, method="inclusive")[-1] <= limit, waits


def _first_sound(quarters: Quarters, library: Library) -> float:
    """Call the billing line, listen for some seconds, return when the first sound came."""
    farm = quarters.house.farm
    with Listener(farm.host) as caller:
        epoch = time.time() - time.monotonic()
        running = farm.call("+97229900200", talk=5.0, listener=caller)
        assert running.wait().ok
        assert caller.first_sound is not None
        answered = moments(running, "ACK", "sent")[0]
        (first, *_rest) = listen(caller.samples(), library)
    assert first.name == "he/recording_notice"
    return caller.first_sound + epoch - answered
