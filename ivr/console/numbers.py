"""Telephone numbers as people type them, made E.164."""

import phonenumbers

from ivr.console.problems import Problem


def typed_number(text: str) -> str:
    """Return *text* as E.164; short numbers (``106``) as they are.

    Raises:
        Problem: ``bad_number``.
    """
    bare = "".join(
        letter for letter in text if letter in "+*#" or (letter.isascii() and letter.isdigit())
    )
    if 2 < len(bare) <= 5 and bare.isdigit():
        return bare
    try:
        number = phonenumbers.parse(text, "IL")
    except phonenumbers.NumberParseException:
        raise Problem("bad_number") from None
    if not phonenumbers.is_possible_number(number):
        raise Problem("bad_number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
