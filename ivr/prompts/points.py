"""Niqqud and our two reading marks, and text without them."""

import re
import unicodedata

_MARKS = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]")


def without_points(text: str) -> str:
    """Return Hebrew as people write it: for a screen, or for a voice that needs no points."""
    return _MARKS.sub("", unicodedata.normalize("NFD", text))
