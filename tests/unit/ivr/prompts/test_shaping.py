"""Whatever a voice gives, callers hear one level, short silences and no clipping."""

import numpy as np
import pytest

from ivr.prompts.loudness import frame_levels, level, true_peak, voiced_frames
from ivr.prompts.shaping import FRAGMENT, SENTENCE, TooQuiet, shape
from ivr.prompts.waveform import NotSound, Samples, Waveform, read_waveform

RATE = 22050


def voice(seconds: float, loudness: float, seed: int = 1) -> Samples:
    """Return something as peaky as speech: bursts of noise-filled pulses."""
    time = np.arange(round(seconds * RATE)) / RATE
    pulses = (np.sin(2 * np.pi * 180 * time) > 0.97) * 6.0
    noise = np.random.default_rng(seed).normal(0, 0.3, len(time))
    syllables = 0.55 + 0.45 * np.sin(2 * np.pi * 4 * time)
    return ((pulses + noise + np.sin(2 * np.pi * 700 * time)) * syllables * loudness).astype("f4")


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), dtype=np.float32)


def runs_of_silence(sound: Waveform) -> tuple[float, float, float]:
    """Return seconds of silence before, after, and the longest inside."""
    heard = np.flatnonzero(voiced_frames(sound))
    inside = (np.diff(heard).max() - 1) / 100
    return heard[0] / 100, (len(voiced_frames(sound)) - 1 - heard[-1]) / 100, inside


@pytest.mark.parametrize("loudness", [0.01, 0.1, 1.0, 8.0])
@pytest.mark.parametrize("rate", [8000, 16000])
def test_a_sentence_comes_out_at_one_level_and_under_the_peak(loudness: float, rate: int) -> None:
    shaped = shape(Waveform(voice(3.0, loudness), RATE), rate)
    assert level(shaped) == pytest.approx(-20.0, abs=1.0)
    assert true_peak(shaped) <= -3.0


@pytest.mark.parametrize("seconds", [0.25, 0.39, 0.41, 0.9])
def test_a_short_clip_is_as_loud_as_a_sentence(seconds: float) -> None:
    shaped = shape(Waveform(voice(seconds, 0.2), RATE), 8000, FRAGMENT)
    assert level(shaped) == pytest.approx(-20.0, abs=1.0)
    loud = frame_levels(shaped)[voiced_frames(shaped, below=20.0)]
    assert 10 * np.log10(np.mean(10 ** (loud / 10))) == pytest.approx(-20.0, abs=3.0)


def test_silences_are_cut_to_what_is_allowed() -> None:
    pieces = (silence(0.8), voice(1.0, 0.2), silence(1.7), voice(1.0, 0.2), silence(0.9))
    before, after, inside = runs_of_silence(shape(Waveform(np.concatenate(pieces), RATE), 8000))
    assert before <= 0.06
    assert after <= 0.15
    assert 0.3 <= inside <= 0.5


def test_a_short_pause_stays_as_spoken() -> None:
    pieces = (voice(1.0, 0.2), silence(0.25), voice(1.0, 0.2))
    shaped = shape(Waveform(np.concatenate(pieces), RATE), 8000, SENTENCE)
    assert runs_of_silence(shaped)[2] == pytest.approx(0.25, abs=0.04)


def test_a_cut_does_not_click() -> None:
    time = np.arange(2 * RATE) / RATE
    tone = (0.3 * np.sin(2 * np.pi * 300 * time)).astype(np.float32)
    shaped = shape(Waveform(np.concatenate((silence(0.5), tone, silence(1.5), tone)), RATE), 8000)
    steps = np.abs(np.diff(shaped.samples))
    # 300 Hz at this level moves at most this much from sample to sample; a click moves more.
    assert steps.max() <= 1.3 * 2 * np.pi * 300 / 8000 * np.abs(shaped.samples).max()
    assert abs(shaped.samples[0]) < 0.01
    assert abs(shaped.samples[-1]) < 0.01


def test_an_offset_of_the_recorder_is_taken_away_and_does_not_hide_silence() -> None:
    pieces = (silence(0.8), voice(1.0, 0.2), silence(0.8))
    shaped = shape(Waveform(np.concatenate(pieces) + np.float32(0.05), RATE), 8000)
    assert abs(float(shaped.samples.mean())) < 0.003
    assert shaped.seconds < 1.4


def test_silence_is_refused() -> None:
    with pytest.raises(TooQuiet):
        shape(Waveform(silence(1.0), RATE), 8000)


@pytest.mark.parametrize("data", [b"", b"RIFF", b"\x00" * 5000, b"<html>no</html>" * 50])
def test_what_is_no_sound_is_refused(data: bytes) -> None:
    with pytest.raises(NotSound):
        read_waveform(data)
