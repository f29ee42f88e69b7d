"""The vault: recordings sealed on the disk, each under a key of its own, readable in parts.

A sealed file is a header (magic, chunk size, random nonce prefix) and chunks of 64 KiB, each
encrypted by AES-256-GCM under the nonce ``prefix ‖ chunk number`` with the chunk's number and
whether it is the last as associated data: chunks cannot be cut off, repeated or moved about.
The data key is wrapped by AES-KW (RFC 3394) with the instance's own key.
"""

import hashlib
import hmac
import os
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)

from ivr.errors import MokedError

_MAGIC = b"MOKEDREC"
_CHUNK = 64 * 1024
_TAG = 16
_HEADER = struct.Struct(">8sI8s")
_SECRET = "recordings-key"  # noqa: S105 - a secret's name, not a secret


class SealBroken(MokedError):
    """A sealed file was changed, cut or belongs to another key."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What has to be kept of a sealed file."""

    checksum: str  # SHA-256 of the plain file, hex
    wrapped_key: str = field(repr=False)
    size: int  # bytes of the plain file


class Vault:
    """Seals and opens files; every method blocks, so run it in a thread."""

    def __init__(self, secret: Callable[[str], str]) -> None:
        self._secret = secret

    def seal(self, source: Path, target: Path) -> Sealed:
        """Encrypt *source* into *target*, which appears whole and on the disk or not at all.

        *source* stays; delete it when the row is written.

        Raises:
            OSError: the disk is full, or *source* is not there.
        """
        key = AESGCM.generate_key(256)
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_suffix(".sealing")
        digest = hashlib.sha256()
        try:
            with source.open("rb") as plain, unfinished.open("wb") as sealed:
                size = _seal(plain, sealed, AESGCM(key), digest.update)
                sealed.flush()
                os.fsync(sealed.fileno())
            unfinished.replace(target)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
        return Sealed(digest.hexdigest(), aes_key_wrap(self._master(), key).hex(), size)

    def open_range(
        self, path: Path, wrapped_key: str, start: int = 0, end: int | None = None
    ) -> Iterator[bytes]:
        """Yield the plain bytes from *start* up to, not with, *end* (``None``: to the end).

        Raises:
            SealBroken: the file was tampered with, or the key is not this instance's.
            FileNotFoundError: it is gone.
        """
        cipher = AESGCM(self._unwrap(wrapped_key))
        with path.open("rb") as sealed:
            chunk_size, prefix = _read_header(sealed)
            stop = plain_size(path) if end is None else min(end, plain_size(path))
            for number in range(start // chunk_size, -(-stop // chunk_size)):
                plain = _open_chunk(sealed, cipher, prefix, number, chunk_size)
                first = number * chunk_size
                yield plain[max(0, start - first) : stop - first]

    def _unwrap(self, wrapped_key: str) -> bytes:
        try:
            return aes_key_unwrap(self._master(), bytes.fromhex(wrapped_key))
        except (InvalidUnwrap, ValueError) as error:
            raise SealBroken("this key was not wrapped by this instance") from error

    def _master(self) -> bytes:
        """Return the 256-bit key that wraps the others, from the secret's text."""
        return hmac.new(b"moked recordings", self._secret(_SECRET).encode(), "sha256").digest()


def plain_size(path: Path) -> int:
    """Return the size of the plain file inside a sealed one, in bytes."""
    body = path.stat().st_size - _HEADER.size
    return max(0, body - _TAG * -(-body // (_CHUNK + _TAG)))


def checksum_of(parts: Iterator[bytes]) -> str:
    """Return the SHA-256 of *parts* in hex, to compare with ``Sealed.checksum``."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _seal(plain: IO[bytes], sealed: IO[bytes], cipher: AESGCM, see: Callable[[bytes], None]) -> int:
    prefix = os.urandom(8)
    sealed.write(_HEADER.pack(_MAGIC, _CHUNK, prefix))
    size = number = 0
    chunk = plain.read(_CHUNK)
    while True:
        following = plain.read(_CHUNK)
        see(chunk)
        size += len(chunk)
        last = not following
        sealed.write(cipher.encrypt(_nonce(prefix, number), chunk, _bound(number, last=last)))
        if last:
            return size
        chunk, number = following, number + 1


def _open_chunk(
    sealed: IO[bytes], cipher: AESGCM, prefix: bytes, number: int, chunk_size: int
) -> bytes:
    place = _HEADER.size + number * (chunk_size + _TAG)
    sealed.seek(place)
    content = sealed.read(chunk_size + _TAG)
    last = not sealed.read(1)
    try:
        return cipher.decrypt(_nonce(prefix, number), content, _bound(number, last=last))
    except InvalidTag as error:
        raise SealBroken(f"chunk {number} is not as it was sealed") from error


def _read_header(sealed: IO[bytes]) -> tuple[int, bytes]:
    header = sealed.read(_HEADER.size)
    if len(header) != _HEADER.size:
        raise SealBroken("the file is too short to be a sealed one")
    magic, chunk_size, prefix = _HEADER.unpack(header)
    if magic != _MAGIC or chunk_size != _CHUNK:
        raise SealBroken("the file is not a sealed one")
    return chunk_size, prefix


def _nonce(prefix: bytes, number: int) -> bytes:
    return prefix + number.to_bytes(4, "big")


def _bound(number: int, *, last: bool) -> bytes:
    return number.to_bytes(4, "big") + (b"\x01" if last else b"\x00")
