"""Telephone numbers as they arrive, brought to one form; nothing here ever refuses a call."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from re import compile as pattern

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from ivr.ids import LineName

REGION = "IL"
COUNTRY = "972"
LONGEST = 64  # characters kept of anything

_FILLING = pattern(r"[\s().\-/\u2010-\u2015]+")
_SERVICE = pattern(r"\*\d{2,5}|1\d{2,3}")  # *6565, 100, 106, 118, 1255
_NATIONAL_ONLY = pattern(r"1[5-9]\d{8}")  # 1-700, 1-800, 1-599, 1-801 …
_ADDRESS = pattern(r"(?:sips?|tel):([^@;>]*)")
_ANONYMOUS = frozenset(
    {"", "anonymous", "restricted", "unavailable", "unknown", "private", "withheld", "blocked"}
    | {"asterisk", "nobody", "-1", "s"}
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: *number* in E.164 where it can be read, else as it came; ``""`` if withheld.

    *shown* is the same number as people of the country write it.
    """

    number: str
    shown: str
    anonymous: bool


def normalise_called(text: str) -> str:
    """Return a called number as E.164, a service number (``106``, ``*6565``) or as it came."""
    return _normalised(_plain(text))


def normalise_caller(text: str) -> Caller:
    """Return who calls; anything unreadable is kept as it came, cut to visible characters."""
    plain = _plain(text)
    if plain.lower() in _ANONYMOUS:
        return Caller("", "", anonymous=True)
    number = _normalised(plain)
    return Caller(number, shown(number), anonymous=False)


def shown(number: str) -> str:
    """Return *number* as people here write it: ``02-990-0200``, abroad ``+44 20 …``."""
    if not number.startswith("+"):
        return number
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return number
    at_home = str(parsed.country_code) == COUNTRY
    form = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(parsed, form))


def _plain(text: str) -> str:
    """Return what can be seen of *text*, digits in European form, without a SIP address around."""
    text = "".join(_visible(character) for character in text[: LONGEST * 4])
    if address := _ADDRESS.search(text):
        text = address[1]
    return text.strip(" \"'<>")[:LONGEST]


def _visible(character: str) -> str:
    match unicodedata.category(character)[0]:
        case "C":
            return ""
        case "Z":
            return " "
    return str(unicodedata.digit(character)) if character.isdecimal() else character


def _normalised(plain: str) -> str:
    packed = _FILLING.sub("", plain)
    if not packed.lstrip("+*").isdecimal():
        return plain
    full = _with_plus(packed)
    home = full.removeprefix(f"+{COUNTRY}")
    if _NATIONAL_ONLY.fullmatch(home):
        return home
    if _SERVICE.fullmatch(full):
        return full
    return _international(full) or plain


def _with_plus(packed: str) -> str:
    """Turn ``00…`` and ``972…`` into ``+…``."""
    if packed.startswith("00"):
        return "+" + packed[2:]
    if packed.startswith(COUNTRY) and len(packed) in (11, 12):
        return "+" + packed
    return packed


def _international(packed: str) -> str | None:
    if not packed.startswith(("+", "0")):
        return None  # neither national nor international: 29900200 may be anything
    try:
        parsed = phonenumbers.parse(packed, REGION)
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, PhoneNumberFormat.E164))


class NumberPlan:
    """Which line a called number belongs to."""

    def __init__(self, lines: Mapping[LineName, Iterable[str]]) -> None:
        self._lines = {
            normalise_called(number): line for line, numbers in lines.items() for number in numbers
        }

    def line_for(self, did: str) -> LineName | None:
        """Return the line of *did*, in whatever form it came."""
        return self._lines.get(normalise_called(did))

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(self._lines)
