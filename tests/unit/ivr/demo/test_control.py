import json
from typing import Any

import pytest
from twisted.internet.defer import Deferred

from ivr.demo.behaviour import BUSY, NAMED
from ivr.demo.control import DemoControl
from ivr.demo.endpoint import DemoEndpoint, DemoSettings
from ivr.demo.sip_message import Headers, SipRequest
from ivr.demo.sip_stack import SipStack
from ivr.demo.transactions import ServerTransaction, response_to
from tests.fakes.wire import Wire

CHALLENGE = 'Digest realm="asterisk", nonce="n1", algorithm=SHA-256, qop="auth"'


class Registrar:
    """Challenges every REGISTER once, then takes it."""

    def __init__(self, wire: Wire) -> None:
        self.expires: list[str] = []
        self.status = 200
        self.stack = SipStack(wire.reactor, "127.0.0.1", self._take)
        self.stack.listen(5060)

    def _take(self, request: SipRequest, transaction: ServerTransaction, _address: Any) -> None:
        authorized = request.headers.get("Authorization")
        response = response_to(request, self.status if authorized else 401, "t")
        if not authorized:
            fields = (*response.headers.fields, ("WWW-Authenticate", CHALLENGE))
            response = type(response)(401, "Unauthorized", Headers(fields))
        else:
            self.expires.append(request.headers.get("Expires"))
        transaction.respond(response)


class House:
    def __init__(self) -> None:
        self.wire = Wire()
        settings = DemoSettings("127.0.0.1", 5060, "127.0.0.2", 5062, phones={"agent-301": "x"})
        self.registrar = Registrar(self.wire)
        self.endpoint = DemoEndpoint(self.wire.reactor, settings)
        self.endpoint.start()
        self.control = DemoControl(self.endpoint)

    def ask(self, **command: Any) -> dict[str, Any]:
        line = json.dumps(command).encode()
        reply = self.wire.until(Deferred.fromCoroutine(self.control.answer(line)))
        answer: dict[str, Any] = json.loads(reply)
        return answer


@pytest.fixture
def house() -> House:
    return House()


def test_a_phone_signs_in_is_refreshed_and_signs_out(house: House) -> None:
    assert house.ask(do="sign-in", phone="301") == {"ok": True, "state": "signed in"}
    house.wire.live(125.0, step=0.5)
    assert house.ask(do="sign-out", phone="301") == {"ok": True, "state": "signed out"}
    house.wire.live(300.0, step=0.5)
    assert house.registrar.expires == ["120", "120", "120", "0"]


def test_a_refused_phone_says_so_and_tries_again(house: House) -> None:
    house.registrar.status = 403
    assert house.ask(do="sign-in", phone="301") == {"ok": True, "state": "refused"}
    house.registrar.status = 200
    house.wire.live(6.0)
    phones = house.ask(do="status")["phones"]
    assert phones == {"agent-301": {"state": "signed in", "calls": 0}}


def test_a_new_phone_can_be_brought(house: House) -> None:
    assert house.ask(do="sign-in", phone="302", password="y")["ok"]
    assert "agent-302" in house.endpoint.phones


def test_behaviour_by_name_and_in_full(house: House) -> None:
    assert house.ask(do="behave", who="301", named="busy")["ok"]
    assert house.endpoint.phones["agent-301"].behaviour == BUSY
    assert house.ask(do="behave", who="0501112233", behaviour={"answer_after": None})["ok"]
    party = house.endpoint.carrier.party_at("+972501112233")
    assert party is not None
    assert party.behaviour == NAMED["ignore"]


@pytest.mark.parametrize(
    "command",
    [
        {"do": "behave", "who": "301", "named": "rude"},
        {"do": "behave", "who": "nobody", "named": "busy"},
        {"do": "behave", "who": "301", "behaviour": {"refuse_with": 200}},
        {"do": "behave", "who": "301", "behaviour": {"unknown": 1}},
        {"do": "sign-in", "phone": "999"},
        {"do": "hang-up", "who": "999"},
        {"do": "nonsense"},
        {},
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(house: House, command: Any) -> None:
    answer = house.ask(**command)
    assert answer["ok"] is False
    assert answer["why"]


def test_rubbish_is_answered(house: House) -> None:
    for line in (b"", b"\xff", b"[]", b"{"):
        reply = house.wire.until(Deferred.fromCoroutine(house.control.answer(line)))
        assert json.loads(reply)["ok"] is False


def test_a_phone_dials_is_listed_presses_and_hangs_up(house: House) -> None:
    assert house.ask(do="dial", phone="301", number="100")["call_id"]
    assert house.ask(do="status")["phones"]["agent-301"]["calls"] == 1
    assert house.ask(do="press", who="301", digits="x")["ok"] is False
    assert house.ask(do="hang-up", who="301")["hung_up"] == 1
