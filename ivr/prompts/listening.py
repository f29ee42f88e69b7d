"""A prompt as people listen to it: what callers hear by telephone, as a WAV."""

import hashlib
import io
import wave
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from ivr.errors import RecordNotFound
from ivr.prompts.g711 import decode_alaw

_RATE = 8000


@dataclass(frozen=True, slots=True)
class PromptSound:
    """The sound, and what names it: another sound has another *tag*."""

    wav: bytes
    tag: str


def prompt_sound(
    folder: Path, known: Mapping[str, Collection[str]], language: str, name: str
) -> PromptSound:
    """Return the built prompt of *folder* (``$MOKED_HOME/prompts``); *known*: names by language.

    Raises:
        RecordNotFound: there is no such prompt, or it is not made yet.
    """
    if name not in known.get(language, ()):
        raise RecordNotFound(f"no prompt {language}/{name}")
    try:
        heard = (folder / language / f"{name}.alaw").read_bytes()
    except OSError as error:
        raise RecordNotFound(f"the prompt {language}/{name} is not made yet") from error
    tag = hashlib.sha256(heard).hexdigest()[:24]
    return PromptSound(_wav(heard), f'"{tag}"')


def _wav(heard: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writing:
        writing.setnchannels(1)
        writing.setsampwidth(2)
        writing.setframerate(_RATE)
        writing.writeframes(decode_alaw(heard).astype("<i2").tobytes())
    return file.getvalue()
