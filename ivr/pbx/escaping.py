"""Lets text into Asterisk's configuration only if it fits the allow-list of its field."""

import re

_ALLOWED = {
    "word": r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}",
    "number": r"\+?[0-9]{2,15}",
    "integer": r"[0-9]{1,9}",
    "epoch": r"[0-9]{10}",
    "seconds": r"[0-9]{1,5}(\.[0-9]{1,3})?",
    "name": r"[A-Z][A-Z0-9_]{0,63}",  # of a channel variable
    "key": r"[0-9*#]{0,1}",
    "label": r"[a-z(][a-z0-9_./)]{0,399}",  # of a step, in comments only
    "address": r"[0-9A-Fa-f.:]{2,45}(/[0-9]{1,3})?",
    "host": r"[A-Za-z0-9.:\[\]-]{1,255}",
    "network": r"[A-Za-z0-9.:-]{1,255}(/[0-9]{1,3})?",
    "sip_user": r"[A-Za-z0-9_.+@-]{1,64}",
    "secret": r"[A-Za-z0-9]{16,128}",
    "carrier_secret": r"[!-\[\]-~]{1,128}",  # printable, no space, no backslash
    "path": r"/[\w./+~@ -]{1,400}",
}
_PATTERNS = {field: re.compile(pattern) for field, pattern in _ALLOWED.items()}

_PLACE = re.compile(r"<([a-z_]+)>")


class TextRefused(ValueError):
    """Text that must not reach a configuration file; it names the field, not the text."""


class Allowed(str):
    """Text that was looked at; a template can print nothing else."""

    __slots__ = ()


def allow(value: object, field: str) -> Allowed:
    """Return *value* as text fit for *field*.

    Raises:
        TextRefused: it holds anything outside the field's allow-list.
    """
    text = str(value)
    if not _PATTERNS[field].fullmatch(text):
        raise TextRefused(f"not fit for a {field} in Asterisk's configuration")
    return Allowed(text.replace(";", r"\;"))


def written(pattern: str, **values: object) -> Allowed:
    """Return *pattern*, a text of our own source, with each ``<name>`` replaced by a value.

    Raises:
        TextRefused: a value was not checked.
    """

    def filled(match: re.Match[str]) -> str:
        value = values[match[1]]
        if not isinstance(value, Allowed):
            raise TextRefused(f"the value for <{match[1]}> was not checked")
        return value

    return Allowed(_PLACE.sub(filled, pattern))


def only_allowed(value: object) -> object:
    """Refuse whatever a template prints without ``allow`` (Jinja's ``finalize``)."""
    if not isinstance(value, Allowed):
        raise TextRefused("a template prints a value that was not checked")
    return value
