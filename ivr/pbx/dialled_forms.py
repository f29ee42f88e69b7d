"""The forms in which a carrier may send one and the same called number."""

import re

HOME_COUNTRY = "972"


def dialled_forms(number: str, country: str = HOME_COUNTRY) -> tuple[str, ...]:
    """Return every form of *number* (E.164 with ``+``, or a short code) a trunk may deliver."""
    if not number.startswith("+"):
        return (number,)
    digits = number[1:]
    forms = [number, digits, f"00{digits}"]
    if digits.startswith(country) and re.fullmatch(r"[1-9]\d+", digits[len(country) :]):
        forms.append(f"0{digits[len(country) :]}")
    return tuple(forms)
