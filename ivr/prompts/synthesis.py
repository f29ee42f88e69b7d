"""One prompt → its files, through the first engine that can, kept by content hash."""

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.prompts.engine import Engine, EngineFailed, SpeechRequest
from ivr.prompts.manifest import Kind
from ivr.prompts.media import FORMATS

# Raised when shaping changes: everything is made again once.
PIPELINE = "5"


@dataclass(frozen=True)
class Made:
    """The files of one prompt as one engine makes them."""

    engine: str
    key: str
    files: dict[str, bytes]

    @property
    def seconds(self) -> float:
        return len(self.files["alaw"]) / 8000


def content_key(engine: Engine, request: SpeechRequest, kind: Kind) -> str:
    """Return the hash of all that decides what *engine* makes of *request*."""
    parts = (PIPELINE, engine.name, request.language, kind.value, engine.source(request))
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]


class Synthesis:
    """Makes prompts and keeps them under *cache*, one folder per content hash."""

    def __init__(self, cache: Path, engines: Sequence[Engine]) -> None:
        self._cache = cache
        self.engines = tuple(engines)

    def candidates(self, request: SpeechRequest, online: bool) -> list[Engine]:
        """Return the engines that can make *request*, best first."""
        return [
            engine
            for engine in self.engines
            if (online or not engine.is_online) and engine.offers(request)
        ]

    def make(self, engine: Engine, request: SpeechRequest, kind: Kind) -> Made:
        """Return the prompt from the cache, or let *engine* make it.

        Raises:
            EngineFailed: it could not be made, or nothing can be heard in it.
        """
        key = content_key(engine, request, kind)
        files = self._kept(key)
        if files is None:
            files = self._spoken(engine, request, kind)
            self._keep(key, files)
        return Made(engine.name, key, files)

    def _spoken(self, engine: Engine, request: SpeechRequest, kind: Kind) -> dict[str, bytes]:
        # Loading the meters takes a second, which a build that has nothing to do can spare.
        from ivr.prompts.shaping import SILENCES, TooQuiet, shape

        sound = engine.speak(request)
        try:
            shaped = {
                rate: shape(sound, rate, SILENCES[kind]).sixteen_bit()
                for rate in {form.rate for form in FORMATS}
            }
        except TooQuiet as error:
            raise EngineFailed(f"{engine.name}: {error}") from error
        return {form.suffix: form.encode(shaped[form.rate]) for form in FORMATS}

    def _kept(self, key: str) -> dict[str, bytes] | None:
        folder = self._cache / key
        try:
            files = {
                form.suffix: (folder / f"audio.{form.suffix}").read_bytes() for form in FORMATS
            }
        except OSError:
            return None
        # A cut file (full disk) is made again, not played.
        whole = len(files["alaw"]) == len(files["ulaw"]) > 0 and len(files["sln16"]) > 0
        return files if whole else None

    def _keep(self, key: str, files: dict[str, bytes]) -> None:
        self._cache.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=self._cache, prefix=".making-"))
        try:
            for suffix, data in files.items():
                (temporary / f"audio.{suffix}").write_bytes(data)
            temporary.chmod(0o755)
            target = self._cache / key
            if target.exists():  # damaged, or another process was faster
                shutil.rmtree(target, ignore_errors=True)
            temporary.rename(target)
        except OSError:
            shutil.rmtree(temporary, ignore_errors=True)
            if not (self._cache / key).is_dir():
                raise
