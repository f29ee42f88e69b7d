"""The vault: what is sealed comes back byte for byte, in parts, and tampering is noticed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.secret_files import SecretFiles
from ivr.storage.vault import SealBroken, Sealed, Vault, checksum_of, plain_size

CHUNK = 64 * 1024
PLAIN = bytes(range(256)) * 1024 + b"the end"  # four chunks and a little


class Sealing:
    def __init__(self, folder: Path, plain: bytes = PLAIN) -> None:
        self.vault = Vault(SecretFiles(folder / "secrets").get)
        source = folder / "talk.wav"
        source.write_bytes(plain)
        self.file = folder / "talk.rec"
        self.sealed: Sealed = self.vault.seal(source, self.file)

    def read(self, start: int = 0, end: int | None = None) -> bytes:
        return b"".join(self.vault.open_range(self.file, self.sealed.wrapped_key, start, end))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_any_size_comes_back(tmp_path: Path, size: int) -> None:
    plain = b"x" * size
    sealing = Sealing(tmp_path, plain)
    assert sealing.read() == plain
    assert (sealing.sealed.size, plain_size(sealing.file)) == (size, size)
    assert sealing.sealed.checksum == hashlib.sha256(plain).hexdigest()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, len(PLAIN)), st.integers(0, len(PLAIN) + 1000))
def test_a_part_is_the_same_part_of_the_whole(tmp_path: Path, start: int, end: int) -> None:
    sealing = Sealing(tmp_path)
    assert sealing.read(start, end) == PLAIN[start:end]


def test_nothing_of_the_talk_can_be_read_in_the_file(tmp_path: Path) -> None:
    sealing = Sealing(tmp_path, b"RIFF....WAVEfmt " * 5000)
    assert b"WAVE" not in sealing.file.read_bytes()


@pytest.mark.parametrize("place", [0, 9, 15, 30, CHUNK, 2 * CHUNK + 77, -1])
def test_a_changed_byte_is_noticed(tmp_path: Path, place: int) -> None:
    sealing = Sealing(tmp_path)
    content = bytearray(sealing.file.read_bytes())
    content[place] ^= 1
    sealing.file.write_bytes(content)
    with pytest.raises(SealBroken):
        sealing.read()


def test_chunks_cut_off_or_moved_about_are_noticed(tmp_path: Path) -> None:
    sealing = Sealing(tmp_path, b"a" * CHUNK + b"b" * CHUNK + b"c" * CHUNK)
    whole = sealing.file.read_bytes()
    header, step = 20, CHUNK + 16
    sealing.file.write_bytes(whole[: header + 2 * step])
    with pytest.raises(SealBroken):
        sealing.read()
    chunks = [whole[header + n * step : header + (n + 1) * step] for n in range(3)]
    sealing.file.write_bytes(whole[:header] + chunks[1] + chunks[0] + chunks[2])
    with pytest.raises(SealBroken):
        sealing.read(0, 10)


def test_another_instances_key_opens_nothing(tmp_path: Path) -> None:
    sealing = Sealing(tmp_path)
    other = Vault(SecretFiles(tmp_path / "others").get)
    with pytest.raises(SealBroken):
        b"".join(other.open_range(sealing.file, sealing.sealed.wrapped_key))


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        Sealing(tmp_path)
    assert [file.name for file in tmp_path.glob("talk*")] == ["talk.wav"]


def test_the_checksum_of_what_is_opened_is_the_one_that_was_kept(tmp_path: Path) -> None:
    sealing = Sealing(tmp_path)
    opened = sealing.vault.open_range(sealing.file, sealing.sealed.wrapped_key)
    assert checksum_of(opened) == sealing.sealed.checksum
