"""The files Asterisk plays: their formats, names and what they hold."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ivr.prompts.g711 import decode_alaw, decode_ulaw, encode_alaw, encode_ulaw
from ivr.prompts.waveform import Waveform


def _encode_linear(samples: NDArray[np.int16]) -> bytes:
    return samples.astype("<i2").tobytes()


def _decode_linear(data: bytes) -> NDArray[np.int16]:
    return np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2").astype(np.int16)


@dataclass(frozen=True)
class Format:
    """One headerless format; *suffix* is what Asterisk's format_pcm and format_sln go by."""

    suffix: str
    rate: int
    encode: Callable[[NDArray[np.int16]], bytes]
    decode: Callable[[bytes], NDArray[np.int16]]

    def read(self, data: bytes) -> Waveform:
        return Waveform((self.decode(data) / 32768).astype(np.float32), self.rate)


FORMATS = (
    Format("alaw", 8000, encode_alaw, decode_alaw),
    Format("ulaw", 8000, encode_ulaw, decode_ulaw),
    Format("sln16", 16000, _encode_linear, _decode_linear),
)


def media_uri(language: str, name: str) -> str:
    """Return what ARI's ``play`` takes: astdatadir/sounds/moked → ``$MOKED_HOME/prompts``."""
    return f"sound:moked/{language}/{name}"


def write_atomically(path: Path, data: bytes) -> None:
    """Write *data* so that a reader sees the old file or the new one, never a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o644)  # Asterisk may run as another user
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
