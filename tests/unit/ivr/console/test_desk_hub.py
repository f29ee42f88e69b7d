"""What desks are told, by whom it may be seen, and what comes back after a reload."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from ivr.console.desk_socket import SESSION_OVER, TOO_SLOW, DeskConnection
from ivr.console.sign_in import Identity
from ivr.crm import ScreenPop
from ivr.events import (
    AlarmCleared,
    AlarmRaised,
    CallEnded,
    CallQueued,
    OfferEnded,
    OfferMade,
    Outcome,
    RecordingStateChanged,
    TalkEnded,
    TalkStarted,
)
from ivr.storage.offers import Offers
from ivr.storage.records import OfferRecord
from tests.fakes.console import AUTHORITY, NOON, OTHER, USERS, user
from tests.results import result_of

AGENT, COLLEAGUE, LEAD = USERS[0], USERS[1], USERS[2]
OFFER = OfferMade(
    authority_id=AUTHORITY, at=NOON, offer_id="offer-1", call_id="call-1", agent_id="201",
    queue="billing", line="billing", caller_number="+972500000101",
    choices=("billing_menu:3",), waited=61.5,
)  # fmt: skip
POP = ScreenPop(
    AUTHORITY, "offer-1", "call-1", "201", "billing", "billing", "+972500000101",
    ("billing_menu:3",), 61.5, NOON,
)  # fmt: skip


class Listening(DeskConnection):
    """A connection that keeps what it was told."""

    def __init__(self, who, ends_at=None):
        super().__init__(Identity(who, "token", "csrf", ends_at))
        self.told: list[dict] = []

    def send(self, message):
        self.told.append(json.loads(message))

    def kinds(self):
        return [message["type"] for message in self.told]


@pytest.fixture
def join(house):
    def joining(who, ends_at=None):
        connection = Listening(who, ends_at)
        result_of(house.hub.join(connection))
        return connection

    return joining


def ended(why):
    return OfferEnded(
        authority_id=AUTHORITY, at=NOON, offer_id="offer-1", call_id="call-1", agent_id="201",
        why=why,
    )  # fmt: skip


def talk_started():
    return TalkStarted(
        authority_id=AUTHORITY, at=NOON, call_id="call-1", agent_id="201", queue="billing"
    )


def test_the_first_message_is_the_whole_state(join):
    (snapshot,) = join(AGENT).told
    assert snapshot["type"] == "snapshot"
    assert snapshot["agent"]["state"] == "signed_out"
    assert [queue["name"] for queue in snapshot["queues"]] == ["billing", "centre"]
    assert snapshot["card"] is None


def test_an_offer_is_on_the_agents_desk_at_once_and_on_no_other(house, join):
    mine, colleague, lead = join(AGENT), join(COLLEAGUE), join(LEAD)
    house.bus.publish(OFFER)
    assert mine.told[-1]["card"]["pop"]["caller_number"] == "+972500000101"
    assert mine.told[-1]["card"]["complete"] is False
    assert "pop" not in colleague.kinds() + lead.kinds()


def test_the_screen_pop_completes_the_card(house, join):
    mine = join(AGENT)
    house.bus.publish(OFFER)
    house.hub.show(POP)
    assert mine.told[-1]["card"]["complete"] is True


def test_the_pop_goes_when_the_ring_moves_on(house, join):
    mine = join(AGENT)
    house.bus.publish(OFFER)
    house.bus.publish(ended("no_answer"))
    assert (mine.told[-1]["type"], mine.told[-1]["why"]) == ("pop_withdrawn", "no_answer")
    assert join(AGENT).told[0]["card"] is None


def test_a_pop_that_comes_after_the_ring_is_over_is_not_shown(house, join):
    mine = join(AGENT)
    house.bus.publish(ended("caller_gone"))
    house.hub.show(POP)
    assert "pop" not in mine.kinds()


def test_answered_then_talked_then_wrapped_up(house, join):
    mine = join(AGENT)
    house.bus.publish(OFFER)
    house.bus.publish(ended("answered"))
    house.bus.publish(talk_started())
    house.bus.publish(
        RecordingStateChanged(authority_id=AUTHORITY, at=NOON, call_id="call-1", state="recording")
    )
    card = join(AGENT).told[0]["card"]
    assert (card["phase"], card["recording"]) == ("talking", "recording")
    house.bus.publish(
        TalkEnded(authority_id=AUTHORITY, at=NOON, call_id="call-1", agent_id="201", seconds=3.0)
    )
    assert join(AGENT).told[0]["card"]["phase"] == "wrap_up"
    house.ports.desk.put("201", "available")
    assert join(AGENT).told[0]["card"] is None
    assert [k for k in mine.kinds() if k in {"talk", "recording"}] == ["talk", "recording", "talk"]


def test_after_a_restart_the_call_in_hand_comes_back_from_the_storage(house, join):
    offers = Offers(house.ports.lists._database)
    result_of(
        offers.made(
            OfferRecord(
                offer_id="offer-7", authority_id=AUTHORITY, call_id="call-1", agent_id="201",
                queue="billing", made_at=NOON,
            )
        )
    )  # fmt: skip
    result_of(offers.ended("offer-7", "answered", NOON))
    desk = house.ports.desk
    desk.views["201"] = replace(desk.views["201"], state="on_call")
    card = join(AGENT).told[0]["card"]
    assert (card["phase"], card["pop"]["call_id"]) == ("talking", "call-1")
    assert card["pop"]["contact"]["name"] == "רות לוי"
    assert card["pop"]["choices"] == ["billing_menu:3"]


def test_an_agents_state_reaches_the_agent_and_the_shift_lead(house, join):
    mine, colleague, lead = join(AGENT), join(COLLEAGUE), join(LEAD)
    house.ports.desk.put("201", "paused", "break")
    assert mine.told[-1]["reason"] == lead.told[-1]["reason"] == "break"
    assert "agent" not in colleague.kinds()


def test_many_changes_of_the_queues_are_one_message(house, join):
    mine = join(AGENT)
    for _ in range(5):
        house.bus.publish(
            CallQueued(authority_id=AUTHORITY, at=NOON, call_id="call-1", queue="billing")
        )
    house.reactor.advance(0.2)
    assert mine.kinds() == ["snapshot", "queues"]


def test_lists_are_asked_for_again_at_most_every_two_seconds(house, join):
    mine = join(AGENT)
    for _ in range(40):
        house.bus.publish(
            CallEnded(
                authority_id=AUTHORITY, at=NOON, call_id="call-1", line="billing",
                outcome=Outcome.TALKED, seconds=1.0,
            )
        )  # fmt: skip
    house.reactor.advance(2.1)
    assert mine.kinds() == ["snapshot", "work"]


def test_an_alarm_stays_until_it_is_cleared(house, join):
    house.bus.publish(AlarmRaised(authority_id=AUTHORITY, at=NOON, alarm="disk", text="full"))
    assert join(AGENT).told[0]["alarms"] == [{"alarm": "disk", "text": "full"}]
    house.bus.publish(AlarmCleared(authority_id=AUTHORITY, at=NOON, alarm="disk"))
    assert join(AGENT).told[0]["alarms"] == []


def test_another_authority_hears_nothing(house, join):
    stranger = join(user("stranger", "shift_lead", authority=OTHER, agent="201"))
    house.bus.publish(OFFER)
    house.hub.show(POP)
    house.ports.desk.put("201", "available")
    house.bus.publish(AlarmRaised(authority_id=AUTHORITY, at=NOON, alarm="disk", text="full"))
    house.reactor.advance(3)
    assert stranger.kinds() == ["snapshot"]
    assert stranger.told[0]["agent"] is None
    assert stranger.told[0]["queues"] == []


def test_a_beat_every_five_seconds_tells_the_page_that_it_is_connected(house, join):
    mine = join(AGENT)
    house.hub.start()
    house.reactor.pump([5, 5])
    house.hub.stop()
    assert mine.kinds().count("beat") == 2


def test_the_desk_hears_when_its_phone_goes(house, join):
    mine = join(AGENT)
    house.hub.start()
    desk = house.ports.desk
    desk.views["201"] = replace(desk.views["201"], phone_registered=False)
    house.reactor.advance(5)
    house.hub.stop()
    assert [m["registered"] for m in mine.told if m["type"] == "phone"] == [False]


def test_a_desk_is_closed_when_its_session_is_over(house, join):
    mine = join(AGENT, NOON + timedelta(hours=1))
    house.hub.start()
    house.clock.move(3601)
    house.reactor.advance(5)
    house.hub.stop()
    assert mine.close_code == SESSION_OVER


def test_a_desk_that_does_not_keep_up_is_let_go():
    connection = DeskConnection(Identity(AGENT, "token"))
    for _ in range(70):
        connection.send(b"{}")
    assert connection.close_code == TOO_SLOW


def _first_answer(house, headers):
    """Open the WebSocket as far as its first answer."""

    async def opening():
        browser = house.browser()
        answers: asyncio.Queue = asyncio.Queue()

        async def receive():
            return {"type": "websocket.connect"}

        scope = browser.scope("websocket", "/ws/desk", headers) | {
            "scheme": "ws",
            "subprotocols": [],
        }
        opened = asyncio.ensure_future(house.app(scope, receive, answers.put))
        answer = await asyncio.wait_for(answers.get(), 1)
        opened.cancel()
        return answer

    return asyncio.run(opening())


HERE = {"host": "moked.test", "origin": "http://moked.test"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"cookie": "moked=guess"}, 401),
        ({"origin": "http://evil.test"}, 403),
        ({"origin": ""}, 403),
        ({"x-moked-service": "t" * 32}, 401),
    ],
)
def test_a_desk_without_a_session_or_from_elsewhere_is_refused_before_it_opens(
    house, headers, status
):
    answer = _first_answer(house, HERE | headers)
    assert (answer["type"], answer["status"]) == ("websocket.http.response.start", status)


def test_another_site_cannot_open_a_users_desk(house):
    cookie = f"moked={house.browser('agent').cookies['moked']}"
    answer = _first_answer(house, HERE | {"cookie": cookie, "origin": "http://evil.test"})
    assert answer["status"] == 403
    assert _first_answer(house, HERE | {"cookie": cookie})["type"] == "websocket.accept"
