"""What may happen inside a call: moved speech, hold, late offers, odd requests, lost ACKs."""

from typing import Any

import pytest

from ivr.demo.behaviour import Behaviour
from ivr.demo.endpoint import DemoEndpoint, DemoSettings
from ivr.demo.media import MediaSession
from ivr.demo.party import Party
from ivr.demo.sdp import Direction, SessionDescription, parse_sdp, render_sdp
from ivr.demo.sip_message import Headers, SipRequest, SipResponse
from ivr.demo.sip_stack import SipStack
from ivr.demo.transactions import ServerTransaction
from tests.fakes.wire import Wire

HERE, THERE = ("127.0.0.1", 5060), ("127.0.0.2", 5062)
NUMBER = "+97239990300"


class Peer:
    """A bare SIP stack with an RTP socket that calls the demo endpoint by hand."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.wire = Wire()
        self.demo = DemoEndpoint(self.wire.reactor, DemoSettings(*HERE, *THERE))
        self.demo.start()
        self.party = Party("party", behaviour)
        self.demo.carrier.assign(NUMBER, self.party)
        self.stack = SipStack(self.wire.reactor, HERE[0], self._take)
        self.stack.listen(HERE[1])
        self.media = [self._open() for _ in range(2)]
        self.asked: list[str] = []
        self.responses: list[SipResponse] = []

    def _open(self) -> MediaSession:
        media = MediaSession(self.wire.reactor, HERE[0])
        media.open()
        return media

    def _take(self, request: SipRequest, transaction: ServerTransaction, _address: Any) -> None:
        self.asked.append(request.method)

    def request(self, method: str, cseq: int, to_tag: str = "", body: bytes = b"") -> SipResponse:
        """Send a request of the call and return its last response."""
        self.responses.clear()
        message = self.message(method, cseq, to_tag, body)
        self.stack.request(message, THERE, self.responses.append, lambda: None)
        self.wire.live(0.3)
        return self.responses[-1]

    def message(self, method: str, cseq: int, to_tag: str, body: bytes) -> SipRequest:
        tag = f";tag={to_tag}" if to_tag else ""
        fields = [
            ("Max-Forwards", "70"),
            ("From", "<sip:peer@x>;tag=peer"),
            ("To", f"<sip:{NUMBER}@y>{tag}"),
            ("Call-ID", "one"),
            ("CSeq", f"{cseq} {method}"),
            ("Contact", f"<sip:peer@{HERE[0]}:{HERE[1]}>"),
        ]
        return SipRequest(method, f"sip:{NUMBER}@{THERE[0]}", Headers(tuple(fields)), body)

    def ack(self, cseq: int, tag: str, body: bytes = b"") -> None:
        message = self.message("ACK", cseq, tag, body)
        self.stack.send(self.stack.with_via(message, f"z9hG4bKack{cseq}"), THERE)
        self.wire.live(0.1)

    def sdp(self, which: int, direction: Direction = Direction.BOTH) -> bytes:
        place = SessionDescription(HERE[0], self.media[which].port, direction=direction)
        return render_sdp(place)

    def talk(self) -> str:
        """Call, be answered, and return the tag of the other side."""
        answer = self.request("INVITE", 1, body=self.sdp(0))
        assert answer.status == 200
        tag = answer.headers.get("To").rpartition(";tag=")[2]
        self.ack(1, tag)
        return tag


@pytest.fixture
def peer() -> Peer:
    return Peer(Behaviour(answer_after=0.0, speak=30.0))


def heard(media: MediaSession) -> int:
    return media.received.packets


def test_speech_moves_to_where_a_re_invite_wants_it(peer: Peer) -> None:
    tag = peer.talk()
    answer = peer.request("INVITE", 2, tag, peer.sdp(1))
    assert answer.status == 200
    assert parse_sdp(answer.body).port
    peer.ack(2, tag)
    before = heard(peer.media[0])
    peer.wire.live(1.0)
    assert heard(peer.media[0]) == before
    assert heard(peer.media[1]) > 45


def test_who_is_put_on_hold_says_nothing_until_taken_back(peer: Peer) -> None:
    tag = peer.talk()
    answer = peer.request("INVITE", 2, tag, peer.sdp(0, Direction.SEND))
    assert parse_sdp(answer.body).direction is Direction.RECEIVE
    peer.ack(2, tag)
    before = heard(peer.media[0])
    peer.wire.live(1.0)
    assert heard(peer.media[0]) == before
    peer.request("INVITE", 3, tag, peer.sdp(0))
    peer.ack(3, tag)
    peer.wire.live(1.0)
    assert heard(peer.media[0]) > before + 45


def test_an_offer_we_cannot_take_leaves_the_call_as_it_was(peer: Peer) -> None:
    tag = peer.talk()
    assert peer.request("INVITE", 2, tag, b"v=0\r\nm=video 1 RTP/AVP 9\r\n").status == 488
    before = heard(peer.media[0])
    peer.wire.live(1.0)
    assert heard(peer.media[0]) > before + 45


@pytest.mark.parametrize(
    ("method", "status"), [("OPTIONS", 200), ("INFO", 200), ("UPDATE", 200), ("REFER", 405)]
)
def test_other_requests_inside_a_call(peer: Peer, method: str, status: int) -> None:
    tag = peer.talk()
    assert peer.request(method, 2, tag).status == status
    assert peer.request("BYE", 3, tag).status == 200
    assert [past.answered for past in peer.party.past] == [True]


@pytest.mark.parametrize(
    ("method", "status"), [("OPTIONS", 200), ("NOTIFY", 200), ("SUBSCRIBE", 405)]
)
def test_requests_outside_of_any_call(peer: Peer, method: str, status: int) -> None:
    assert peer.request(method, 1).status == status


def test_a_request_of_a_call_that_is_not_there(peer: Peer) -> None:
    assert peer.request("BYE", 1, "nobody").status == 481


def test_a_call_without_an_offer_gets_ours_and_answers_with_the_ack(peer: Peer) -> None:
    answer = peer.request("INVITE", 1)
    assert parse_sdp(answer.body).codecs
    tag = answer.headers.get("To").rpartition(";tag=")[2]
    peer.ack(1, tag, peer.sdp(1))
    peer.wire.live(1.0)
    assert heard(peer.media[1]) > 45


def test_an_offer_nobody_can_take_is_refused(peer: Peer) -> None:
    body = b"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 9\r\n"
    assert peer.request("INVITE", 1, body=body).status == 488
    assert not peer.party.current


def test_an_answer_that_nobody_acknowledges_ends_the_call(peer: Peer) -> None:
    assert peer.request("INVITE", 1, body=peer.sdp(0)).status == 200
    peer.wire.live(40.0, step=0.05)
    assert [past.ended_by for past in peer.party.past] == ["us"]


def test_after_a_delay_at_most_five_frames_are_sent_at_once(peer: Peer) -> None:
    peer.talk()
    before = heard(peer.media[0])
    peer.wire.advance(1.0)  # the reactor was held up for a second
    peer.wire.advance(0.005)
    assert heard(peer.media[0]) - before <= 6
