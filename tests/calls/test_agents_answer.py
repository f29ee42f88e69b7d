"""Agents take calls of their department: who is rung, who talks, what is kept of it.

Each story has a copy of the default site's lines to itself; all of them are played at once.
"""

from __future__ import annotations

import io
import sqlite3
import time
import wave
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from ivr.secret_files import SecretFiles
from ivr.storage.vault import Vault, checksum_of
from tests.calls.house import PHONE_HOST, SLOW, House, until
from tests.calls.quarters import (
    Quarter,
    Quarters,
    Story,
    Wish,
    heard,
    labels,
    moments,
    playing,
    speech,
)

pytestmark = [pytest.mark.calls, pytest.mark.timeout(600)]

CALLER_TONE, AGENT_TONE = 440.0, 1000.0


def a_talk_is_heard_on_both_sides_and_kept(quarter: Quarter) -> None:
    agent = quarter.agent("01")
    with speech(tone=CALLER_TONE) as caller, speech(host=PHONE_HOST, tone=AGENT_TONE) as desk:
        phone = quarter.phone("01").answer(ring=1.0, talk=8.0, speech=desk)
        resident = quarter.caller(quarter.billing, press="4", listener=caller, then_hang_up=False)
        until(lambda: agent.state == "on_call", 40, "the agent's talk")
        call = resident.ended()
        assert phone.wait().ok
    assert agent.state in {"wrap_up", "available"}
    until(lambda: agent.state == "available", 5, "the end of wrap-up")
    assert call["call"]["outcome"] == "talked"
    assert call["call"]["talked_with"] == quarter.name("01")
    assert labels(call)[-1] == "department_queue"
    assert 6.0 < call["call"]["talk_seconds"] < 8.0 + 2 * SLOW
    assert desk.packets > 250
    assert desk.level() > -40
    assert desk.loudness_of(CALLER_TONE) > 0.5
    assert caller.loudness_of(AGENT_TONE) > 0.1  # beside the prompts heard before
    _is_kept(quarter.house, call)


def _is_kept(house: House, call: dict[str, Any]) -> None:
    """The recording is sealed; opened, it is what was said, as long as the talk was."""
    row = until(lambda: _recording(house, call["call"]["call_id"]), 10, "the sealed recording")
    assert row["queue"].startswith("billing_")
    assert row["agent_id"] == call["call"]["talked_with"]
    assert abs(row["seconds"] - call["call"]["talk_seconds"]) < 1.0 + 0.2 * SLOW
    sealed = house.home / "recordings" / row["path"]
    assert b"RIFF" not in sealed.read_bytes()
    vault = Vault(SecretFiles(house.home / "secrets").get)
    assert checksum_of(vault.open_range(sealed, row["wrapped_key"])) == row["checksum"]
    plain = b"".join(vault.open_range(sealed, row["wrapped_key"]))
    with wave.open(io.BytesIO(plain)) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
    power = np.abs(np.fft.rfft(samples.astype(np.float64))) ** 2
    tones = np.fft.rfftfreq(len(samples), 1 / 8000)
    for tone in (CALLER_TONE, AGENT_TONE):
        assert power[np.abs(tones - tone) < 20].sum() > 0.1 * power.sum(), tone
    clear = house.home / "spool" / "asterisk"
    assert not list(clear.rglob(f"{row['name']}.wav"))


def _recording(house: House, call_id: str) -> dict[str, Any] | None:
    with sqlite3.connect(house.home / "db" / "moked.sqlite3", timeout=30) as database:
        database.row_factory = sqlite3.Row
        wanted = "select * from recordings where call_id = ? and state = 'finished'"
        row = database.execute(wanted, (call_id,)).fetchone()
    database.close()
    return dict(row) if row else None


def a_busy_agent_is_passed_over_and_the_longest_idle_is_asked_first(quarter: Quarter) -> None:
    first = quarter.agent("01")
    quarter.agent("02")
    refusing = quarter.phone("01").refuse(486)
    answering = quarter.phone("02").answer(talk=3.0)
    call = quarter.caller(quarter.billing, press="4", then_hang_up=False).ended()
    assert refusing.wait().ok
    assert answering.wait().ok
    assert call["call"]["talked_with"] == quarter.name("02")
    assert moments(refusing, "INVITE")[0] < moments(answering, "INVITE")[0]
    assert first.state == "available"


def agents_who_reject_are_passed_over(quarter: Quarter) -> None:
    for desk in ("01", "02", "03"):
        quarter.agent(desk)
    refusing = [quarter.phone("01").refuse(603), quarter.phone("02").refuse(403)]
    answering = quarter.phone("03").answer(talk=3.0)
    call = quarter.caller(quarter.billing, press="4", then_hang_up=False).ended()
    assert answering.wait().ok
    assert call["call"]["talked_with"] == quarter.name("03")
    assert all(one.wait().ok for one in refusing)


def a_phone_that_is_not_there_is_passed_over(quarter: Quarter) -> None:
    quarter.signed_in("01")  # signed in at the console, with no phone registered
    quarter.agent("02")
    answering = quarter.phone("02").answer(talk=3.0)
    call = quarter.caller(quarter.billing, press="4", then_hang_up=False).ended()
    assert answering.wait().ok
    assert call["call"]["talked_with"] == quarter.name("02")


def the_next_agent_is_rung_when_the_first_does_not_answer(quarter: Quarter) -> None:
    quarter.agent("01")
    quarter.agent("02")
    silent = quarter.phone("01").ignore(ring=20.0)
    answering = quarter.phone("02").answer(talk=3.0)
    call = quarter.caller(quarter.billing, press="4", then_hang_up=False).ended()
    assert silent.wait().ok
    assert answering.wait().ok
    assert call["call"]["talked_with"] == quarter.name("02")
    rang = moments(silent, "CANCEL")[0] - moments(silent, "INVITE")[0]
    assert 7.0 < rang < 8.0 + SLOW


def two_callers_share_one_agent_in_the_order_they_came(quarter: Quarter) -> None:
    quarter.agent("01")
    with speech(tone=CALLER_TONE) as waiting:
        # The phone rings long enough for the second one to be second in line.
        phone = quarter.phone("01").answer(ring=9.0, talk=4.0, calls=2)
        first = quarter.caller(quarter.billing, press="4", then_hang_up=False)
        time.sleep(3.0)
        second = quarter.caller(quarter.billing, press="4", listener=waiting, then_hang_up=False)
        one, two = first.ended(), second.ended()
        assert phone.wait().ok
    assert [one["call"]["outcome"], two["call"]["outcome"]] == ["talked", "talked"]
    assert one["call"]["ended_at"] < two["call"]["ended_at"]
    assert two["waited"] > one["waited"]
    assert {"queue_you_are_number", "place_2", "queue_in_line"} <= set(heard(two))
    before_talk = waiting.samples()[: -9 * 8000]  # the agent's phone says nothing in the talk
    assert _longest_silence(before_talk) < 3.0, "hold music is heard while one waits"


def _longest_silence(samples: np.ndarray[Any, Any]) -> float:
    """Return the longest time without any sound, in seconds."""
    frames = np.abs(samples[: len(samples) // 800 * 800].reshape(-1, 800)).max(axis=1) < 100
    longest = run = 0
    for silent in frames:
        run = run + 1 if silent else 0
        longest = max(longest, run)
    return longest / 10


def an_agent_can_hang_up_at_the_desk(quarter: Quarter) -> None:
    agent = quarter.agent("01")
    phone = quarter.phone("01").answer(talk=60.0)
    resident = quarter.caller(quarter.billing, press="4", then_hang_up=False)
    until(lambda: agent.state == "on_call", 40, "the talk")
    row = quarter.house.calls_of(resident.number)[0]["call"]
    agent.post(f"/api/calls/{row['call_id']}/recording/pause", {"reason": "כרטיס אשראי"})
    agent.post(f"/api/calls/{row['call_id']}/recording/resume")
    agent.post(f"/api/calls/{row['call_id']}/hang-up")
    call = resident.ended()
    assert phone.wait().ok
    assert call["call"]["outcome"] == "talked"
    assert moments(phone, "BYE"), "the agent's phone is hung up"


def a_paused_agent_is_not_rung(quarter: Quarter) -> None:
    paused = quarter.agent("01")
    quarter.agent("02")
    paused.do("pause", {"reason": "הפסקה"})
    answering = quarter.phone("02").answer(talk=3.0)
    call = quarter.caller(quarter.billing, press="0", then_hang_up=False).ended()
    assert answering.wait().ok
    assert call["call"]["talked_with"] == quarter.name("02")
    assert paused.state == "paused"


STORIES: dict[Story, Wish] = {
    a_talk_is_heard_on_both_sides_and_kept: Wish(),
    a_busy_agent_is_passed_over_and_the_longest_idle_is_asked_first: Wish(),
    agents_who_reject_are_passed_over: Wish(department=3),
    a_phone_that_is_not_there_is_passed_over: Wish(),
    the_next_agent_is_rung_when_the_first_does_not_answer: Wish(ring_for=8.0),
    two_callers_share_one_agent_in_the_order_they_came: Wish(
        edit=lambda _name, text: text.replace("wait: 25", "wait: 60")
    ),
    an_agent_can_hang_up_at_the_desk: Wish(),
    a_paused_agent_is_not_rung: Wish(),
}


@pytest.fixture(scope="module")
def quarters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quarters]:
    with playing(tmp_path_factory.mktemp("answer"), STORIES) as played:
        yield played


@pytest.mark.parametrize("story", [story.__name__ for story in STORIES])
def test_agents(quarters: Quarters, story: str) -> None:
    quarters.told(story)
