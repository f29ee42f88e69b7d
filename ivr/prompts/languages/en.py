"""English: digits one by one, places as cardinals."""

import unicodedata

LAST_PLACE_WITH_A_PROMPT = 20


class English:
    """Which prompts say a value in English."""

    code = "en"

    def digits(self, value: str) -> list[str]:
        """Say every digit of *value*, also of other scripts; anything else is passed over."""
        found = (unicodedata.digit(character, None) for character in value)
        return [f"digit_{digit}" for digit in found if digit is not None]

    def place(self, position: int) -> list[str]:
        """Say a place; one without a prompt of its own is said digit by digit."""
        if 1 <= position <= LAST_PLACE_WITH_A_PROMPT:
            return [f"place_{position}"]
        return self.digits(str(position))

    def place_in_line(self, position: int) -> list[str]:
        """Say "you are number … in line"; the first hears that they are next."""
        if position == 1:
            return ["you_are_next"]
        if position > LAST_PLACE_WITH_A_PROMPT:
            return ["queue_position"]
        return ["queue_you_are_number", *self.place(position), "queue_in_line"]
