"""What a step wants said → what Asterisk plays, in the caller's language."""

from collections.abc import Mapping, Sequence

from ivr.dialplan.context import Speech, Spoken
from ivr.prompts.catalogue import Catalogue
from ivr.prompts.language import Language
from ivr.telephony.caller import Media


class Speaker:
    """Turns prompt names and values into media; else says the value digit by digit."""

    def __init__(self, catalogue: Catalogue, languages: Mapping[str, Language]) -> None:
        self._catalogue = catalogue
        self._languages = languages

    def names(self, language: str, speech: Sequence[Speech]) -> list[str]:
        """Return the names of the prompts that say *speech*, in order."""
        names: list[str] = []
        for item in speech:
            names.extend([item] if isinstance(item, str) else self._value(language, item))
        return names

    def media(self, language: str, names: Sequence[str]) -> Media:
        uris = tuple(self._catalogue.resolve_all(language, names))
        return Media(uris, sum(self._catalogue.length(language, name) for name in names))

    def place(self, language: str, position: int) -> list[str]:
        """Return the prompts of the sentence that tells a place in line."""
        return self._languages[language].place_in_line(position)

    def _value(self, language: str, spoken: Spoken) -> list[str]:
        speaks = self._languages[language]
        if spoken.kind == "place" and spoken.value.isdecimal():
            return speaks.place(int(spoken.value))
        return speaks.digits(spoken.value)
