"""What every connector promises, kept by each against a real target (Exim, an HTTP server)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from crm_bridge.connector import Connector, Surroundings
from crm_bridge.connectors import CONNECTORS
from crm_bridge.connectors.email import EmailConnector
from crm_bridge.connectors.null import NullConnector
from crm_bridge.connectors.webhook import WebhookConnector, sign
from ivr.clock import SystemClock
from ivr.crm import OutboxItem
from ivr.errors import CrmRefused, CrmUnavailable, SettingsInvalid
from ivr.ids import AuthorityId
from ivr.settings import EmailSettings, Settings, WebhookSettings
from tests.calls.smtp import SmtpServer, program
from tests.contracts.crm_connector.http_target import HttpTarget
from tests.reactor import ReactorThread, reactor

__all__ = ["reactor"]


def item(kind: str = "ticket_opened", key: str = "ticket_opened/1", **more: Any) -> OutboxItem:
    payload = {
        "ticket_id": "ticket-1", "reference": "10019", "subject": "ארנונה: בירור חיוב",
        "text": "מבקשת לבדוק את החיוב.\nתודה", "department": "billing",
        "caller_number": "+972501112233", "contact_name": "רות לוי", "call_id": "call-1",
        "opened_by": "machine", "at": "2026-11-22T08:00:00+00:00", "box": "billing",
        "seconds": 12.4, "left_at": "2026-11-22T08:00:00+00:00", **more,
    }  # fmt: skip
    return OutboxItem(1, AuthorityId("mateh-yehuda"), "x", kind, key, "call-1", payload, 1)


@pytest.fixture(scope="module")
def smtp_server() -> Iterator[SmtpServer]:
    server = SmtpServer()
    server.start()
    yield server
    server.stop()


class ConnectorContract(ABC):
    """The promises; a connector's test says how its target is made to behave."""

    reactor: ReactorThread

    @abstractmethod
    def connector(self) -> Connector: ...

    @abstractmethod
    def keys_that_arrived(self, count: int) -> list[str]:
        """Return the keys the target saw, as it saw them, having waited for *count*."""

    @abstractmethod
    def target_is_down(self) -> None: ...

    @abstractmethod
    def target_refuses(self) -> None: ...

    @abstractmethod
    def target_is_busy(self) -> None: ...

    def deliver(self, wanted: OutboxItem) -> None:
        self.reactor.run(self.connector().deliver(wanted))

    def test_what_is_delivered_arrives(self) -> None:
        self.deliver(item())
        assert self.keys_that_arrived(1) == ["ticket_opened/1"]

    def test_every_try_of_an_item_carries_the_same_key(self) -> None:
        self.deliver(item())
        self.deliver(item())
        assert self.keys_that_arrived(2) == ["ticket_opened/1"] * 2

    def test_a_target_that_is_down_is_worth_another_try(self) -> None:
        self.target_is_down()
        with pytest.raises(CrmUnavailable):
            self.deliver(item())

    def test_a_target_that_is_busy_is_worth_another_try(self) -> None:
        self.target_is_busy()
        with pytest.raises(CrmUnavailable):
            self.deliver(item())

    def test_what_is_refused_is_not_tried_again(self) -> None:
        self.target_refuses()
        with pytest.raises(CrmRefused):
            self.deliver(item())

    def test_every_kind_it_wants_can_be_delivered(self) -> None:
        for kind in sorted(self.connector().kinds):
            self.deliver(item(kind, f"{kind}/1"))
        assert len(self.keys_that_arrived(len(self.connector().kinds))) == len(
            self.connector().kinds
        )


class TestWebhook(ConnectorContract):
    @pytest.fixture(autouse=True)
    def _target(self, reactor: ReactorThread) -> Iterator[None]:
        self.reactor = reactor
        self.target = HttpTarget(reactor)
        self.target.start()
        self.url = f"{self.target.url}/hook"
        self.allow_loopback = True
        yield
        self.target.stop()

    def connector(self) -> WebhookConnector:
        settings = WebhookSettings(url=self.url, allow_loopback=self.allow_loopback)
        return WebhookConnector(settings, "the secret", SystemClock(), self.reactor.reactor)

    def keys_that_arrived(self, count: int) -> list[str]:
        return [seen.headers["idempotency-key"] for seen in self.target.seen]

    def target_is_down(self) -> None:
        self.url = "http://127.0.0.1:9/hook"  # discard: nobody listens there

    def target_refuses(self) -> None:
        self.target.answer = 422

    def target_is_busy(self) -> None:
        self.target.answer = 503

    def test_the_receiver_can_check_time_and_body(self) -> None:
        self.deliver(item())
        seen = self.target.seen[0]
        parts = dict(part.split("=", 1) for part in seen.headers["x-moked-signature"].split(","))
        assert parts["v1"] == sign(b"the secret", parts["t"], seen.body)
        assert sign(b"another", parts["t"], seen.body) != parts["v1"]
        assert "בירור חיוב" in seen.body.decode()
        assert seen.headers["content-type"] == "application/json"

    @pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502])
    def test_these_answers_are_worth_another_try(self, status: int) -> None:
        self.target.answer = status
        with pytest.raises(CrmUnavailable, match=str(status)):
            self.deliver(item())

    def test_the_wait_that_is_asked_for_is_passed_on(self) -> None:
        self.target.answer = 429
        self.target.answer_headers = {"Retry-After": "120"}
        with pytest.raises(CrmUnavailable) as caught:
            self.deliver(item())
        assert caught.value.retry_after == 120

    def test_a_redirect_is_not_followed(self) -> None:
        self.target.answer = 302
        self.target.answer_headers = {"Location": f"{self.target.url}/elsewhere"}
        with pytest.raises(CrmUnavailable, match="302"):
            self.deliver(item())
        assert [seen.path for seen in self.target.seen] == ["/hook"]

    def test_an_endless_answer_is_cut_off(self) -> None:
        self.target.answer_bytes = 5_000_000
        self.deliver(item())
        assert len(self.target.seen) == 1

    def test_a_target_that_hangs_is_given_up_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("crm_bridge.connectors.webhook.DEADLINE", 0.3)
        self.target.hangs = True
        with pytest.raises(CrmUnavailable):
            self.deliver(item())

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "[::ffff:127.0.0.1]"])
    def test_our_own_machine_is_not_called(self, host: str) -> None:
        self.allow_loopback = False
        self.url = f"http://{host}:{self.target.port}/hook"
        with pytest.raises(CrmUnavailable):
            self.deliver(item())
        assert self.target.seen == []


@pytest.mark.skipif(program() is None, reason="no Exim here (Debian: exim4-daemon-light)")
class TestEmail(ConnectorContract):
    recipient = "billing@council.example"
    port: int

    @pytest.fixture(autouse=True)
    def _target(self, reactor: ReactorThread, smtp_server: SmtpServer) -> None:
        self.reactor = reactor
        self.server = smtp_server
        self.port = smtp_server.port
        self.before = len(smtp_server.mails(0))

    def connector(self) -> EmailConnector:
        settings = Settings(
            email=EmailSettings(
                host="127.0.0.1", port=self.port, sender="moked@council.example",
                recipients={"billing": self.recipient},
            )
        )  # fmt: skip
        return EmailConnector.build(
            Surroundings(settings, lambda _name: "", SystemClock(), self.reactor.reactor)
        )

    def keys_that_arrived(self, count: int) -> list[str]:
        mails = self.server.mails(self.before + count)[self.before :]
        return [str(mail["X-Moked-Key"]) for mail in mails]

    def target_is_down(self) -> None:
        self.port = 9

    def target_refuses(self) -> None:
        self.recipient = "nobody-here@council.example"

    def target_is_busy(self) -> None:
        self.recipient = "come-back@council.example"

    def test_the_department_reads_the_ticket_in_hebrew(self) -> None:
        self.deliver(item())
        mail = self.server.mails(self.before + 1)[self.before]
        body = mail.get_content()
        assert mail["Subject"] == "פנייה 10019: ארנונה: בירור חיוב"
        assert mail["To"] == "billing@council.example"
        for words in (
            "10019",
            "רות לוי",
            "+972501112233",
            "מבקשת לבדוק את החיוב.",
            "22.11.2026 10:00",
        ):
            assert words in body

    def test_the_message_id_is_the_same_at_every_try_and_differs_between_items(self) -> None:
        for key in ("a", "a", "b"):
            self.deliver(item(key=key))
        first, again, other = self.server.mails(self.before + 3)[self.before :]
        assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]

    def test_a_line_end_in_a_subject_makes_no_header(self) -> None:
        self.deliver(item(subject="hello\r\nBcc: thief@example.org"))
        mail = self.server.mails(self.before + 1)[self.before]
        assert mail["Bcc"] is None
        assert mail["Subject"].endswith("hello Bcc: thief@example.org")

    def test_a_department_without_an_address_is_refused_with_the_way_out(self) -> None:
        with pytest.raises(CrmRefused, match=r"email\.recipients"):
            self.deliver(item(department="water"))


def test_the_null_connector_takes_everything(reactor: ReactorThread) -> None:
    for kind in sorted(NullConnector.kinds):
        reactor.run(NullConnector().deliver(item(kind)))


def test_every_connector_that_a_site_can_name_exists() -> None:
    names = {connector.name for connector in CONNECTORS}
    Settings(connectors=sorted(names))  # type: ignore[arg-type]
    with pytest.raises(ValidationError):
        Settings(connectors=["pigeon"])  # type: ignore[list-item]


@pytest.mark.parametrize("connector", [WebhookConnector, EmailConnector])
def test_a_connector_without_its_settings_says_what_to_set(connector: type[Connector]) -> None:
    surroundings = Surroundings(Settings(), lambda _name: "", SystemClock(), None)
    with pytest.raises(SettingsInvalid, match=connector.name):
        connector.build(surroundings)
