"""What a demo party says: silence, a melody of its own, a file, or an echo of what it hears."""

from collections import deque
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from ivr.demo.g711 import FRAME, RATE, Pcm

_LENGTHS = (0.08, 0.12, 0.17, 0.23, 0.3)  # seconds
_NOTES = (523.3, 587.3, 659.3, 698.5, 784.0, 880.0, 987.8, 1046.5)


class AudioSource(Protocol):
    """Gives 20 ms of speech at a time; ``None`` when it has said all."""

    def frame(self) -> Pcm | None: ...


class Samples:
    """Says *samples* (8 kHz) once or for ever."""

    def __init__(self, samples: Pcm, *, forever: bool = False) -> None:
        self._samples = np.pad(samples, (0, -len(samples) % FRAME))  # once, not at each frame
        self._forever = forever
        self._at = 0

    def frame(self) -> Pcm | None:
        if self._at >= len(self._samples):
            if not self._forever or not len(self._samples):
                return None
            self._at = 0
        cut = self._samples[self._at : self._at + FRAME]
        self._at += FRAME
        return cut


class Echo:
    """Says what it hears, a little later."""

    def __init__(self) -> None:
        self._heard: deque[Pcm] = deque(maxlen=50)

    def hear(self, samples: Pcm) -> None:
        self._heard.append(samples)

    def frame(self) -> Pcm | None:
        if not self._heard:
            return np.zeros(FRAME, np.int16)
        heard = self._heard.popleft()
        return heard if len(heard) == FRAME else np.resize(heard, FRAME)


def comfort_noise(seconds: float = 1.0) -> Pcm:
    """Return noise at about -66 dBFS: a line that is alive, below every silence threshold."""
    noise = np.random.default_rng(1).normal(0.0, 16.0, round(seconds * RATE))
    return np.clip(noise, -60, 60).astype(np.int16)


@lru_cache(maxsize=64)
def melody(name: str, seconds: float = 4.0) -> Pcm:
    """Return the melody by which the party called *name* is known, the same every time.

    Pitch, length and overtones of each note come from the name, so that no two sound alike.
    """
    dice = np.random.default_rng(list(name.encode()))
    played: list[NDArray[np.float64]] = []
    while sum(map(len, played)) < seconds * RATE:
        length = dice.choice(_LENGTHS)
        time = np.arange(round(length * RATE)) / RATE
        fade = np.minimum(1.0, np.minimum(time, length - time) / 0.015)
        pitch = dice.choice(_NOTES)
        overtones = dice.uniform(0.1, 1.0, 3)
        wave = sum(
            strength * np.sin(2 * np.pi * pitch * (n + 1) * time)
            for n, strength in enumerate(overtones)
        )
        played.append(fade * wave / np.abs(wave).max())
    whole = np.concatenate([*played, np.zeros(0)])[: round(seconds * RATE)]
    samples: Pcm = (whole * 8000).astype(np.int16)
    samples.flags.writeable = False  # shared by all who are called so
    return samples


def from_file(file: Path) -> Pcm:
    """Return the sound in *file* (anything libsndfile reads) as 8 kHz mono.

    Raises:
        soundfile.LibsndfileError: it is no sound file.
    """
    samples, rate = soundfile.read(file, dtype="float32", always_2d=True)
    mono = soxr.resample(samples.mean(axis=1), rate, RATE)
    narrow: Pcm = np.clip(mono * 32767, -32768, 32767).astype(np.int16)
    return narrow
