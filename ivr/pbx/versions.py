"""Which versions of Asterisk we work with, and why no other."""

import re

from ivr.errors import SettingsInvalid

OLDEST = (22, 10, 1)  # StasisBroadcast, and the security fixes of July 2026
FIRST_UNKNOWN = (23, 0, 0)
_VERSION = re.compile(r"(?:Asterisk )?(\d+)\.(\d+)\.(\d+)")


def version_of(text: str) -> tuple[int, int, int] | None:
    """Read ``Asterisk 22.10.1+dfsg+~cs6…`` and its relatives; ``None`` if it is none of them."""
    match = _VERSION.match(text.strip())
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def is_supported(version: tuple[int, int, int]) -> bool:
    return OLDEST <= version < FIRST_UNKNOWN


def require_supported(text: str) -> None:
    """Refuse an Asterisk we have not tried.

    Raises:
        SettingsInvalid: older than 22.10.1, or 23 and later, or no version at all.
    """
    version = version_of(text)
    if version is None or not is_supported(version):
        raise SettingsInvalid(
            f"Asterisk {text.strip() or 'of an unknown version'} cannot be used: 22.10.1 or a "
            "later 22 is needed (./moked upgrade --undo brings back the one before)"
        )
