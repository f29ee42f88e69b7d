"""G.711 A-law and µ-law by table (ITU-T G.711); numpy, since ``audioop`` left Python in 3.13."""

import numpy as np
from numpy.typing import NDArray

Pcm = NDArray[np.int16]
RATE = 8000
FRAME = 160  # samples in 20 ms


def _alaw_values() -> Pcm:
    code = np.arange(256) ^ 0x55
    exponent = (code >> 4) & 7
    mantissa = (code & 15) << 4
    size = np.where(exponent == 0, mantissa + 8, (mantissa + 0x108) << np.maximum(exponent - 1, 0))
    return np.where(code & 0x80, size, -size).astype(np.int16)


def _ulaw_values() -> Pcm:
    code = ~np.arange(256) & 0xFF
    size = ((((code & 15) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84
    return np.where(code & 0x80, -size, size).astype(np.int16)


def _nearest_codes(values: Pcm) -> NDArray[np.uint8]:
    """Return the code whose value is nearest, for each sample read as an unsigned number."""
    order = np.argsort(values, kind="stable")
    ordered = values[order].astype(np.int32)
    limits = (ordered[:-1] + ordered[1:]) / 2
    samples = np.arange(65536, dtype=np.uint16).view(np.int16)
    return order[np.searchsorted(limits, samples)].astype(np.uint8)


_ALAW = _alaw_values()
_ULAW = _ulaw_values()
_TO_ALAW = _nearest_codes(_ALAW)
_TO_ULAW = _nearest_codes(_ULAW)


def decode_alaw(payload: bytes) -> Pcm:
    return _ALAW[np.frombuffer(payload, np.uint8)]


def decode_ulaw(payload: bytes) -> Pcm:
    return _ULAW[np.frombuffer(payload, np.uint8)]


def encode_alaw(samples: Pcm) -> bytes:
    return _TO_ALAW[samples.view(np.uint16)].tobytes()


def encode_ulaw(samples: Pcm) -> bytes:
    return _TO_ULAW[samples.view(np.uint16)].tobytes()


def level_dbfs(samples: Pcm) -> float:
    """Return the RMS level in dB below a full-scale square wave; -100 for nothing at all."""
    if not len(samples):
        return -100.0
    rms = float(np.sqrt(np.mean(np.square(samples.astype(np.float64)))))
    return max(-100.0, 20 * float(np.log10(max(rms, 1e-9) / 32768)))
