"""The sounds that are no speech: computed here, so that they need no file and no licence."""

from collections.abc import Callable

import numpy as np

from ivr.prompts.engine import EngineFailed, SpeechRequest
from ivr.prompts.waveform import Samples, Waveform

RATE = 16000
VERSION = "1"  # raised when a sound below changes


class Generated:
    """Makes the prompts whose kind is ``tone``, alike in every language."""

    name = "generated"
    is_online = False

    def offers(self, request: SpeechRequest) -> bool:
        return request.name in TONES and not request.text

    def source(self, request: SpeechRequest) -> str:
        return f"{VERSION} {request.name}"

    def speak(self, request: SpeechRequest) -> Waveform:
        try:
            return TONES[request.name]()
        except KeyError:
            raise EngineFailed(f"no tone is called {request.name}") from None


def beep() -> Waveform:
    """Return the tone before a recording: 1 kHz, a quarter of a second."""
    return Waveform(_tone(1000.0, 0.25), RATE)


def hold_tone() -> Waveform:
    """Return two soft notes and a rest, four seconds: heard again and again while waiting."""
    notes = np.concatenate((_tone(440.0, 0.4, 0.12), _tone(554.37, 0.6, 0.25)))
    rest = np.zeros(int(4.0 * RATE) - len(notes), dtype=np.float32)
    return Waveform(np.concatenate((notes, rest)), RATE)


TONES: dict[str, Callable[[], Waveform]] = {"beep": beep, "hold_tone": hold_tone}


def _tone(frequency: float, seconds: float, ramp: float = 0.01) -> Samples:
    time = np.arange(round(seconds * RATE)) / RATE
    ends = np.minimum(1.0, np.minimum(time, seconds - time) / ramp)
    # −20 LUFS of a sine at 1 kHz is an amplitude of about 0.14.
    return (0.14 * np.sin(2 * np.pi * frequency * time) * ends).astype(np.float32)
