"""Nobody can answer: a ticket is opened, a message taken, and both reach whom they are owed to.

Each story has a copy of the default site's lines to itself; all of them are played at once. The
council's own system, to which facts are posted, is a real HTTP server that is away for a while.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import sqlite3
import time
import wave
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.calls.house import House, until
from tests.calls.quarters import (
    Quarter,
    Quarters,
    Resident,
    Story,
    Wish,
    heard,
    labels,
    on_call_is,
    playing,
    speech,
)
from tests.calls.rtp_listener import Listener
from tests.calls.webhook_receiver import Post, WebhookReceiver

pytestmark = [pytest.mark.calls, pytest.mark.timeout(600)]

SILENT, TONE = 1e-6, 440.0


def a_message_is_kept_and_the_ticket_told(quarter: Quarter) -> None:
    on_call_is(quarter, "busy")
    with speech(tone=SILENT) as caller:
        resident = quarter.caller(quarter.council, listener=caller, talk=120.0, then_hang_up=False)
        _speak_after_the_tone(resident, caller)
        call = resident.ended()
    assert call["call"]["outcome"] == "voicemail"
    assert labels(call)[-5:] == [
        "centre.message", "centre.thank", "centre.has_ticket", "centre.tell_reference",
        "centre.good_bye",
    ]  # fmt: skip
    (ticket,) = call["tickets"]
    assert ticket["department"] == "centre"
    assert resident.number in ticket["text"]
    spoken = [name for name in heard(call) if name.startswith("digit_")]
    assert spoken == [f"digit_{digit}" for digit in ticket["reference"]]
    assert "ticket_opened" in heard(call)
    _message_is_heard_by_its_owner(quarter.house, resident)


def a_message_counts_also_when_the_caller_hangs_up_in_it(quarter: Quarter) -> None:
    on_call_is(quarter, "decline")
    with speech(tone=SILENT) as caller:
        resident = quarter.caller(quarter.council, listener=caller, talk=31.0)
        _speak_after_the_tone(resident, caller)
        call = resident.ended()
    assert call["call"]["outcome"] == "voicemail"
    assert "centre.has_ticket" not in labels(call), "nobody is there to be told"
    _message_is_heard_by_its_owner(quarter.house, resident)


def somebody_who_takes_the_call_without_pressing_1_does_not_get_it(quarter: Quarter) -> None:
    on_call_is(quarter, answer_after=1.0, speak=30.0)  # like a mobile's voicemail box
    call = quarter.caller(quarter.council, talk=38.0).ended()
    assert call["call"]["talked_with"] == ""
    assert call["call"]["outcome"] == "ticket"
    assert "centre.open_ticket" in labels(call)


def silence_is_no_message_but_the_ticket_stands(quarter: Quarter) -> None:
    on_call_is(quarter, "unavailable")
    with speech(tone=SILENT) as caller:
        resident = quarter.caller(quarter.council, listener=caller, talk=150.0, then_hang_up=False)
        call = resident.ended()
    assert call["call"]["outcome"] == "ticket"
    assert labels(call)[-4:] == [
        "centre.message_again", "centre.has_ticket", "centre.tell_reference", "centre.good_bye",
    ]  # fmt: skip
    assert heard(call).count("message_empty") == 1
    assert len(call["tickets"]) == 1
    assert _messages(quarter.house, resident) == []


def _speak_after_the_tone(resident: Resident, caller: Listener) -> None:
    """Say a tone for some seconds when the message is recorded, then nothing more."""

    def reached() -> bool:
        rows = resident.house.calls_of(resident.number)
        if not rows:
            return False
        call = resident.house.ask(f"/api/calls/{rows[0]['call']['call_id']}")
        return "centre.open_ticket" in labels(call)

    until(reached, 60, "the message step")
    time.sleep(3.0)
    caller.tone = TONE  # the prompt before the tone is not heard out by everybody
    time.sleep(16.0)
    caller.tone = SILENT


def _message_is_heard_by_its_owner(house: House, resident: Resident) -> None:
    (message,) = until(lambda: _messages(house, resident), 10, "the message")
    assert message["owner"] == "centre"
    assert message["seconds"] > 3.0
    agent = house.agent("agent-301")
    items = [item for item in agent.get("/api/work") if item["kind"] == "message"]
    (item,) = [item for item in items if item["caller_number"] == resident.number]
    path = f"/api/recordings/{item['recording']}/audio?reason=message"
    answer = agent.session.get(house.url + path, timeout=30)
    answer.raise_for_status()
    with wave.open(io.BytesIO(answer.content)) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
    power = np.abs(np.fft.rfft(samples.astype(np.float64))) ** 2
    near = np.abs(np.fft.rfftfreq(len(samples), 1 / 8000) - TONE) < 20
    assert power[near].sum() > 0.5 * power.sum(), "the caller's own words"
    assert not list((house.home / "spool").rglob(f"{item['recording']}.wav")), "no clear file"


def _messages(house: House, resident: Resident) -> list[dict[str, Any]]:
    return _rows(house, "select * from messages where caller_number = ?", resident.number)


def _rows(house: House, wanted: str, *values: str) -> list[dict[str, Any]]:
    with sqlite3.connect(house.home / "db" / "moked.sqlite3", timeout=30) as database:
        database.row_factory = sqlite3.Row
        rows = [dict(row) for row in database.execute(wanted, values)]
    database.close()
    return rows


STORIES: dict[Story, Wish] = {
    a_message_is_kept_and_the_ticket_told: Wish(),
    a_message_counts_also_when_the_caller_hangs_up_in_it: Wish(),
    somebody_who_takes_the_call_without_pressing_1_does_not_get_it: Wish(),
    silence_is_no_message_but_the_ticket_stands: Wish(),
}


@pytest.fixture(scope="module")
def council() -> Iterator[WebhookReceiver]:
    receiver = WebhookReceiver()
    receiver.start()
    yield receiver
    receiver.stop()


@pytest.fixture(scope="module")
def quarters(
    tmp_path_factory: pytest.TempPathFactory, council: WebhookReceiver
) -> Iterator[Quarters]:
    settings = {
        "MOKED_CONNECTORS": '["webhook"]',
        "MOKED_WEBHOOK__URL": f"http://127.0.0.1:{council.port}/moked",
        "MOKED_WEBHOOK__ALLOW_LOOPBACK": "true",
    }
    with playing(tmp_path_factory.mktemp("messages"), STORIES, None, **settings) as played:
        yield played


@pytest.mark.parametrize("story", [story.__name__ for story in STORIES])
def test_messages(quarters: Quarters, story: str) -> None:
    quarters.told(story)


def test_facts_arrive_signed_at_the_councils_own_system(
    quarters: Quarters, council: WebhookReceiver
) -> None:
    secret = quarters.house.secret("webhook").encode()

    def arrived() -> bool:
        return {"ticket_opened", "message_left", "call_ended"} <= {
            post.headers["x-moked-event"] for post in council.posts
        }

    until(arrived, 10, "all kinds of facts")
    for post in council.posts:
        _is_signed(post, secret)
    keys = [post.headers["idempotency-key"] for post in council.posts]
    assert len(keys) == len(set(keys)), "each once, when nothing fails"


def _is_signed(post: Post, secret: bytes) -> None:
    signature = dict(part.split("=", 1) for part in post.headers["x-moked-signature"].split(","))
    signed = signature["t"].encode() + b"." + post.body
    assert signature["v1"] == hmac.new(secret, signed, hashlib.sha256).hexdigest()
    assert abs(int(signature["t"]) - time.time()) < 600


def test_a_system_that_is_away_delays_nothing_and_loses_nothing(
    quarters: Quarters, council: WebhookReceiver
) -> None:
    house = quarters.house
    council.stop()
    agent = house.agent("agent-301")
    body = {"subject": "תאורה ברחוב", "number": "0501110001", "department": "centre", "key": "k1"}
    began = time.monotonic()
    ticket = agent.post("/api/tickets", body)
    assert time.monotonic() - began < 5
    assert agent.post("/api/tickets", body)["reference"] == ticket["reference"], "opened once"
    resident = Resident(house, *_abandoned(house))
    assert resident.ended()["call"]["outcome"] == "abandoned"
    wanted = "select * from outbox where state = 'waiting' and attempts > 0"
    until(lambda: _rows(house, wanted), 10, "a first try that failed")
    council.start()

    def arrived() -> bool:
        return any(ticket["reference"] in post.body.decode() for post in council.posts)

    until(arrived, 60, "the ticket, once the system is back")
    until(lambda: not _rows(house, "select * from outbox where state = 'waiting'"), 60, "the rest")
    of_ticket = [post for post in council.posts if ticket["reference"] in post.body.decode()]
    assert len({json.dumps(post.headers["idempotency-key"]) for post in of_ticket}) == 1


def _abandoned(house: House) -> tuple[str, Any]:
    number = "+972581234567"
    return number, house.farm.call("+97229900200", caller=number, talk=3.0)
