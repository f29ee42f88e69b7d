"""How loud a sound is, and where in it there is silence."""

import numpy as np
import pyloudnorm
from numpy.typing import NDArray

from ivr.prompts.waveform import Samples, Waveform

FRAME = 0.01  # seconds: the grain in which silence is looked for
# ITU-R BS.1770 gates in blocks of 400 ms; a shorter clip has too few of them to be measured.
SHORTEST_FOR_LUFS = 1.0
_SILENT = 1e-9


def level(sound: Waveform) -> float:
    """Return the loudness in LUFS (BS.1770); of a short clip, the weighted RMS of its voice."""
    if sound.seconds >= SHORTEST_FOR_LUFS:
        meter = pyloudnorm.Meter(sound.rate)
        return float(meter.integrated_loudness(sound.samples.astype(np.float64)))
    return _voiced_level(sound)


def true_peak(sound: Waveform) -> float:
    """Return the peak in dBFS after fourfold oversampling (BS.1770-4, annex 2)."""
    return decibels(float(np.max(np.abs(sound.at(sound.rate * 4).samples), initial=0.0)))


def decibels(amplitude: float) -> float:
    return 20 * float(np.log10(max(amplitude, _SILENT)))


def frame_levels(sound: Waveform) -> NDArray[np.float64]:
    """Return the RMS level of each 10 ms in dBFS; the last frame may be cut short."""
    size = max(1, round(FRAME * sound.rate))
    padded = np.pad(sound.samples, (0, -len(sound.samples) % size)).reshape(-1, size)
    power = np.mean(padded.astype(np.float64) ** 2, axis=1)
    levels: NDArray[np.float64] = 10 * np.log10(np.maximum(power, _SILENT**2))
    return levels


def voiced_frames(sound: Waveform, below: float = 40.0) -> NDArray[np.bool_]:
    """Say for each 10 ms whether it is less than *below* dB under the loudest one."""
    levels = frame_levels(sound)
    return levels > max(float(np.max(levels, initial=-200.0)) - below, -60.0)


def _voiced_level(sound: Waveform) -> float:
    """Return the mean of weighted and plain level of the frames that carry sound.

    BS.1770 counts hiss (S of "six") up to 5 dB more than RMS does; between the two, neighbours
    in a spoken number differ by less than 3 dB whichever way one measures.
    """
    voiced = voiced_frames(sound, below=20.0)
    plain, weighted = (
        10 * np.log10(np.mean(10 ** (frame_levels(heard)[voiced] / 10)) + _SILENT**2)
        for heard in (sound, Waveform(_weighted(sound), sound.rate))
    )
    return float(plain + weighted - 0.691) / 2


def _weighted(sound: Waveform) -> Samples:
    """Return the samples after BS.1770's K weighting."""
    samples = sound.samples.astype(np.float64)
    for stage in pyloudnorm.Meter(sound.rate)._filters.values():  # noqa: SLF001 - its only door
        samples = stage.apply_filter(samples)
    return samples.astype(np.float32)
