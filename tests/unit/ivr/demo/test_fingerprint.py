"""Prompts are recognised: synthetic ones, twenty sentences of espeak-ng, cut, noisy, transcoded."""

import itertools
import subprocess
from functools import cache

import numpy as np
import pytest

from ivr.demo.audio_sources import melody
from ivr.demo.fingerprint import FRAMES_A_SECOND, Library, features, fingerprint
from ivr.demo.g711 import Pcm, decode_alaw, decode_ulaw, encode_alaw, encode_ulaw
from ivr.demo.listening import listen

SENTENCES = (
    "shalom and welcome to the regional council",
    "to reach the billing department press one",
    "for automated payment press two",
    "the office is closed now",
    "your call is important to us",
    "please hold the line",
    "you are number three in the queue",
    "press one to pay a bill",
    "press two to speak to a person",
    "press nine to hear this again",
    "all our agents are busy",
    "we could not hear you",
    "that is not a valid choice",
    "thank you and goodbye",
    "leave a message after the tone",
    "your ticket number is",
    "this call is recorded for quality",
    "we are transferring you now",
    "the payment centre does not answer",
    "good evening from the council",
)


@cache
def spoken(text: str) -> Pcm:
    """Return *text* as espeak-ng says it, 8 kHz."""
    wav = subprocess.run(
        ["espeak-ng", "--stdout", text], capture_output=True, check=True, timeout=10
    ).stdout
    raw = subprocess.run(
        ["sox", "-t", "wav", "-", "-t", "raw", "-r", "8000", "-e", "signed", "-b", "16", "-c", "1",
         "-"],
        input=wav, capture_output=True, check=True, timeout=10,
    ).stdout  # fmt: skip
    return np.frombuffer(raw, np.int16)


@pytest.fixture(scope="module")
def library() -> Library:
    made = [fingerprint(text, spoken(text)) for text in SENTENCES]
    return Library([prompt for prompt in made if prompt])


def heard(texts: tuple[str, ...], *, cut: float = 1.0, gap: float = 1.0) -> Pcm:
    """Return sentences one after another, off the grid of frames, as a caller hears them."""
    dice = np.random.default_rng(7)
    parts = [np.zeros(3123, np.int16)]
    for text in texts:
        said = spoken(text)
        silence = np.zeros(int(gap * 8000) + int(dice.integers(0, 80)), np.int16)
        parts += [said[: int(len(said) * cut)], silence]
    return np.concatenate(parts)


def line(samples: Pcm, *, noise: float, gain: float, law: str) -> Pcm:
    """Return what a noisy line with that codec makes of *samples*."""
    dice = np.random.default_rng(3)
    mixed = samples * gain + dice.normal(0, noise, len(samples)) if noise else samples * gain
    narrow = np.clip(mixed, -32768, 32767).astype(np.int16)
    return decode_alaw(encode_alaw(narrow)) if law == "a" else decode_ulaw(encode_ulaw(narrow))


@pytest.mark.parametrize("cut", [1.0, 0.5])
@pytest.mark.parametrize(
    ("noise", "gain", "law"),
    [(0, 1.0, "a"), (30, 0.5, "u"), (100, 1.0, "u"), (300, 1.0, "a"), (30, 0.2, "a")],
)
def test_twenty_sentences_whole_and_cut_in_half(
    library: Library, cut: float, noise: float, gain: float, law: str
) -> None:
    samples = line(heard(SENTENCES, cut=cut), noise=noise, gain=gain, law=law)
    found = library.find(features(samples))
    assert tuple(match.name for match in found) == SENTENCES
    assert all(match.whole is (cut == 1.0) for match in found)


def test_sentences_without_a_pause_between_them(library: Library) -> None:
    found = library.find(features(heard(SENTENCES, gap=0.0)))
    assert tuple(match.name for match in found) == SENTENCES


@pytest.mark.parametrize("stalls", [(0.45,), (0.35, 0.7)])
@pytest.mark.parametrize("length", [0.15, 0.4, 0.9])
def test_a_sentence_that_stalls_on_a_starved_machine_is_one_sentence(
    library: Library, stalls: tuple[float, ...], length: float
) -> None:
    """The sound stops in the middle and goes on where it was: nothing of it is another prompt."""
    parts = [np.zeros(4000, np.int16)]
    for text in SENTENCES:
        said = spoken(text)
        places = [0, *(int(len(said) * stall) for stall in stalls), len(said)]
        for begin, end in itertools.pairwise(places):
            parts += [said[begin:end], np.zeros(int(length * 8000), np.int16)]
        parts.append(np.zeros(8000, np.int16))
    samples = line(np.concatenate(parts), noise=30, gain=1.0, law="a")
    found = library.find(features(samples))
    assert tuple(match.name for match in found) == SENTENCES
    followed = [match for match in found if match.whole]
    assert len(followed) >= {1: 20, 2: 16}[len(stalls)], "short ones have too little between stalls"
    inserted = [match.gap / FRAMES_A_SECOND for match in followed]
    if len(stalls) == 1:
        assert inserted == pytest.approx([length] * len(SENTENCES), abs=0.06)


def test_sentences_that_are_not_in_the_library_are_not_recognised() -> None:
    known = [fingerprint(text, spoken(text)) for text in SENTENCES[:10]]
    library = Library([prompt for prompt in known if prompt])
    assert not library.find(features(heard(SENTENCES[10:])))


@pytest.mark.parametrize("level", [0, 20, 2000, 20000])
def test_noise_and_silence_are_nothing(library: Library, level: float) -> None:
    noise = np.random.default_rng(1).normal(0, level, 80_000)
    assert not library.find(features(np.clip(noise, -32768, 32767).astype(np.int16)))


def test_prompts_that_begin_alike_are_told_apart_or_both_are_named() -> None:
    one, two = np.concatenate([melody("x", 1.0), melody("y", 2.0)]), melody("x", 1.0)
    two = np.concatenate([two, melody("z", 2.0)])
    made = [fingerprint("one", one), fingerprint("two", two)]
    library = Library([prompt for prompt in made if prompt])
    whole = library.find(features(two))
    assert [(match.name, match.alternatives) for match in whole] == [("two", ())]
    quiet = np.zeros(8000, np.int16)
    cut = library.find(features(np.concatenate([two[:7000], quiet])))
    assert len(cut) == 1
    assert {cut[0].name, *cut[0].alternatives} == {"one", "two"}


def test_short_words_are_recognised_whole_only() -> None:
    words = {word: spoken(word) for word in ("seven", "three", "hundred", "shekels")}
    made = [fingerprint(word, samples) for word, samples in words.items()]
    library = Library([prompt for prompt in made if prompt])
    said = np.concatenate([words[w] for w in ("three", "hundred", "seven", "shekels")])
    assert [m.name for m in library.find(features(said))] == [
        "three", "hundred", "seven", "shekels",
    ]  # fmt: skip


def test_beeps_are_told_apart_by_pitch_and_length() -> None:
    def beep(hertz: float, seconds: float) -> Pcm:
        time = np.arange(round(seconds * 8000)) / 8000
        return (7000 * np.sin(2 * np.pi * hertz * time)).astype(np.int16)

    beeps = {"low": beep(500, 0.4), "high": beep(1000, 0.4), "long": beep(1000, 1.2)}
    made = [fingerprint(name, samples) for name, samples in beeps.items()]
    library = Library([prompt for prompt in made if prompt])
    quiet = np.zeros(4000, np.int16)
    for name, samples in beeps.items():
        heard_once = decode_alaw(encode_alaw(np.concatenate([quiet, samples, quiet])))
        assert [match.name for match in library.find(features(heard_once))] == [name]


def test_silence_has_no_fingerprint() -> None:
    assert fingerprint("nothing", np.zeros(8000, np.int16)) is None


def test_a_time_line_names_prompts_sounds_tones_and_silences(library: Library) -> None:
    time = np.arange(8000) / 8000
    tone = (6000 * np.sin(2 * np.pi * 425 * time)).astype(np.int16)
    strange = spoken("something that nobody has recorded")
    quiet = np.zeros(8000, np.int16)
    samples = np.concatenate([quiet, spoken(SENTENCES[0]), quiet, tone, quiet, strange, quiet])
    parts = listen(samples, library, begins=-0.5)
    assert [part.kind for part in parts] == [
        "silence", "prompt", "silence", "tone", "silence", "sound", "silence",
    ]  # fmt: skip
    assert parts[1].name == SENTENCES[0]
    assert parts[0].start == -0.5
    assert parts[1].start == pytest.approx(0.5, abs=0.1)
    assert parts[3].seconds == pytest.approx(1.0, abs=0.1)
    assert parts[3].level == pytest.approx(-17.7, abs=0.5)


def test_nothing_heard_is_nothing(library: Library) -> None:
    assert listen(np.zeros(0, np.int16), library) == []
