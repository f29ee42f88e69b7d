"""What desks are told, by whom it may be seen, and what comes back after a reload."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, MutableMapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from ivr.console.desk_socket import GOING_AWAY, SESSION_OVER, TOO_SLOW, DeskConnection
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
from ivr.ids import AgentId, LineName, OfferId, QueueName
from ivr.storage.offers import Offers
from ivr.storage.records import OfferRecord, User
from tests.fakes.console import AUTHORITY, CALL, NOON, OTHER, USERS, user
from tests.results import result_of
from tests.unit.ivr.console.conftest import House

OFFER_ID, AGENT_ID, QUEUE = OfferId("offer-1"), AgentId("201"), QueueName("billing")
AGENT, COLLEAGUE, LEAD = USERS[0], USERS[1], USERS[2]
OFFER = OfferMade(
    authority_id=AUTHORITY, at=NOON, offer_id=OFFER_ID, call_id=CALL, agent_id=AGENT_ID,
    queue=QUEUE, line=LineName("billing"), caller_number="+972500000101",
    choices=("billing_menu:3",), waited=61.5,
)  # fmt: skip
POP = ScreenPop(
    AUTHORITY, OFFER_ID, CALL, AGENT_ID, "billing", "billing", "+972500000101",
    ("billing_menu:3",), 61.5, NOON,
)  # fmt: skip


class Listening(DeskConnection):
    """A connection that keeps what it was told."""

    def __init__(self, who: User, ends_at: datetime | None = None) -> None:
        super().__init__(Identity(who, "token", "csrf", ends_at))
        self.told: list[dict[str, Any]] = []

    def send(self, message: bytes) -> None:
        self.told.append(json.loads(message))

    def kinds(self) -> list[str]:
        return [message["type"] for message in self.told]


Joining = Callable[..., Listening]


@pytest.fixture
def join(house: House) -> Joining:
    def joining(who: User, ends_at: datetime | None = None) -> Listening:
        connection = Listening(who, ends_at)
        result_of(house.hub.join(connection))
        return connection

    return joining


def ended(why: str) -> OfferEnded:
    return OfferEnded(
        authority_id=AUTHORITY, at=NOON, offer_id=OFFER_ID, call_id=CALL, agent_id=AGENT_ID,
        why=why,
    )  # fmt: skip


def talk_started() -> TalkStarted:
    return TalkStarted(
        authority_id=AUTHORITY, at=NOON, call_id=CALL, agent_id=AGENT_ID, queue=QUEUE
    )


def test_the_first_message_is_the_whole_state(join: Joining) -> None:
    (snapshot,) = join(AGENT).told
    assert snapshot["type"] == "snapshot"
    assert snapshot["agent"]["state"] == "signed_out"
    assert [queue["name"] for queue in snapshot["queues"]] == ["billing", "centre"]
    assert snapshot["card"] is None


def test_an_offer_is_on_the_agents_desk_at_once_and_on_no_other(
    house: House, join: Joining
) -> None:
    mine, colleague, lead = join(AGENT), join(COLLEAGUE), join(LEAD)
    house.bus.publish(OFFER)
    assert mine.told[-1]["card"]["pop"]["caller_number"] == "+972500000101"
    assert mine.told[-1]["card"]["complete"] is False
    assert "pop" not in colleague.kinds() + lead.kinds()


def test_the_screen_pop_completes_the_card(house: House, join: Joining) -> None:
    mine = join(AGENT)
    house.bus.publish(OFFER)
    house.hub.show(POP)
    assert mine.told[-1]["card"]["complete"] is True


def test_the_pop_goes_when_the_ring_moves_on(house: House, join: Joining) -> None:
    mine = join(AGENT)
    house.bus.publish(OFFER)
    house.bus.publish(ended("no_answer"))
    assert (mine.told[-1]["type"], mine.told[-1]["why"]) == ("pop_withdrawn", "no_answer")
    assert join(AGENT).told[0]["card"] is None


def test_a_pop_that_comes_after_the_ring_is_over_is_not_shown(house: House, join: Joining) -> None:
    mine = join(AGENT)
    house.bus.publish(ended("caller_gone"))
    house.hub.show(POP)
    assert "pop" not in mine.kinds()


def test_answered_then_talked_then_wrapped_up(house: House, join: Joining) -> None:
    mine = join(AGENT)
    house.bus.publish(OFFER)
    house.bus.publish(ended("answered"))
    house.bus.publish(talk_started())
    house.bus.publish(
        RecordingStateChanged(authority_id=AUTHORITY, at=NOON, call_id=CALL, state="recording")
    )
    card = join(AGENT).told[0]["card"]
    assert (card["phase"], card["recording"]) == ("talking", "recording")
    house.bus.publish(
        TalkEnded(authority_id=AUTHORITY, at=NOON, call_id=CALL, agent_id=AGENT_ID, seconds=3.0)
    )
    assert join(AGENT).told[0]["card"]["phase"] == "wrap_up"
    house.desk.put(AGENT_ID, "available")
    assert join(AGENT).told[0]["card"] is None
    assert [k for k in mine.kinds() if k in {"talk", "recording"}] == ["talk", "recording", "talk"]


def test_after_a_restart_the_call_in_hand_comes_back_from_the_storage(
    house: House, join: Joining
) -> None:
    offers = Offers(house.ports.lists._database)
    result_of(
        offers.made(
            OfferRecord(
                offer_id=OfferId("offer-7"), authority_id=AUTHORITY, call_id=CALL,
                agent_id=AGENT_ID, queue=QUEUE, made_at=NOON,
            )
        )
    )  # fmt: skip
    result_of(offers.ended(OfferId("offer-7"), "answered", NOON))
    desk = house.desk
    desk.views[AGENT_ID] = replace(desk.views[AGENT_ID], state="on_call")
    house.bus.publish(  # the recording is taken up before anybody looks
        RecordingStateChanged(authority_id=AUTHORITY, at=NOON, call_id=CALL, state="recording")
    )
    card = join(AGENT).told[0]["card"]
    assert (card["phase"], card["pop"]["call_id"]) == ("talking", CALL)
    assert card["recording"] == "recording"
    assert card["pop"]["contact"]["name"] == "רות לוי"
    assert card["pop"]["choices"] == ["billing_menu:3"]


def test_an_agents_state_reaches_the_agent_and_the_shift_lead(house: House, join: Joining) -> None:
    mine, colleague, lead = join(AGENT), join(COLLEAGUE), join(LEAD)
    house.desk.put(AGENT_ID, "paused", "break")
    assert mine.told[-1]["reason"] == lead.told[-1]["reason"] == "break"
    assert "agent" not in colleague.kinds()


def test_many_changes_of_the_queues_are_one_message(house: House, join: Joining) -> None:
    mine = join(AGENT)
    for _ in range(5):
        house.bus.publish(CallQueued(authority_id=AUTHORITY, at=NOON, call_id=CALL, queue=QUEUE))
    house.reactor.advance(0.2)
    assert mine.kinds() == ["snapshot", "queues"]


def test_lists_are_asked_for_again_at_most_every_two_seconds(house: House, join: Joining) -> None:
    mine = join(AGENT)
    for _ in range(40):
        house.bus.publish(
            CallEnded(
                authority_id=AUTHORITY, at=NOON, call_id=CALL, line=LineName("billing"),
                outcome=Outcome.TALKED, seconds=1.0,
            )
        )  # fmt: skip
    house.reactor.advance(2.1)
    assert mine.kinds() == ["snapshot", "work"]


def test_an_alarm_stays_until_it_is_cleared(house: House, join: Joining) -> None:
    house.bus.publish(AlarmRaised(authority_id=AUTHORITY, at=NOON, alarm="disk", text="full"))
    assert join(AGENT).told[0]["alarms"] == [{"alarm": "disk", "text": "full"}]
    house.bus.publish(AlarmCleared(authority_id=AUTHORITY, at=NOON, alarm="disk"))
    assert join(AGENT).told[0]["alarms"] == []


def test_another_authority_hears_nothing(house: House, join: Joining) -> None:
    stranger = join(user("stranger", "shift_lead", authority=OTHER, agent=AGENT_ID))
    house.bus.publish(OFFER)
    house.hub.show(POP)
    house.desk.put(AGENT_ID, "available")
    house.bus.publish(AlarmRaised(authority_id=AUTHORITY, at=NOON, alarm="disk", text="full"))
    house.reactor.advance(3)
    assert stranger.kinds() == ["snapshot"]
    assert stranger.told[0]["agent"] is None
    assert stranger.told[0]["queues"] == []


def test_a_beat_every_five_seconds_tells_the_page_that_it_is_connected(
    house: House, join: Joining
) -> None:
    mine = join(AGENT)
    house.hub.start()
    house.reactor.pump([5, 5])
    house.hub.stop()
    assert mine.kinds().count("beat") == 2


def test_the_desk_hears_when_its_phone_goes(house: House, join: Joining) -> None:
    mine = join(AGENT)
    house.hub.start()
    desk = house.desk
    desk.views[AGENT_ID] = replace(desk.views[AGENT_ID], phone_registered=False)
    house.reactor.advance(5)
    house.hub.stop()
    assert [m["registered"] for m in mine.told if m["type"] == "phone"] == [False]


def test_a_desk_is_closed_when_its_session_is_over(house: House, join: Joining) -> None:
    mine = join(AGENT, NOON + timedelta(hours=1))
    house.hub.start()
    house.clock.move(3601)
    house.reactor.advance(5)
    house.hub.stop()
    assert mine.close_code == SESSION_OVER


def test_a_changed_password_lets_the_own_page_reconnect_and_ends_the_others(
    house: House, join: Joining
) -> None:
    mine, elsewhere = join(AGENT), join(AGENT)
    elsewhere.who = replace(elsewhere.who, token="another")
    house.hub.close_user(AGENT.user_id, renewed="token")
    assert (mine.close_code, elsewhere.close_code) == (GOING_AWAY, SESSION_OVER)


def test_a_desk_that_does_not_keep_up_is_let_go() -> None:
    connection = DeskConnection(Identity(AGENT, "token"))
    for _ in range(70):
        connection.send(b"{}")
    assert connection.close_code == TOO_SLOW


def _first_answer(house: House, headers: dict[str, str]) -> MutableMapping[str, Any]:
    """Open the WebSocket as far as its first answer."""

    async def opening() -> MutableMapping[str, Any]:
        browser = house.browser()
        answers: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()

        async def receive() -> dict[str, Any]:
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
        ({"origin": "http://evil.test"}, 401),
        ({"origin": ""}, 401),
        ({"x-moked-service": "t" * 32}, 401),
    ],
)
def test_a_desk_without_a_session_or_from_elsewhere_is_refused_before_it_opens(
    house: House, headers: dict[str, str], status: int
) -> None:
    answer = _first_answer(house, HERE | headers)
    assert (answer["type"], answer["status"]) == ("websocket.http.response.start", status)


def test_another_site_cannot_open_a_users_desk(house: House) -> None:
    cookie = f"moked={house.browser('agent').cookies['moked']}"
    answer = _first_answer(house, HERE | {"cookie": cookie, "origin": "http://evil.test"})
    assert answer["status"] == 403
    assert _first_answer(house, HERE | {"cookie": cookie})["type"] == "websocket.accept"
