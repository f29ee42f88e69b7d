"""Sound as samples: reading any file, changing the rate."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from ivr.errors import MokedError

Samples = NDArray[np.float32]

LONGEST = 300.0  # seconds; a longer file is not a prompt


class NotSound(MokedError):
    """A file holds no sound that can be read."""


@dataclass(frozen=True, eq=False)
class Waveform:
    """One channel of samples in −1..1, and how many of them make a second."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    @property
    def rms(self) -> float:
        """Return the root mean square, 1 being full scale."""
        return float(np.sqrt(np.mean(np.square(self.samples)))) if len(self.samples) else 0.0

    def at(self, rate: int) -> "Waveform":
        """Return the same sound at *rate*, band-limited."""
        if rate == self.rate:
            return self
        import soxr  # not needed to check what is already built

        samples = soxr.resample(self.samples, self.rate, rate, quality="VHQ")
        return Waveform(np.asarray(samples, dtype=np.float32), rate)

    def sixteen_bit(self) -> NDArray[np.int16]:
        return np.clip(np.round(self.samples * 32768), -32768, 32767).astype(np.int16)


def read_waveform(source: Path | bytes) -> Waveform:
    """Read a sound file (WAV, FLAC, Ogg, MP3), mixed down to one channel.

    Raises:
        NotSound: it cannot be decoded, is empty or is too long.
    """
    opened = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        with soundfile.SoundFile(opened) as file:
            rate = int(file.samplerate)
            data = file.read(int(LONGEST * rate) + 1, dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, OSError, RuntimeError) as error:
        raise NotSound(f"not a readable sound file: {type(error).__name__}") from error
    if not len(data) or len(data) > LONGEST * rate or not np.isfinite(data).all():
        raise NotSound(f"{len(data) / rate:.0f} s of sound cannot be a prompt")
    return Waveform(data.mean(axis=1), rate)
