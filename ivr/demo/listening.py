"""What was heard, in words: prompts by name, parties, tones, other sounds and silences."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ivr.demo.fingerprint import FRAMES_A_SECOND, HOP, Features, Library, Match, audible, features
from ivr.demo.g711 import RATE, Pcm, level_dbfs
from ivr.demo.prompt_library import PARTY

Kind = Literal["prompt", "party", "tone", "sound", "silence"]

SHORTEST_SILENCE = 0.3  # seconds; shorter pauses belong to speech
_SHORTEST_SOUND = 0.1
_MELODY_FRAMES = round(0.9 * FRAMES_A_SECOND)


@dataclass(frozen=True, slots=True)
class Heard:
    """One stretch of what came back; times in seconds since the answer, level in dBFS."""

    kind: Kind
    start: float
    end: float
    name: str = ""
    level: float = -100.0
    whole: bool = False  # the prompt was heard to its end
    alternatives: tuple[str, ...] = ()
    stalled: float = 0.0  # seconds of silence in it that are not its own

    @property
    def seconds(self) -> float:
        return self.end - self.start


def listen(samples: Pcm, library: Library, *, begins: float = 0.0) -> list[Heard]:
    """Return what is in *samples* (8 kHz), in order; their first one was heard at *begins*."""
    if not len(samples):
        return []
    frames = features(samples)
    matches = [match for match in library.find(frames) if _is_sure(match)]
    heard = [_known(match) for match in matches] + _unknown(samples, frames, matches)
    heard.sort(key=lambda part: part.start)
    whole = _with_silences(heard, len(samples) / RATE)
    return [_placed(part, samples, begins) for part in whole]


def first_sound(samples: Pcm) -> float | None:
    """Return the seconds before the first audible sound in *samples*."""
    if len(samples) < RATE // 20:
        return None
    loud = np.flatnonzero(audible(features(samples)))
    return float(loud[0]) / FRAMES_A_SECOND if len(loud) else None


def audible_seconds(samples: Pcm) -> tuple[float, float]:
    """Return how long something was audible in *samples*, and for how long nothing at their end."""
    if len(samples) < RATE // 20:
        return 0.0, len(samples) / RATE
    loud = np.flatnonzero(audible(features(samples)))
    if not len(loud):
        return 0.0, len(samples) / RATE
    return len(loud) / FRAMES_A_SECOND, len(samples) / RATE - loud[-1] / FRAMES_A_SECOND


def _is_sure(match: Match) -> bool:
    """A melody is known by nearly a second of it: hold music has notes like it, too."""
    return not match.name.startswith(PARTY) or match.frames >= _MELODY_FRAMES


def _known(match: Match) -> Heard:
    party = match.name.startswith(PARTY)
    return Heard(
        "party" if party else "prompt",
        match.start / FRAMES_A_SECOND,
        match.end / FRAMES_A_SECOND,
        match.name.removeprefix(PARTY),
        whole=match.whole,
        alternatives=match.alternatives,
        stalled=match.gap / FRAMES_A_SECOND,
    )


def _unknown(samples: Pcm, frames: Features, matches: list[Match]) -> list[Heard]:
    """Return the audible stretches that no match explains."""
    loud = audible(frames)
    for match in matches:
        tail = 5 if match.whole else 40  # what is left of a block in which a prompt was cut off
        loud[max(0, match.start - 10) : match.end + tail] = False
    unknown = []
    for start, end in _stretches(loud, round(SHORTEST_SILENCE * FRAMES_A_SECOND)):
        if end - start >= _SHORTEST_SOUND * FRAMES_A_SECOND:
            cut = samples[start * HOP : end * HOP]
            kind: Kind = "tone" if _is_tone(cut) else "sound"
            unknown.append(Heard(kind, start / FRAMES_A_SECOND, end / FRAMES_A_SECOND))
    return unknown


def _stretches(loud: NDArray[np.bool_], longest_pause: int) -> list[tuple[int, int]]:
    stretches: list[tuple[int, int]] = []
    for at in map(int, np.flatnonzero(loud)):
        if stretches and at - stretches[-1][1] <= longest_pause:
            stretches[-1] = (stretches[-1][0], at + 1)
        else:
            stretches.append((at, at + 1))
    return stretches


def _is_tone(samples: Pcm) -> bool:
    """Whether nearly all energy stays in a few steady frequencies (ringing, busy, beep)."""
    width = 512
    count = len(samples) // width
    if count < 1:
        return False
    windows = samples[: count * width].reshape(count, width) * np.hanning(width)
    power = np.abs(np.fft.rfft(windows, axis=1)) ** 2
    total = power.sum(axis=0)
    strongest = np.sort(total)[::-1][:8].sum()
    return bool(strongest > 0.9 * max(float(total.sum()), 1e-9))


def _with_silences(heard: list[Heard], end: float) -> list[Heard]:
    """Put silences between the sounds, before the first and after the last one."""
    result: list[Heard] = []
    at = 0.0
    for part in heard:
        if part.start - at >= SHORTEST_SILENCE:
            result.append(Heard("silence", at, part.start))
        result.append(part)
        at = max(at, part.end)
    if end - at >= SHORTEST_SILENCE:
        result.append(Heard("silence", at, end))
    return result


def _placed(part: Heard, samples: Pcm, begins: float) -> Heard:
    cut = samples[round(part.start * RATE) : round(part.end * RATE)]
    return Heard(
        part.kind,
        round(part.start + begins, 2),
        round(part.end + begins, 2),
        part.name,
        round(level_dbfs(cut), 1),
        part.whole,
        part.alternatives,
        part.stalled,
    )
