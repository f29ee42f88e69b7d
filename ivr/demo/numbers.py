"""Israeli telephone numbers as the demo compares them: E.164 where that is plain."""

import re

_FILLING = re.compile(r"[\s().-]")


def to_e164(number: str) -> str:
    """Return ``+972…`` for the usual ways to write a number; others come back without spaces."""
    plain = _FILLING.sub("", number)
    if re.fullmatch(r"00\d{7,15}", plain):
        return f"+{plain[2:]}"
    if re.fullmatch(r"0\d{8,9}", plain):
        return f"+972{plain[1:]}"
    if re.fullmatch(r"972\d{8,9}", plain):
        return f"+{plain}"
    return plain
