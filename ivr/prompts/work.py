"""One prompt to be made: who may make it, and how it comes to where Asterisk plays it."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ivr.prompts.engine import Engine, SpeechRequest
from ivr.prompts.index import Entry, Index
from ivr.prompts.manifest import Kind, Manifest, Prompt
from ivr.prompts.media import write_atomically
from ivr.prompts.synthesis import Made

_RECORDING_SUFFIXES = (".wav", ".flac", ".ogg")


@dataclass(frozen=True)
class Work:
    """What is asked, and of whom, best first."""

    request: SpeechRequest
    kind: Kind
    engines: tuple[Engine, ...]

    @property
    def label(self) -> str:
        return f"{self.request.language}/{self.request.name}"

    def install(self, folder: Path, index: Index, made: Made) -> None:
        """Put the files where Asterisk plays them and write down where they came from."""
        digests = {}
        for suffix, data in made.files.items():
            write_atomically(folder / f"{self.label}.{suffix}", data)
            digests[suffix] = sha256(data).hexdigest()
        entry = Entry(made.engine, self.request.text, made.key, round(made.seconds, 3), digests)
        index.put(self.request.language, self.request.name, entry)


def requests_of(manifest: Manifest) -> Iterator[tuple[SpeechRequest, Kind]]:
    """Yield what is asked of the engines for every prompt of *manifest*."""
    folder = manifest.path.parent
    for prompt in manifest.prompts.values():
        recording = _recording(folder, prompt)
        request = SpeechRequest(manifest.language, prompt.name, prompt.text, recording)
        yield request, prompt.kind


def _recording(folder: Path, prompt: Prompt) -> Path | None:
    if prompt.recording is not None:
        return folder / prompt.recording  # named in the manifest: if it lacks, that is a problem
    candidates = (folder / f"{prompt.name}{suffix}" for suffix in _RECORDING_SUFFIXES)
    return next((path for path in candidates if path.is_file()), None)
