"""A person's voice: the site's own recording, which wins over every synthetic voice."""

import hashlib

from ivr.prompts.engine import EngineFailed, SpeechRequest
from ivr.prompts.waveform import NotSound, Waveform, read_waveform


class Recorded:
    """Reads the file that lies beside the manifest."""

    name = "recorded"
    is_online = False

    def offers(self, request: SpeechRequest) -> bool:
        return request.recording is not None

    def source(self, request: SpeechRequest) -> str:
        """Return what the file holds: a new take of the same name is a new source."""
        if request.recording is None:
            return ""
        try:
            return hashlib.sha256(request.recording.read_bytes()).hexdigest()
        except OSError:
            return "unreadable"

    def speak(self, request: SpeechRequest) -> Waveform:
        if request.recording is None:
            raise EngineFailed("there is no recording")
        try:
            return read_waveform(request.recording)
        except NotSound as error:
            raise EngineFailed(f"{request.recording.name}: {error}") from error
