"""A local TLS proxy that answers as Google Translate's speech service does, or misbehaves."""

import base64
import io
import ipaddress
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType

import soundfile
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.unit.ivr.prompts.sites import tone

HOST = "translate.google.com"
WAIT = 10.0


def mp3() -> bytes:
    held = io.BytesIO()
    sound = tone(440, 1.0)
    soundfile.write(held, sound.samples, sound.rate, format="MP3")
    return held.getvalue()


def speech() -> bytes:
    """Return the answer of Google's batchexecute: a line of JSON with the MP3 in base64."""
    sound = base64.b64encode(mp3()).decode()
    line = f'[["wrb.fr","jQ1olc","[\\"{sound}\\"]",null,null,null,"generic"]]'
    return _response("200 OK", f")]}}'\n\n{len(line)}\n{line}\n".encode())


def status(line: str) -> bytes:
    return _response(line, b"")


def garbage() -> bytes:
    return _response("200 OK", b'[["wrb.fr","jQ1olc","[\\"\xff\xfe%%%\\"]"]]\n')


def nothing() -> bytes:
    return _response("200 OK", b")]}'\n\n[]\n")


HANG = b""


def _response(line: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {line}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


class GoogleProxy:
    """Serves *answers* one after another, the last one for ever; counts what was asked."""

    def __init__(self, folder: Path, *answers: bytes) -> None:
        self.authority = folder / "authority.pem"
        self._context = _server_context(folder, self.authority)
        self._answers = list(answers)
        self._ended = threading.Event()
        self.requests: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.1)
        self._thread = threading.Thread(target=self._serve)

    @property
    def environment(self) -> dict[str, str]:
        port = self._listener.getsockname()[1]
        return {"HTTPS_PROXY": f"http://127.0.0.1:{port}", "NO_PROXY": ""}

    def __enter__(self) -> "GoogleProxy":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join(WAIT)
        self._listener.close()

    def _serve(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(WAIT)
                self._tunnel(connection)

    def _tunnel(self, connection: socket.socket) -> None:
        _read_head(connection)
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            with self._context.wrap_socket(connection, server_side=True) as secure:
                self._answer(secure)
        except OSError:  # the client did not trust us, or went away: what some tests are about
            return

    def _answer(self, secure: ssl.SSLSocket) -> None:
        self.requests.append(_read_request(secure))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if answer == HANG:
            self._ended.wait(WAIT)
        secure.sendall(answer)


def _read_head(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        received = connection.recv(4096)
        if not received:
            raise ConnectionError
        data += received
    return data


def _read_request(connection: socket.socket) -> bytes:
    data = _read_head(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    while len(body) < int(fields.get(b"content-length", b"0")):
        body += connection.recv(4096)
    return head + b"\r\n\r\n" + body


def _server_context(folder: Path, authority: Path) -> ssl.SSLContext:
    signer, signer_certificate = _certificate("Test authority", None)
    authority.write_bytes(signer_certificate.public_bytes(serialization.Encoding.PEM))
    key, certificate = _certificate(HOST, (signer, signer_certificate))
    chain = folder / "server.pem"
    chain.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context


def _certificate(
    name: str, issuer: tuple[ec.EllipticCurvePrivateKey, x509.Certificate] | None
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer, signed_by = (key, subject) if issuer is None else (issuer[0], issuer[1].subject)
    now = datetime.now(UTC)
    names: list[x509.GeneralName] = [
        x509.DNSName(name.replace(" ", "-")),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ]
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signed_by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
    )
    return key, builder.sign(signer, hashes.SHA256())
