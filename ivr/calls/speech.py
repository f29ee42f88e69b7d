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
        """Return what says *names*; one written ``en/name`` is said in that language."""
        wanted = [_in_language(language, name) for name in names]
        uris = tuple(uri for one in wanted for uri in self._catalogue.resolve(*one))
        return Media(uris, sum(self._catalogue.length(*one) for one in wanted))

    def place(self, language: str, position: int) -> list[str]:
        """Return the prompts of the sentence that tells a place in line."""
        return self._languages[language].place_in_line(position)

    def _value(self, language: str, spoken: Spoken) -> list[str]:
        speaks = self._languages[language]
        if spoken.kind == "place" and spoken.value.isdecimal():
            return speaks.place(int(spoken.value))
        return speaks.digits(spoken.value)


def _in_language(language: str, name: str) -> tuple[str, str]:
    own, _, bare = name.rpartition("/")
    return own or language, bare
