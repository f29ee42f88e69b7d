import numpy as np
import pytest

from ivr.demo import g711


@pytest.mark.parametrize(
    ("decode", "encode"),
    [(g711.decode_alaw, g711.encode_alaw), (g711.decode_ulaw, g711.encode_ulaw)],
)
def test_every_code_survives_decoding_and_encoding(decode, encode) -> None:  # type: ignore[no-untyped-def]
    values = decode(bytes(range(256)))
    assert np.array_equal(decode(encode(values)), values)


def test_known_values_of_the_recommendation() -> None:
    assert g711.decode_alaw(b"\xd5\x55\xaa\x2a").tolist() == [8, -8, 32256, -32256]
    assert g711.decode_ulaw(b"\xff\x7f\x80\x00").tolist() == [0, 0, 32124, -32124]


@pytest.mark.parametrize("law", ["alaw", "ulaw"])
def test_speech_comes_back_with_at_least_35_db_to_noise(law: str) -> None:
    time = np.arange(8000) / 8000
    speech = (8000 * np.sin(2 * np.pi * 440 * time)).astype(np.int16)
    encode, decode = getattr(g711, f"encode_{law}"), getattr(g711, f"decode_{law}")
    noise = decode(encode(speech)).astype(float) - speech
    assert 10 * np.log10(np.mean(speech.astype(float) ** 2) / np.mean(noise**2)) > 35


def test_level_is_relative_to_full_scale() -> None:
    assert g711.level_dbfs(np.full(100, -32768, np.int16)) == pytest.approx(0.0, abs=0.01)
    assert g711.level_dbfs(np.zeros(100, np.int16)) == -100.0
    assert g711.level_dbfs(np.zeros(0, np.int16)) == -100.0
