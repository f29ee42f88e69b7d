"""Prompt names → media that can really be played; a missing file never means silence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from ivr.prompts.index import Index
from ivr.prompts.manifest import Manifest
from ivr.prompts.media import FORMATS, media_uri

log = structlog.get_logger(__name__)

SHORTEST = 0.2  # seconds; anything shorter is a broken file
QUIETEST = 0.01  # RMS of full scale (−40 dBFS); prompts are made at −20 LUFS
APOLOGY = "sorry_technical"
LAST_TONE = "beep"
# Asterisk's own sound: what is left when our whole folder is gone.
LAST_RESORT = "sound:beep"


@dataclass(frozen=True)
class Missing:
    """A prompt that cannot be played as it should, and why."""

    language: str
    name: str
    reason: str


class Catalogue:
    """All prompts of a site, each checked: there, whole, long enough, audible.

    Reading ≈ 200 short files takes some 50 ms: build and `refresh` it in a thread.
    """

    def __init__(self, folder: Path, manifests: Mapping[str, Manifest]) -> None:
        """*folder* is ``$MOKED_HOME/prompts``; the manifests' order is the fall-back order."""
        self._folder = folder
        self._manifests = dict(manifests)
        self._lengths: dict[tuple[str, str], float] = {}
        self._missing: list[Missing] = []
        self.refresh()

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._manifests)

    def names(self, language: str) -> frozenset[str]:
        """Return every name a dialplan may use in *language*."""
        return frozenset(self._manifests[language].prompts)

    def refresh(self) -> None:
        """Look at every file again."""
        index = Index(self._folder)
        lengths: dict[tuple[str, str], float] = {}
        missing: list[Missing] = []
        for language, manifest in self._manifests.items():
            for name in manifest.prompts:
                found = self._check(index, language, name)
                if isinstance(found, Missing):
                    missing.append(found)
                else:
                    lengths[language, name] = found
        # Swapped whole: a call that asks meanwhile (other thread) sees the old answer or the new.
        self._lengths, self._missing = lengths, missing
        for lack in missing:
            log.error("prompt cannot be played", language=lack.language, name=lack.name,
                      reason=lack.reason)  # fmt: skip

    def missing(self) -> tuple[Missing, ...]:
        """Return what is wrong, for status and doctor."""
        return tuple(self._missing)

    def media(self, language: str, name: str) -> str:
        """Return the URI of the one file to play; falls back as `resolve` does."""
        return self.resolve(language, name)[0]

    def resolve(self, language: str, name: str) -> list[str]:
        """Return the media to play for *name*, never empty.

        The prompt itself; else the same in another language; else the apology, in this language
        or another; else a tone.
        """
        own = self._playable(language, name)
        if own is not None:
            return [media_uri(own, name)]
        log.error("prompt replaced", prompt=f"{language}/{name}")
        for substitute in (APOLOGY, LAST_TONE):
            spoken = self._playable(language, substitute)
            if spoken is not None:
                return [media_uri(spoken, substitute)]
        return [LAST_RESORT]

    def resolve_all(self, language: str, names: Sequence[str]) -> list[str]:
        """Return the media of several prompts, as one list for ARI's ``play``."""
        return [media for name in names for media in self.resolve(language, name)]

    def length(self, language: str, name: str) -> float:
        """Return how many seconds of what `resolve` gives for *name* are heard."""
        for candidate in (name, APOLOGY, LAST_TONE):
            spoken = self._playable(language, candidate)
            if spoken is not None:
                return self._lengths[spoken, candidate]
        return 1.0

    def _playable(self, language: str, name: str) -> str | None:
        """Return the language in which *name* can be played, the wanted one if possible."""
        for candidate in (language, *self._manifests):
            if (candidate, name) in self._lengths:
                return candidate
        return None

    def _check(self, index: Index, language: str, name: str) -> float | Missing:
        """Return the length in seconds, or what is wrong: every format must be good."""
        entry = index.get(language, name)
        if entry is not None and not index.is_intact(language, name):
            return Missing(language, name, "a file is missing or was changed")
        seconds = 0.0
        for form in FORMATS:
            path = self._folder / language / f"{name}.{form.suffix}"
            try:
                sound = form.read(path.read_bytes())
            except OSError:
                return Missing(language, name, f"{path.name} cannot be read")
            if sound.seconds < SHORTEST:
                return Missing(language, name, f"{path.name} is shorter than {SHORTEST} s")
            if sound.rms < QUIETEST:
                return Missing(language, name, f"{path.name} is silent")
            seconds = sound.seconds
        return seconds
