"""Runs espeak-ng: text or phonemes in, samples out."""

import shutil
import subprocess
from dataclasses import dataclass
from functools import cache

from ivr.prompts.engine import EngineFailed
from ivr.prompts.waveform import NotSound, Waveform, read_waveform

PROGRAM = "espeak-ng"
TIME_LIMIT = 20.0  # seconds for one prompt; it takes some 30 ms


@dataclass(frozen=True)
class Voice:
    """A voice of espeak-ng: name, words a minute, pitch (0-99; 50 is the voice's own)."""

    name: str
    speed: int
    pitch: int = 50


@cache
def version() -> str | None:
    """Return what espeak-ng says about itself, or None where it is not installed."""
    program = shutil.which(PROGRAM)
    if program is None:
        return None
    try:
        answer = subprocess.run(  # noqa: S603 - a fixed program with fixed arguments
            [program, "--version"], capture_output=True, timeout=TIME_LIMIT, check=True, text=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.split("Data at")[0].strip()


def speak(text: str, voice: Voice) -> Waveform:
    """Say *text* (phonemes in ``[[…]]``) with *voice*.

    Raises:
        EngineFailed: espeak-ng failed or gave no sound.
    """
    try:
        return read_waveform(with_true_length(_run(text, voice, "--stdout")))
    except NotSound as error:
        raise EngineFailed(f"espeak-ng: {error}") from error


def score(text: str, voice: Voice) -> str:
    """Return what an MBROLA *voice* should say, in MBROLA's .pho format.

    Raises:
        EngineFailed: espeak-ng failed; for one, MBROLA or the voice is not installed.
    """
    return _run(text, voice, "-q", "--pho").decode(errors="replace")


def with_true_length(wav: bytes) -> bytes:
    """Write the lengths into the header: on a pipe nobody can go back to do it."""
    riff, data = len(wav) - 8, len(wav) - 44
    if data < 0:
        return wav  # no sound at all, which the reader tells
    return wav[:4] + riff.to_bytes(4, "little") + wav[8:40] + data.to_bytes(4, "little") + wav[44:]


def _run(text: str, voice: Voice, *options: str) -> bytes:
    manner = ["-v", voice.name, "-s", str(voice.speed), "-p", str(voice.pitch)]
    try:
        return subprocess.run(  # noqa: S603 - the text goes through stdin, never a shell
            [PROGRAM, *manner, "--stdin", *options],
            input=text.encode(),
            capture_output=True,
            timeout=TIME_LIMIT,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineFailed(f"espeak-ng: {type(error).__name__}") from error
