"""Makes any voice fit beside any other: trimmed, pauses bounded, one level, no clipping."""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ivr.errors import MokedError
from ivr.prompts.loudness import FRAME, decibels, level, true_peak, voiced_frames
from ivr.prompts.manifest import Kind
from ivr.prompts.waveform import Samples, Waveform

TARGET_LEVEL = -20.0  # LUFS
HIGHEST_PEAK = -3.0  # dBFS, true peak
_LIMIT = HIGHEST_PEAK - 1.0  # room for what companding and resampling add
_LOOKAHEAD = 0.004  # seconds the limiter sees ahead
_RUMBLE = 60.0  # Hz
_FADE = 0.004  # seconds at both ends: no click where fragments meet


class TooQuiet(MokedError):
    """There is nothing to hear in it."""


@dataclass(frozen=True)
class Silences:
    """How much silence a finished prompt may have, in seconds."""

    leading: float = 0.03
    trailing: float = 0.12
    inside: float = 0.45


SENTENCE = Silences()
FRAGMENT = Silences(leading=0.02, trailing=0.03)
TONE = Silences(leading=0.0, trailing=4.0, inside=4.0)  # the rest is a part of it
SILENCES = {Kind.FIXED: SENTENCE, Kind.FRAGMENT: FRAGMENT, Kind.TONE: TONE}


def shape(sound: Waveform, rate: int, silences: Silences = SENTENCE) -> Waveform:
    """Return *sound* at *rate*, trimmed and at the level every prompt has.

    Raises:
        TooQuiet: it is silence.
    """
    resampled = _without_rumble(sound.at(rate))
    return _at_level(_faded(_bounded(resampled, silences)))


def _without_rumble(sound: Waveform) -> Waveform:
    """Turn down what lies under 60 Hz: the telephone does not carry it, but meters count it.

    The gain is gentle, so that it does not ring into the silence that is trimmed afterwards.
    """
    # The transform is circular: held ends keep an offset of the recorder from looking like a step.
    margin, size = sound.rate // 10, len(sound.samples)
    length = 1 << (size + 2 * margin).bit_length()  # of other lengths it can take ten times longer
    held = np.pad(sound.samples, (margin, length - margin - size), mode="edge")
    squared = np.fft.rfftfreq(length, 1 / sound.rate) ** 2
    kept = np.fft.irfft(np.fft.rfft(held) * (squared / (squared + _RUMBLE**2)), length)
    return Waveform(kept[margin : margin + size].astype(np.float32), sound.rate)


def _bounded(sound: Waveform, silences: Silences) -> Waveform:
    """Cut silence at both ends and shorten every pause inside to what is allowed."""
    if decibels(float(np.max(np.abs(sound.samples), initial=0.0))) < -50:
        raise TooQuiet("nothing in it is louder than -50 dBFS")
    keep = _kept_frames(voiced_frames(sound), silences)
    size = round(FRAME * sound.rate)
    pieces = [sound.samples[start * size : end * size] for start, end in _runs(keep)]
    return Waveform(_joined(pieces, round(0.005 * sound.rate)), sound.rate)


def _kept_frames(voiced: NDArray[np.bool_], silences: Silences) -> NDArray[np.bool_]:
    keep = voiced.copy()
    lead, trail, inside = (
        round(seconds / FRAME) for seconds in (silences.leading, silences.trailing, silences.inside)
    )
    runs = _runs(voiced)
    for (_, end), (start, _) in itertools.pairwise(runs):
        after = min(inside // 2, start - end)
        before = min(inside - after, start - end)
        keep[end : end + after] = True
        keep[start - before : start] = True
    first, last = runs[0][0], runs[-1][1]
    keep[max(0, first - lead) : first] = True
    keep[last : last + trail] = True
    return keep


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return (start, end) of every run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _joined(pieces: list[Samples], overlap: int) -> Samples:
    """Join *pieces* with a short crossing of levels, so that a cut pause does not click."""
    whole = pieces[0]
    ramp = np.linspace(0, 1, overlap, dtype=np.float32)
    for piece in pieces[1:]:
        if min(len(whole), len(piece)) <= overlap:
            whole = np.concatenate((whole, piece))
            continue
        crossing = whole[-overlap:] * (1 - ramp) + piece[:overlap] * ramp
        whole = np.concatenate((whole[:-overlap], crossing, piece[overlap:]))
    return whole


def _faded(sound: Waveform) -> Waveform:
    samples = sound.samples.copy()
    size = min(round(_FADE * sound.rate), len(samples) // 2)
    ramp = np.linspace(0, 1, size, dtype=np.float32)
    samples[:size] *= ramp
    samples[len(samples) - size :] *= ramp[::-1]
    return Waveform(samples, sound.rate)


def _at_level(sound: Waveform) -> Waveform:
    """Bring to the target level; limiting lowers it a little, so it is done again."""
    for _ in range(8):
        missing = TARGET_LEVEL - level(sound)
        if abs(missing) < 0.2 and true_peak(sound) <= HIGHEST_PEAK:
            break
        gained = sound.samples * np.float32(10 ** (missing / 20))
        sound = _limited(Waveform(gained, sound.rate))
    excess = max(0.0, true_peak(sound) - (HIGHEST_PEAK - 0.2))
    return Waveform(sound.samples * np.float32(10 ** (-excess / 20)), sound.rate)


def _limited(sound: Waveform) -> Waveform:
    """Turn down smoothly around every peak above the limit, also of one between two samples."""
    limit = 10 ** (_LIMIT / 20)
    wanted = np.minimum(1.0, limit / np.maximum(_peaks(sound), 1e-9))
    reach = max(1, round(_LOOKAHEAD * sound.rate))
    padded = np.pad(wanted, 2 * reach, mode="edge")
    lowest = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).min(axis=1)
    window = np.hanning(2 * reach + 1)
    gain = np.convolve(lowest, window / window.sum(), mode="valid")
    return Waveform((sound.samples * gain).astype(np.float32), sound.rate)


def _peaks(sound: Waveform) -> Samples:
    """Return for each sample how high the wave goes near it (four times oversampled)."""
    size = len(sound.samples)
    fine = np.abs(sound.at(sound.rate * 4).samples)[: size * 4]
    highest: Samples = np.pad(fine, (0, size * 4 - len(fine))).reshape(size, 4).max(axis=1)
    return highest
