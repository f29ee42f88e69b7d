"""What a maker of speech must offer: a text → samples."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ivr.errors import MokedError

if TYPE_CHECKING:
    from ivr.prompts.waveform import Waveform


class EngineFailed(MokedError):
    """An engine could not make this prompt; the next engine in order is tried."""


@dataclass(frozen=True)
class SpeechRequest:
    """One prompt to be made; *recording* is the site's own file, where there is one."""

    language: str
    name: str
    text: str
    recording: Path | None = None


class Engine(Protocol):
    """One way to get a prompt's audio. Blocking: for a worker thread, never the reactor."""

    @property
    def name(self) -> str:
        """Stored with every output."""
        ...

    @property
    def is_online(self) -> bool:
        """Whether it asks another machine: then it never delays set-up."""
        ...

    def offers(self, request: SpeechRequest) -> bool:
        """Whether it can make this prompt here and now (installed, language, file there)."""
        ...

    def source(self, request: SpeechRequest) -> str:
        """Return all that decides the audio: text, voice, version; equal source, equal audio."""
        ...

    def speak(self, request: SpeechRequest) -> "Waveform":
        """Make the audio.

        Raises:
            EngineFailed: it could not be made.
        """
        ...
