"""A small site and an engine that needs no program, for the tests of build and catalogue."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import soundfile

from ivr.prompts.engine import EngineFailed, SpeechRequest
from ivr.prompts.manifest import MANIFEST_NAME
from ivr.prompts.waveform import Waveform

RATE = 16000
TEXTS = {"hello": "שָׁלוֹם", "sorry_technical": "סְלִיחָה"}


def tone(frequency: float, seconds: float = 0.6) -> Waveform:
    time = np.arange(round(seconds * RATE)) / RATE
    return Waveform((0.2 * np.sin(2 * np.pi * frequency * time)).astype(np.float32), RATE)


class ToneVoice:
    """Speaks every text as a tone; remembers what it was asked; fails when told to."""

    def __init__(self, name: str = "tone_voice", is_online: bool = False) -> None:
        self.name = name
        self.is_online = is_online
        self.asked: list[str] = []
        self.fails = False

    def offers(self, request: SpeechRequest) -> bool:
        return bool(request.text)

    def source(self, request: SpeechRequest) -> str:
        return f"{self.name} {request.text}"

    def speak(self, request: SpeechRequest) -> Waveform:
        self.asked.append(f"{request.language}/{request.name}")
        if self.fails:
            raise EngineFailed("told to fail")
        return tone(300 + 10 * len(request.text))


def write_site(
    folder: Path, texts: Mapping[str, str], languages: tuple[str, ...] = ("he",)
) -> None:
    for language in languages:
        (folder / language).mkdir(parents=True, exist_ok=True)
        entries = "".join(f"  {name}:\n    text: {text}\n" for name, text in texts.items())
        content = f"language: {language}\nprompts:\n{entries}  beep:\n    kind: tone\n"
        (folder / language / MANIFEST_NAME).write_text(content, encoding="utf-8")


def record(path: Path, frequency: float = 600.0) -> None:
    sound = tone(frequency, 1.2)
    soundfile.write(path, sound.samples, sound.rate)
