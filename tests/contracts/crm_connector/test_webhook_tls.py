"""The webhook over TLS: only to whom the certificate names, and whom we trust."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from twisted.internet import ssl

from crm_bridge.connectors.webhook import WebhookConnector
from ivr.clock import SystemClock
from ivr.crm import OutboxItem
from ivr.errors import CrmUnavailable
from ivr.ids import AuthorityId
from ivr.settings import WebhookSettings
from tests.contracts.crm_connector.http_target import HttpTarget
from tests.reactor import ReactorThread, reactor

__all__ = ["reactor"]

ITEM = OutboxItem(1, AuthorityId("town"), "webhook", "call_ended", "k", "call-1", {}, 1)


class Secured:
    """A target with a certificate for ``localhost``, signed by itself."""

    def __init__(self, reactor: ReactorThread, folder: Path) -> None:
        self.reactor = reactor
        self.authority = folder / "ca.pem"
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        self.authority.write_bytes(pem)
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        (folder / "key.pem").write_bytes(secret)
        files = (str(folder / "key.pem"), str(self.authority))
        self.target = HttpTarget(reactor, ssl.DefaultOpenSSLContextFactory(*files))

    def deliver_to(self, host: str) -> None:
        settings = WebhookSettings(
            url=f"https://{host}:{self.target.port}/hook", allow_loopback=True
        )
        connector = WebhookConnector(settings, "secret", SystemClock(), self.reactor.reactor)
        self.reactor.run(connector.deliver(ITEM))


@pytest.fixture
def secured(reactor: ReactorThread, tmp_path: Path) -> Iterator[Secured]:
    secured = Secured(reactor, tmp_path)
    secured.target.start()
    yield secured
    secured.target.stop()


def test_a_certificate_nobody_vouches_for_is_not_spoken_to(secured: Secured) -> None:
    with pytest.raises(CrmUnavailable):
        secured.deliver_to("localhost")
    assert secured.target.seen == []


def test_a_certificate_of_a_trusted_authority_is(
    secured: Secured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(secured.authority))
    secured.deliver_to("localhost")
    assert [seen.path for seen in secured.target.seen] == ["/hook"]


def test_a_certificate_for_another_name_is_not(
    secured: Secured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(secured.authority))
    with pytest.raises(CrmUnavailable):
        secured.deliver_to("127.0.0.1")
    assert secured.target.seen == []
