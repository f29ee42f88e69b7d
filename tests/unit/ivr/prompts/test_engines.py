"""What every maker of speech keeps to."""

from pathlib import Path

import pytest

from ivr.prompts.engine import Engine, EngineFailed, SpeechRequest
from ivr.prompts.engines import ENGINES

HEBREW = SpeechRequest("he", "hello", "שָׁלוֹם")
ENGLISH = SpeechRequest("en", "hello", "Hello.")
KLINGON = SpeechRequest("tlh", "hello", "nuqneH")

every_engine = pytest.mark.parametrize("engine", ENGINES, ids=lambda found: found.name)
offline = pytest.mark.parametrize(
    "engine", [found for found in ENGINES if not found.is_online], ids=lambda found: found.name
)


def test_names_are_unique_and_a_person_comes_first() -> None:
    names = [engine.name for engine in ENGINES]
    assert len(set(names)) == len(names)
    assert names[0] == "recorded"


@every_engine
def test_an_unknown_language_is_not_offered(engine: Engine) -> None:
    assert not engine.offers(KLINGON)


@every_engine
def test_the_same_request_has_the_same_source_and_another_text_another(engine: Engine) -> None:
    for request in (HEBREW, ENGLISH):
        if engine.offers(request):
            changed = SpeechRequest(
                request.language, request.name, request.text + " " + request.text
            )
            assert engine.source(request) == engine.source(request)
            assert engine.source(request) != engine.source(changed)


@offline
def test_what_it_offers_it_speaks(engine: Engine) -> None:
    for request in (HEBREW, ENGLISH):
        if engine.offers(request):
            assert 0.3 < engine.speak(request).seconds < 3.0


def test_hebrew_and_english_are_spoken_without_a_network() -> None:
    for request in (HEBREW, ENGLISH):
        assert any(engine.offers(request) for engine in ENGINES if not engine.is_online)


def test_a_missing_recording_is_a_failure_and_not_silence(tmp_path: Path) -> None:
    lost = SpeechRequest("he", "hello", "שָׁלוֹם", tmp_path / "nowhere.wav")
    recorded = ENGINES[0]
    assert recorded.offers(lost)
    with pytest.raises(EngineFailed):
        recorded.speak(lost)


def test_a_voice_that_hangs_or_breaks_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for script, limit in (("exec sleep 5", 0.1), ("exit 3", 5.0), ("echo not a sound", 5.0)):
        program = tmp_path / "espeak-ng"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setattr("ivr.prompts.espeak.PROGRAM", str(program))
        monkeypatch.setattr("ivr.prompts.espeak.TIME_LIMIT", limit)
        engine = next(found for found in ENGINES if found.name == "espeak")
        with pytest.raises(EngineFailed):
            engine.speak(ENGLISH)
