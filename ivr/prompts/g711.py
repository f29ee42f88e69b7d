"""A-law and µ-law (ITU-T G.711) from and to 16-bit samples, by table."""

import numpy as np
from numpy.typing import NDArray

Int16s = NDArray[np.int16]
Bytes = NDArray[np.uint8]

_SIGN = 0x80


def encode_alaw(samples: Int16s) -> bytes:
    return _nearest(_ALAW, samples).tobytes()


def encode_ulaw(samples: Int16s) -> bytes:
    return _nearest(_ULAW, samples).tobytes()


def decode_alaw(data: bytes) -> Int16s:
    return _ALAW[np.frombuffer(data, dtype=np.uint8)]


def decode_ulaw(data: bytes) -> Int16s:
    return _ULAW[np.frombuffer(data, dtype=np.uint8)]


def _alaw_table() -> Int16s:
    """Return the 16-bit value of each A-law octet (even bits inverted on the wire)."""
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    value = np.where(
        exponent == 0,
        (mantissa << 4) + 8,
        ((mantissa << 4) + 0x108) << np.maximum(exponent - 1, 0),
    )
    return np.where(code & _SIGN, value, -value).astype(np.int16)


def _ulaw_table() -> Int16s:
    """Return the 16-bit value of each µ-law octet (all bits inverted on the wire)."""
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    value = ((((code & 15) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84
    return np.where(code & _SIGN, -value, value).astype(np.int16)


def _nearest(table: Int16s, samples: Int16s) -> Bytes:
    """Return for each sample the octet whose value lies nearest, which is what G.711 asks."""
    order = np.argsort(table, kind="stable")
    values = table[order].astype(np.int32)
    borders = (values[1:] + values[:-1]) / 2
    chosen: Bytes = order[np.searchsorted(borders, samples)].astype(np.uint8)
    return chosen


_ALAW = _alaw_table()
_ULAW = _ulaw_table()
