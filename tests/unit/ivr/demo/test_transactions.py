import pytest
from twisted.internet.task import Clock

from ivr.demo.sip_message import Headers, SipMessage, SipRequest, SipResponse
from ivr.demo.transactions import ClientTransaction, ServerTransaction, State, response_to


def request(method: str) -> SipRequest:
    fields = (
        ("Via", "SIP/2.0/UDP 127.0.0.1:1;branch=z9hG4bK1"),
        ("From", "<sip:a@b>;tag=1"),
        ("To", "<sip:c@d>"),
        ("Call-ID", "x"),
        ("CSeq", f"7 {method}"),
    )
    return SipRequest(method, "sip:c@d", Headers(fields))


class Client:
    def __init__(self, method: str) -> None:
        self.clock = Clock()
        self.sent: list[tuple[float, SipMessage]] = []
        self.responses: list[int] = []
        self.timeouts = 0
        self.ended = 0
        self.request = request(method)
        self.transaction = ClientTransaction(
            self.clock,
            lambda message: self.sent.append((self.clock.seconds(), message)),
            self.request,
            lambda response: self.responses.append(response.status),
            self._timed_out,
            self._end,
        )
        self.transaction.start()

    def _timed_out(self) -> None:
        self.timeouts += 1

    def _end(self) -> None:
        self.ended += 1

    def receive(self, status: int) -> None:
        self.transaction.receive(response_to(self.request, status, "tag"))

    def pass_time(self, seconds: float) -> None:
        self.clock.pump([0.1] * round(seconds * 10))

    @property
    def times(self) -> list[float]:
        return [round(at, 1) for at, _ in self.sent]

    @property
    def methods(self) -> list[str]:
        return [m.method for _, m in self.sent if isinstance(m, SipRequest)]


def test_an_invite_is_sent_at_doubling_intervals_and_given_up_after_32_s() -> None:
    client = Client("INVITE")
    client.pass_time(40)
    assert client.times == pytest.approx([0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5], abs=0.25)
    assert (client.timeouts, client.ended, client.responses) == (1, 1, [])


def test_other_requests_are_sent_every_4_s_at_most() -> None:
    client = Client("BYE")
    client.pass_time(40)
    assert client.times[:6] == pytest.approx([0, 0.5, 1.5, 3.5, 7.5, 11.5], abs=0.21)
    assert client.timeouts == 1


def test_a_ringing_invite_is_not_sent_again_and_never_given_up() -> None:
    client = Client("INVITE")
    client.receive(100)
    client.receive(180)
    client.pass_time(120)
    assert client.times == [0.0]
    assert (client.timeouts, client.responses) == (0, [100, 180])


def test_a_refusal_is_acknowledged_each_time_it_comes_but_told_once() -> None:
    client = Client("INVITE")
    client.receive(486)
    client.receive(486)
    assert client.methods == ["INVITE", "ACK", "ACK"]
    assert client.responses == [486]
    ack = client.sent[-1][1]
    assert ack.headers.get("CSeq") == "7 ACK"
    assert ack.headers.get("Via") == client.request.headers.get("Via")
    assert ack.headers.get("To").endswith("tag=tag")
    client.pass_time(33)
    assert client.transaction.state is State.ENDED


def test_an_answer_ends_the_transaction_its_user_acknowledges() -> None:
    client = Client("INVITE")
    client.receive(200)
    assert (client.methods, client.ended, client.responses) == (["INVITE"], 1, [200])


class Server:
    def __init__(self, method: str) -> None:
        self.clock = Clock()
        self.sent: list[int] = []
        self.ended = 0
        self.unacknowledged = 0
        self.request = request(method)
        self.transaction = ServerTransaction(self.clock, self._send, self.request, self._end)
        self.transaction.on_unacknowledged = self._unacknowledged

    def _send(self, message: SipMessage) -> None:
        assert isinstance(message, SipResponse)
        self.sent.append(message.status)

    def _end(self) -> None:
        self.ended += 1

    def _unacknowledged(self) -> None:
        self.unacknowledged += 1

    def respond(self, status: int) -> None:
        self.transaction.respond(response_to(self.request, status, "tag"))

    def pass_time(self, seconds: float) -> None:
        self.clock.pump([0.1] * round(seconds * 10))


def test_a_repeated_request_gets_the_last_response_again() -> None:
    server = Server("INVITE")
    server.transaction.repeat()
    server.respond(100)
    server.transaction.repeat()
    server.respond(180)
    server.transaction.repeat()
    assert server.sent == [100, 100, 180, 180]


def test_an_answer_is_repeated_until_it_is_acknowledged() -> None:
    server = Server("INVITE")
    server.respond(200)
    server.pass_time(4)
    assert server.sent == [200] * 4
    server.transaction.acknowledge()
    server.pass_time(30)
    assert server.sent == [200] * 4
    assert (server.ended, server.unacknowledged) == (1, 0)


def test_an_answer_nobody_acknowledges_is_told_after_32_s() -> None:
    server = Server("INVITE")
    server.respond(200)
    server.pass_time(33)
    assert (server.ended, server.unacknowledged) == (1, 1)


def test_after_a_final_response_nothing_else_is_said() -> None:
    server = Server("BYE")
    server.respond(200)
    server.respond(500)
    server.pass_time(40)
    assert server.sent == [200]
    assert (server.ended, server.unacknowledged) == (1, 0)


def test_a_response_copies_what_the_standard_says_and_tags_only_past_100() -> None:
    assert ";tag=" not in response_to(request("INVITE"), 100, "t").headers.get("To")
    assert response_to(request("INVITE"), 180, "t").headers.get("To") == "<sip:c@d>;tag=t"
