"""A-law and µ-law agree with libsndfile, which nobody here wrote."""

import io

import numpy as np
import pytest
import soundfile

from ivr.prompts import g711

EVERY_SAMPLE = np.arange(-32768, 32768, dtype=np.int16)


def libsndfile_decoded(law: str) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    sound = soundfile.read(
        io.BytesIO(bytes(range(256))), format="RAW", subtype=law, samplerate=8000, channels=1,
        dtype="int16",
    )[0]  # fmt: skip
    return np.asarray(sound)


@pytest.mark.parametrize(
    ("law", "decode"), [("ALAW", g711.decode_alaw), ("ULAW", g711.decode_ulaw)]
)
def test_every_octet_means_what_libsndfile_says(law: str, decode: object) -> None:
    assert callable(decode)
    assert np.array_equal(decode(bytes(range(256))), libsndfile_decoded(law))


@pytest.mark.parametrize(
    ("encode", "decode"),
    [(g711.encode_alaw, g711.decode_alaw), (g711.encode_ulaw, g711.decode_ulaw)],
)
def test_every_sample_becomes_its_nearest_octet(encode: object, decode: object) -> None:
    assert callable(encode)
    assert callable(decode)
    table = decode(bytes(range(256))).astype(np.int32)
    chosen = decode(encode(EVERY_SAMPLE)).astype(np.int32)
    step = 997  # every sample against all 256 octets would be slow; a coprime step meets all steps
    for sample, value in zip(EVERY_SAMPLE[::step].astype(np.int32), chosen[::step], strict=True):
        assert abs(sample - value) == np.min(np.abs(table - sample))


def test_silence_stays_silence() -> None:
    silence = np.zeros(160, dtype=np.int16)
    assert set(g711.encode_ulaw(silence)) <= {0xFF, 0x7F}
    assert set(g711.encode_alaw(silence)) <= {0xD5, 0x55}
