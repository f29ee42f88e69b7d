"""What one check of ``moked doctor`` found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing an instance depends on; ``remedy`` says how to mend it."""

    name: str
    ok: bool
    found: str
    remedy: str = ""
