"""The files of recordings: what Asterisk wrote is sealed, the clear file removed, opened again."""

import wave
from dataclasses import dataclass
from pathlib import Path

from ivr.errors import RecordNotFound
from ivr.ids import RecordingName
from ivr.storage.records import RecordingRecord
from ivr.storage.threads import Threads
from ivr.storage.vault import SealBroken, Vault


@dataclass(frozen=True, slots=True)
class Kept:
    """A sealed recording: *path* is relative to the folder, *seconds* what the WAV holds."""

    seconds: float
    size: int
    checksum: str
    path: str
    wrapped_key: str


class RecordingFiles:
    """The folder of sealed recordings; all work is done in *threads*."""

    def __init__(self, vault: Vault, folder: Path, threads: Threads) -> None:
        self._vault = vault
        self._folder = folder
        self._threads = threads

    async def keep(self, clear: Path, name: RecordingName) -> Kept:
        """Seal the WAV *clear* and remove it.

        Raises:
            OSError: it is not there, is no WAV, or there is no room for the sealed file.
        """
        return await self._threads.run(lambda: self._keep(clear, name))

    async def forget(self, clear: Path) -> None:
        """Remove the WAV *clear*, unsealed.

        Raises:
            OSError: it cannot be removed.
        """
        await self._threads.run(lambda: clear.unlink(missing_ok=True))

    async def audio(self, recording: RecordingRecord) -> bytes:
        """Return the WAV.

        Raises:
            RecordNotFound: its file is gone, or is not what was sealed.
        """
        return await self._threads.run(lambda: self._open(recording))

    def _keep(self, clear: Path, name: RecordingName) -> Kept:
        seconds = _seconds(clear)
        path = f"{name[-2:]}/{name}.sealed"
        target = self._folder / path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        sealed = self._vault.seal(clear, target)
        clear.unlink()
        return Kept(seconds, sealed.size, sealed.checksum, path, sealed.wrapped_key)

    def _open(self, recording: RecordingRecord) -> bytes:
        if not recording.path:
            raise RecordNotFound(f"recording {recording.name} was deleted")
        try:
            parts = self._vault.open_range(self._folder / recording.path, recording.wrapped_key)
            return b"".join(parts)
        except (FileNotFoundError, SealBroken) as error:
            raise RecordNotFound(f"recording {recording.name}: {error}") from error


def _seconds(clear: Path) -> float:
    try:
        with wave.open(str(clear)) as sound:
            return float(sound.getnframes() / sound.getframerate())
    except (wave.Error, EOFError) as error:
        raise OSError(f"no WAV: {error}") from error
