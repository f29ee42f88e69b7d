"""The service is killed under callers in a menu, in a queue and in talks: nobody loses anything."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.calls.house import SLOW, House, running_house, until
from tests.calls.sipp_runner import SippResult
from tests.drills import product
from tests.drills.callers import Someone, desk_phone, let_pass, someone
from tests.drills.product import BILLING, COUNCIL

pytestmark = [pytest.mark.calls, pytest.mark.drill, pytest.mark.timeout(600)]

AGENT, QUEUE = "agent-301", "centre.centre_queue"
CENTRE = "+97239990300"  # the external one
MENUS, QUEUED = 3, 2
HEARD_AGAIN, WATCHED = 3.0, 12.0  # seconds: the limit of a test; how long ears are watched
PAUSE = 0.8  # seconds: longer than any pause within a prompt
PACKET_GAP = 0.1  # seconds without a sound that count as a gap in a talk
QUIET_MUSIC = 1.0  # the hold music itself has soft moments


Figures = Callable[[str, object], None]


@dataclass
class Drill:
    """One service killed under many callers, and all that was seen."""

    house: House
    stack: ExitStack
    talker: Someone
    outside: Someone
    menus: list[Someone] = field(default_factory=list)
    queued: list[Someone] = field(default_factory=list)
    results: dict[str, SippResult] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def everybody(self) -> list[Someone]:
        return [self.talker, self.outside, *self.menus, *self.queued]


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    with ExitStack() as stack:
        house = stack.enter_context(running_house(tmp_path_factory.mktemp("killed")))
        made = _fill(house, stack)
        _kill_and_watch(made)
        _go_on(made)
        yield made


def _fill(house: House, stack: ExitStack) -> Drill:
    """Bring callers to every kind of place."""
    house.behave(CENTRE, "answer")  # echoes what it hears, never hangs up
    desk_phone(house, stack, AGENT, calls=1 + QUEUED, tone=700)
    house.agent(AGENT).do("sign-in")
    talker = someone(house, stack, COUNCIL, tone=440)
    until(lambda: product.talk_of(house, talker.number), 25, "the talk with the agent")
    outside = someone(house, stack, BILLING, tone=500, key="3")
    made = Drill(house, stack, talker, outside)
    made.queued = [someone(house, stack, COUNCIL)]
    until(lambda: made.queued[0].is_at(house, QUEUE), 25, "the first one to wait")
    made.queued += [someone(house, stack, COUNCIL) for _ in range(QUEUED - 1)]
    made.menus = [someone(house, stack, BILLING) for _ in range(MENUS)]
    until(lambda: all(one.is_at(house, "welcome") for one in made.menus), 25, "the menus")
    until(lambda: all(one.is_at(house, QUEUE) for one in made.queued), 25, "the queue")
    until(lambda: product.talk_of(house, outside.number), 25, "the talk with the outside")
    product.wait_spare(house)
    quiet = [one.ear.quiet_since for one in made.menus]
    until(lambda: all(since() > PAUSE for since in quiet), 30, "the end of the menu's prompt")
    return made


def _kill_and_watch(made: Drill) -> None:
    times = len(product.said(made.house, "taking calls"))
    at = time.monotonic()
    made.house.kill("service")
    product.wait_taking_calls(made.house, times)
    made.seen["back after"] = time.monotonic() - at
    let_pass(at + WATCHED)
    made.seen["silence"] = {one.number: one.ear.silence(at, at + WATCHED) for one in made.everybody}
    made.seen["agent after"] = _state(made.house)
    made.house.wait_ready()


def _state(house: House) -> str:
    found = product.rows(house, "SELECT state FROM agents WHERE agent_id = ?", AGENT)
    return str(found[0]["state"])


def _go_on(made: Drill) -> None:
    """Press keys, end talks, let the queue be served, until nobody is left."""
    house = made.house
    house.behave(CENTRE, "external-centre")
    for one in made.menus:
        one.ear.press("3")
    pressed = time.monotonic()
    until(lambda: all(_left_menu(house, one) for one in made.menus), 10, "the keys to count")
    made.seen["keys count after"] = time.monotonic() - pressed
    made.seen["talked to agent"] = []
    for one in (made.talker, *made.queued):
        _end_talk(made, one)
    house.demo("hang-up", who=CENTRE)
    for one in made.everybody:
        made.results[one.number] = one.sipp.wait()


def _left_menu(house: House, one: Someone) -> bool:
    return not one.is_at(house, "welcome")


def _end_talk(made: Drill, one: Someone) -> None:
    until(lambda: product.talk_of(made.house, one.number), 30, "the next talk with the agent")
    made.seen["talked to agent"].append(one.number)
    product.other_side_hangs_up(made.house, one.number)
    until(lambda: product.outcomes_of(made.house, one.number)[0], 10, "the talk's outcome")


def test_callers_in_menus_hear_something_again(drill: Drill) -> None:
    silent = [drill.seen["silence"][one.number] for one in drill.menus]
    assert max(silent) <= HEARD_AGAIN * SLOW, silent


def test_waiting_callers_are_never_left_in_silence(drill: Drill) -> None:
    silent = [drill.seen["silence"][one.number] for one in drill.queued]
    assert max(silent) <= QUIET_MUSIC * SLOW, silent


def test_talks_go_on_untouched(drill: Drill) -> None:
    for one in (drill.talker, drill.outside):
        assert drill.seen["silence"][one.number] <= PACKET_GAP * SLOW


def test_keys_count_after_the_restart(drill: Drill) -> None:
    for one in drill.menus:
        assert drill.results[one.number].ok, drill.results[one.number].errors
        labels = [row["label"] for row in drill.house.call_of(one.number)["trace"]]
        assert "external_centre" in labels, labels


def test_the_order_of_waiting_is_kept(drill: Drill) -> None:
    assert drill.seen["talked to agent"] == [one.number for one in (drill.talker, *drill.queued)]


def test_the_agent_is_where_they_were(drill: Drill) -> None:
    assert drill.seen["agent after"] == "on_call"
    until(lambda: _state(drill.house) == "available", 20, "the agent to be free again")


def test_each_call_has_one_outcome(drill: Drill) -> None:
    for one in drill.everybody:
        assert product.outcomes_of(drill.house, one.number) == ["talked"]
    assert product.rows(drill.house, "SELECT * FROM call_positions") == []


def test_the_talk_is_as_long_as_it_was(drill: Drill) -> None:
    """Its part before the restart counts, in the call's row as in the recording."""
    call = drill.house.call_of(drill.talker.number)["call"]
    recording = _recording(drill, call["call_id"])
    assert recording["state"] == "finished"
    assert recording["agent_id"] == AGENT
    assert recording["checksum"]
    assert call["talk_seconds"] == pytest.approx(recording["seconds"], abs=2.0)
    assert recording["seconds"] >= WATCHED


def _recording(drill: Drill, call_id: str) -> dict[str, Any]:
    query = "SELECT * FROM recordings WHERE call_id = ?"

    def finished() -> list[dict[str, Any]]:
        found = product.rows(drill.house, query, call_id)
        return [row for row in found if row["state"] == "finished"]

    return until(finished, 10, "the recording to be sealed")[0]


def test_nobody_waits_for_ever_in_the_rows(drill: Drill) -> None:
    """Who waited before the restart and after it waited once."""
    found = product.rows(drill.house, "SELECT * FROM queue_entries")
    assert [row["why"] for row in found] == ["answered"] * (1 + QUEUED)


def test_nothing_is_left_in_asterisk(drill: Drill) -> None:
    product.no_channels_left(drill.house)


def test_the_service_is_back_soon(drill: Drill, record_property: Figures) -> None:
    for name in ("back after", "keys count after", "silence"):
        record_property(name, drill.seen[name])
    assert drill.seen["back after"] <= 2.0 * SLOW
