"""The service hangs, then dies together with its supervisor: callers are served all the same."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.calls.house import SLOW, House, _moked, running_house, until
from tests.drills import product
from tests.drills.callers import Someone, desk_phone, let_pass, someone
from tests.drills.product import BILLING, COUNCIL

pytestmark = [pytest.mark.calls, pytest.mark.drill, pytest.mark.timeout(600)]

HUNG = 6.0  # seconds from the hang until callers hear something again
WATCHED = 20.0
PAUSE = 0.8  # seconds: longer than any pause within a prompt
LEASE, APOLOGY = 15.0, 7.1
PACKET_GAP, QUIET_MUSIC = 0.1, 1.0  # seconds; the hold music has soft moments
WAITING = "centre.centre_queue"
Figures = Callable[[str, object], None]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("hung")) as running:
        yield running


def test_hung_service_is_replaced_under_its_callers(house: House, record_property: Figures) -> None:
    with ExitStack() as stack:
        menus = [someone(house, stack, BILLING) for _ in range(2)]
        until(lambda: all(one.is_at(house, "welcome") for one in menus), 25, "the menus")
        product.wait_spare(house)
        until(lambda: all(one.ear.quiet_since() > PAUSE for one in menus), 30, "the menu's end")
        times = len(product.said(house, "taking calls"))
        at = time.monotonic()
        house.kill("service", signal.SIGSTOP)
        new = someone(house, stack, BILLING)
        let_pass(at + WATCHED)
        product.wait_taking_calls(house, times)
        silent = [one.ear.silence(at, at + WATCHED) for one in menus]
        record_property("silence", silent)
        assert max(silent) <= HUNG * SLOW
        assert new.ear.first_sound is not None, "a call that came meanwhile heard nothing"
        record_property("new call heard after", new.ear.first_sound - at)
        assert new.ear.first_sound - at <= HUNG * SLOW
        for one in menus:
            one.ear.press("3")
        until(lambda: all(product.talk_of(house, one.number) for one in menus), 20, "the talks")
        for one in menus:
            assert one.sipp.wait().ok
            assert house.call_of(one.number)["call"]["outcome"] == "talked"
            assert product.outcomes_of(house, one.number) == ["talked"]
        _hang_up(house, new.number)


def test_hung_service_leaves_talks_and_waiting_callers_in_peace(
    house: House, record_property: Figures
) -> None:
    house.wait_ready()
    agent = house.agent("agent-302")
    with ExitStack() as stack:
        desk_phone(house, stack, "agent-302", calls=2, tone=600)
        agent.do("sign-in")
        talker = someone(house, stack, COUNCIL, tone=440)
        until(lambda: product.talk_of(house, talker.number), 25, "the talk")
        waiting = someone(house, stack, COUNCIL, tone=500)
        until(lambda: waiting.is_at(house, WAITING), 25, "the second caller to wait")
        product.wait_spare(house)
        times = len(product.said(house, "taking calls"))
        at = time.monotonic()
        house.kill("service", signal.SIGSTOP)
        let_pass(at + WATCHED)
        product.wait_taking_calls(house, times)
        silent = {one.number: one.ear.silence(at, at + WATCHED) for one in (talker, waiting)}
        record_property("silence", list(silent.values()))
        assert silent[talker.number] <= PACKET_GAP * SLOW, "the talk had a gap"
        assert silent[waiting.number] <= QUIET_MUSIC * SLOW, "nothing was heard while waiting"
        for one in (talker, waiting):
            _talks_and_ends(house, one)
        until(lambda: agent.state == "available", 20, "the agent to be free again")
        agent.do("sign-out")


def test_without_supervisor_callers_reach_a_person(house: House, record_property: Figures) -> None:
    house.wait_ready()
    with ExitStack() as stack:
        busy = desk_phone(house, stack, "agent-303", calls=1, tone=600)
        house.agent("agent-303").do("sign-in")
        talker = someone(house, stack, COUNCIL, tone=440)
        until(lambda: product.talk_of(house, talker.number), 25, "the talk")
        waiting = someone(house, stack, COUNCIL, tone=500)
        until(lambda: waiting.is_at(house, WAITING), 25, "the second caller to wait")
        person = desk_phone(house, stack, "agent-301", calls=1, tone=700)
        at = time.monotonic()
        os.kill(_supervisor(house), signal.SIGKILL)
        house.kill("service")
        until(lambda: person.ear.packets > 0, LEASE + APOLOGY, "the centre's phone to be reached")
        took = time.monotonic() - at
        record_property("person reached after", took)
        assert took <= LEASE + APOLOGY + 2.0 * SLOW
        until(lambda: waiting.ear.loudness_of(700) > 0.01, 5, "the caller to hear the person")
        _up_again(house)
        until(lambda: product.outcomes_of(house, waiting.number)[0], 10, "an outcome")
        assert product.outcomes_of(house, waiting.number) == ["failsafe"]
        assert talker.ear.silence(at, time.monotonic()) <= 0.1 * SLOW, "the talk had a gap"
        assert busy.sipp.is_running
        product.other_side_hangs_up(house, talker.number)
        assert talker.sipp.wait().ok
        until(lambda: product.outcomes_of(house, talker.number)[0], 10, "the talk's outcome")
        assert product.outcomes_of(house, talker.number) == ["talked"]
        waiting.sipp.stop()


def _talks_and_ends(house: House, one: Someone) -> None:
    until(lambda: product.talk_of(house, one.number), 30, "the talk")
    product.other_side_hangs_up(house, one.number)
    until(lambda: product.outcomes_of(house, one.number)[0], 10, "its outcome")
    assert product.outcomes_of(house, one.number) == ["talked"]


def _hang_up(house: House, caller: str) -> None:
    """End the call of *caller*, who waits in Asterisk's own queue: a phone must not ring for it."""
    for channel in product.channels(house):
        if channel["caller"]["number"] == caller:
            product.ari(house, "DELETE", f"channels/{channel['id']}")
    product.no_channels_left(house)


def _supervisor(house: House) -> int:
    return int(json.loads((house.home / "run" / "status.json").read_text())["supervisor"])


def _up_again(house: House) -> None:
    before = house.pid("asterisk")
    started = _moked(house.home, "up", "--detach")
    assert started.returncode == 0, started.stdout + started.stderr
    assert house.pid("asterisk") == before, "a running Asterisk is adopted"
