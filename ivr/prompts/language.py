"""What a spoken language must offer: values → the names of prompts to play, one after another."""

from typing import Protocol


class Language(Protocol):
    """Pure functions; every name returned is in the language's manifest."""

    @property
    def code(self) -> str:
        """ISO 639 code, as in ``prompts/<code>/``."""
        ...

    def digits(self, value: str) -> list[str]:
        """Return the prompts that say *value* digit by digit; what is no digit is not said."""
        ...

    def place(self, position: int) -> list[str]:
        """Return the prompts that say a place in line, counted from 1, as a part of a sentence."""
        ...

    def place_in_line(self, position: int) -> list[str]:
        """Return the whole sentence that tells a caller which place in line they have."""
        ...
