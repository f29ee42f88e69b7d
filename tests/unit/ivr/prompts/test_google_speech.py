"""gTTS, unpatched but for its certificate check, against a local TLS proxy."""

import subprocess
import sys
from pathlib import Path

import pytest
import requests

from ivr.prompts import google_speech
from ivr.prompts.engine import EngineFailed, SpeechRequest
from ivr.prompts.engines.gtts import GoogleSpeech
from ivr.prompts.google_speech import ATTEMPTS, Refused, fetch, verify_certificates
from tests.unit.ivr.prompts.google_proxy import (
    HANG,
    GoogleProxy,
    garbage,
    mp3,
    nothing,
    speech,
    status,
)

REQUEST = SpeechRequest("he", "hello", "שָׁל֫וֹם לְכֻלָּם")


@pytest.fixture(autouse=True)
def _own_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests.Session, "send", requests.Session.send)  # put back afterwards


def asked(
    proxy: GoogleProxy, monkeypatch: pytest.MonkeyPatch, trusted: bool = True
) -> tuple[bytes | str, list[float]]:
    """Return what `fetch` gave (or why not) and the waits between its attempts."""
    for name, value in proxy.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    if trusted:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(proxy.authority))
    verify_certificates()
    waits: list[float] = []
    try:
        return fetch("שלום", "iw", waits.append), waits
    except Refused as refused:
        return str(refused), waits


def test_a_sound_comes_back_at_the_first_attempt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with GoogleProxy(tmp_path, speech()) as proxy:
        assert asked(proxy, monkeypatch) == (mp3(), [])
    assert b"iw" in proxy.requests[0]


def test_too_many_requests_are_asked_again_after_growing_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = status("429 Too Many Requests")
    with GoogleProxy(tmp_path, busy, busy, speech()) as proxy:
        sound, waits = asked(proxy, monkeypatch)
    assert sound == mp3()
    assert len(waits) == 2
    assert waits[1] > waits[0] > 1.0


def test_it_ends_after_the_last_attempt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with GoogleProxy(tmp_path, status("429 Too Many Requests")) as proxy:
        assert asked(proxy, monkeypatch)[0] == "status 429"
    assert len(proxy.requests) == ATTEMPTS


def test_a_refusal_for_good_is_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with GoogleProxy(tmp_path, status("403 Forbidden")) as proxy:
        assert asked(proxy, monkeypatch) == ("status 403", [])


@pytest.mark.parametrize("answer", [garbage(), nothing()])
def test_garbage_is_an_answer_to_ask_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    with GoogleProxy(tmp_path, answer, speech()) as proxy:
        sound, waits = asked(proxy, monkeypatch)
    assert (sound, len(waits)) == (mp3(), 1)


def test_a_hang_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(google_speech, "ANSWER_WAIT", 0.3)
    monkeypatch.setattr(google_speech, "ATTEMPTS", 1)
    with GoogleProxy(tmp_path, HANG) as proxy:
        reason, _ = asked(proxy, monkeypatch)
    assert str(reason).startswith("not reached")


def test_an_unknown_certificate_is_refused_before_anything_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with GoogleProxy(tmp_path, speech()) as proxy:
        assert asked(proxy, monkeypatch, trusted=False) == (
            "the server's certificate cannot be verified",
            [],
        )
    assert proxy.requests == []


def test_without_our_check_gtts_would_trust_anybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The day this fails, gTTS verifies by itself and `verify_certificates` can go."""
    with GoogleProxy(tmp_path, speech()) as proxy:
        for name, value in proxy.environment.items():
            monkeypatch.setenv(name, value)
        assert fetch("שלום", "iw") == mp3()


def test_the_engine_gets_it_through_a_process_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with GoogleProxy(tmp_path, speech()) as proxy:
        for name, value in proxy.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(proxy.authority))
        assert GoogleSpeech().speak(REQUEST).seconds == pytest.approx(1.0, abs=0.2)


def test_the_engine_tells_why_it_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with GoogleProxy(tmp_path, status("403 Forbidden")) as proxy:
        for name, value in proxy.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(proxy.authority))
        with pytest.raises(EngineFailed, match="status 403"):
            GoogleSpeech().speak(REQUEST)


def test_a_process_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.prompts.engines.gtts.TIME_LIMIT", 0.05)
    with pytest.raises(EngineFailed, match="TimeoutExpired"):
        GoogleSpeech().speak(REQUEST)


def test_the_process_does_not_load_our_server() -> None:
    """It must start quickly and hold nothing of the service."""
    code = "import ivr.prompts.google_speech, sys; print('twisted' in sys.modules)"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    assert seen.strip() == b"False"
