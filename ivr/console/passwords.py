"""Passwords: Argon2id in a thread (it takes about 100 ms), and which ones are refused."""

from collections.abc import Callable
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST, LONGEST = 10, 128
# those of the usual lists that are long enough to pass the length rule
_COMMON = frozenset(
    {
        "1234567890",
        "12345678910",
        "administrator",
        "moked12345",
        "password123",
        "password1234",
        "letmein123",
        "welcome123",
        "adminadmin",
        "0123456789",
        "1111111111",
        "iloveyou123",
        "qwerty12345",
        "abcdefghij",
        "9876543210",
        "changeme123",
        "0000000000",
    }
)


def is_weak(password: str, name: str) -> bool:
    """Say whether *password* is too short, well known, or about the user's own name."""
    folded = password.casefold()
    return (
        not SHORTEST <= len(password) <= LONGEST
        or folded in _COMMON
        or len(set(folded)) < 4
        or (len(name) > 2 and name.casefold() in folded and len(folded) - len(name) < 6)
    )


class Passwords:
    """Hashes and checks; a check of nobody takes as long as a check of somebody."""

    def __init__(self, in_thread: Callable[..., Any], hasher: PasswordHasher | None = None) -> None:
        self._in_thread = in_thread
        self._hasher = hasher or PasswordHasher()
        self._nobody = ""

    async def hash(self, password: str) -> str:
        hashed: str = await self._in_thread(self._hasher.hash, password)
        return hashed

    async def check(self, stored: str, password: str) -> bool:
        """Say whether *password* fits *stored*; an empty one fits nothing."""
        if not stored:
            await self._in_thread(self._check, await self._decoy(), password)
            return False
        fits: bool = await self._in_thread(self._check, stored, password)
        return fits

    async def _decoy(self) -> str:
        if not self._nobody:
            self._nobody = await self.hash("nobody's password")
        return self._nobody

    def _check(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (Argon2Error, InvalidHashError):
            return False
