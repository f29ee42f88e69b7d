"""Which prompt is that? Fingerprints of speech by its spectrum over time, matched by correlation.

A fingerprint is the compressed energy of 16 bands every 10 ms. The mean of each band is taken out
before comparing, so level and codec do not matter; energy far below speech counts as nothing, so
noise on the line does not either.
"""

import itertools
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ivr.demo.g711 import RATE, Pcm

Features = NDArray[np.float32]  # frames x bands

HOP = 80  # samples between frames
FRAMES_A_SECOND = RATE // HOP
HEAD = FRAMES_A_SECOND // 2  # frames by which a prompt is first looked for
_WINDOW = 256
_BANDS = 16
_BLOCK = FRAMES_A_SECOND // 5
_FLOOR = 3e-4  # energy of a band at which compression begins, full scale = 1
_HEAD_LIKE = 0.70
_BLOCK_LIKE = 0.45
_QUIET = 0.3  # a block with less movement than this holds no speech
_STEADY = 1.0  # movement below that of any speech
_SHORTEST_STALL = FRAMES_A_SECOND // 20
_LONGEST_STALL = FRAMES_A_SECOND
_NOISE = 2.5  # energy that noise on a line seldom has
_EDGE = 8  # frames of silence around a beep
_RAMP = 3  # frames that a window needs to be filled
_AT_ONCE = 2000  # positions compared in one matrix


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One prompt as it would be heard from its first sound on."""

    name: str
    frames: Features
    lead: int  # frames of silence before its first sound

    @property
    def seconds(self) -> float:
        return len(self.frames) / FRAMES_A_SECOND


@dataclass(frozen=True, slots=True)
class Match:
    """*name* was heard from frame *start* on for *frames* frames; *likeness* is 0 … 1."""

    name: str
    start: int
    frames: int
    likeness: float
    whole: bool
    alternatives: tuple[str, ...] = ()  # others that sound the same for as long as it was heard
    gap: int = 0  # frames of silence in it that are not its own

    @property
    def end(self) -> int:
        return self.start + self.frames + self.gap


def features(samples: Pcm) -> Features:
    """Return the compressed band energies of *samples* (8 kHz): one row for each 10 ms."""
    if len(samples) < _WINDOW:
        samples = np.pad(samples, (0, _WINDOW - len(samples)))
    scaled = samples.astype(np.float32) / 32768
    windows = np.lib.stride_tricks.sliding_window_view(scaled, _WINDOW)[::HOP]
    power = np.abs(np.fft.rfft(windows * _HANN, axis=1)) ** 2
    bands = (power @ _MEL).astype(np.float32)
    return np.asarray(np.log1p(bands / _FLOOR), np.float32)


def fingerprint(name: str, samples: Pcm) -> Fingerprint | None:
    """Return the fingerprint of a prompt, ``None`` if nothing can be heard in it."""
    frames = features(samples)
    loud = np.flatnonzero(audible(frames))
    if not len(loud):
        return None
    first, last = int(loud[0]), int(loud[-1]) + 1
    if _movement(frames[first + _RAMP : last - _RAMP]) >= _STEADY:
        return Fingerprint(name, frames[first:last], first)
    frames = features(
        np.pad(samples, _EDGE * HOP)
    )  # a beep is known by its edges: they belong to it
    return Fingerprint(name, frames[first : last + 2 * _EDGE], first)


def audible(frames: Features) -> NDArray[np.bool_]:
    """Return for each frame whether a listener would notice it (about -47 dBFS and louder)."""
    return np.asarray(frames.max(axis=1) > 1.5, np.bool_)


class Library:
    """All prompts that may be heard, ready to be looked for."""

    def __init__(self, prompts: list[Fingerprint]) -> None:
        self.prompts = prompts
        by_length: dict[int, list[Fingerprint]] = {}
        for prompt in prompts:
            by_length.setdefault(min(HEAD, len(prompt.frames)), []).append(prompt)
        self._heads = [
            (length, group, _unit(np.stack([p.frames[:length] for p in group])))
            for length, group in sorted(by_length.items())
            if length >= _BLOCK // 2
        ]

    def find(self, heard: Features) -> list[Match]:
        """Return what is recognised in *heard*, in order, without overlaps."""
        heard = np.pad(heard, ((_EDGE, _EDGE), (0, 0)))  # so that an edge at its end is one, too
        candidates = [
            replace(match, start=max(0, match.start - _EDGE))
            for length, group, heads in self._heads
            for match in _candidates(heard, length, group, heads)
        ]
        candidates.sort(key=_weight, reverse=True)
        chosen: list[Match] = []
        for match in candidates:
            if all(_apart(match, other) for other in chosen):
                chosen.append(_with_alternatives(match, candidates))
        return sorted(chosen, key=lambda match: match.start)


def _weight(match: Match) -> float:
    """Return how much speaks for *match*: long, alike, and heard to its end."""
    return float(match.frames * match.likeness**3 * (1.1 if match.whole else 1.0))


def _candidates(
    heard: Features, length: int, group: list[Fingerprint], heads: Features
) -> list[Match]:
    found = []
    for begin in range(0, len(heard) - length + 1, _AT_ONCE):
        part = heard[begin : begin + _AT_ONCE + length - 1]
        likeness = _likeness(part, length, heads)
        for which, at in zip(*_peaks(likeness), strict=True):
            match = _extend(heard, begin + int(at), group[which])
            if match is not None:
                found.append(match)
    return found


def _likeness(part: Features, length: int, heads: Features) -> Features:
    """Return the correlation of each head (rows) with *part* at each position (columns)."""
    windows = np.lib.stride_tricks.sliding_window_view(part, length, axis=0)
    flat = windows - windows.mean(axis=2, keepdims=True)
    flat = flat.transpose(0, 2, 1).reshape(len(flat), -1)
    norms = np.linalg.norm(flat, axis=1)
    result = heads @ flat.T / np.maximum(norms, 1e-3)
    result[:, norms < _QUIET * length**0.5] = 0.0
    return np.asarray(result, np.float32)


def _peaks(likeness: Features) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    padded = np.pad(likeness, ((0, 0), (8, 8)), constant_values=-1.0)
    around = np.lib.stride_tricks.sliding_window_view(padded, 17, axis=1).max(axis=2)
    which, at = np.nonzero((likeness >= _HEAD_LIKE) & (likeness >= around))
    return which, at


@dataclass(frozen=True, slots=True)
class _Piece:
    """Frames *begin* to *end* of a prompt, heard *gap* frames later than without the stalls."""

    begin: int
    end: int
    gap: int = 0


def _extend(heard: Features, start: int, prompt: Fingerprint) -> Match | None:
    """Follow *prompt* from *start* until it is no longer what is heard, over stalls in it."""
    pieces = [_Piece(0, 0)]
    while True:
        followed = _follow(heard, start, prompt.frames, pieces[-1])
        pieces[-1] = followed
        resumed = _resume(heard, start, prompt.frames, followed)
        if resumed is None:
            break
        pieces[-1] = _Piece(followed.begin, min(followed.end, resumed.begin), followed.gap)
        pieces.append(resumed)
    return _judge(heard, start, prompt, pieces)


def _follow(heard: Features, start: int, prompt: Features, piece: _Piece) -> _Piece:
    """Return *piece* made longer, block by block, for as long as the prompt is heard."""
    frames = piece.end
    while frames < len(prompt):
        wanted = prompt[frames : frames + _BLOCK]
        at = start + frames + piece.gap
        got = heard[at : at + len(wanted)]
        if not _alike(wanted[: len(got)], got):
            break
        frames += len(got)
        if len(got) < len(wanted):
            break
    return _Piece(piece.begin, frames, piece.gap)


def _resume(heard: Features, start: int, prompt: Features, piece: _Piece) -> _Piece | None:
    """Return where the prompt goes on behind a silence that is not its own, if it does.

    On a starved machine the sound stops for a moment and goes on where it was.
    """
    if piece.end - piece.begin < _BLOCK or piece.end >= len(prompt):
        return None
    around = max(0, start + piece.end + piece.gap - _BLOCK)
    silence = _silence(_spoken(heard[around : around + 2 * _BLOCK + _LONGEST_STALL]))
    if silence is None:
        return None
    stopped, resumes = around + silence[0], around + silence[1]
    ahead = np.flatnonzero(_spoken(prompt[max(0, stopped - start - piece.gap) :]))
    if not len(ahead):
        return None
    place = max(0, stopped - start - piece.gap) + int(ahead[0])
    if resumes - start - place - piece.gap < _SHORTEST_STALL:
        return None  # the prompt's own pause
    for shift in (0, 2, -2, 4, -4):
        at = place + shift
        length = min(HEAD, len(prompt) - at, len(heard) - resumes)
        rest, got = prompt[at : at + length], heard[resumes : resumes + length]
        if length >= _BLOCK and _correlation(rest, got) >= _HEAD_LIKE:
            return _Piece(at, at, resumes - start - at)
    return None


def _spoken(frames: Features) -> NDArray[np.bool_]:
    """Return for each frame whether it is louder than the noise of a line."""
    return np.asarray(frames.max(axis=1) > _NOISE, np.bool_)


def _silence(loud: NDArray[np.bool_]) -> tuple[int, int] | None:
    """Return begin and end of the first silence in *loud* that sound follows, if it is long."""
    sounds = np.flatnonzero(loud)
    for before, after in itertools.pairwise([-1, *map(int, sounds)]):
        if after - before > _SHORTEST_STALL:
            return before + 1, after
    return None


def _judge(heard: Features, start: int, prompt: Fingerprint, pieces: list[_Piece]) -> Match | None:
    """Return the match that *pieces* are, ``None`` if they prove too little."""
    frames = pieces[-1].end
    whole = frames >= len(prompt.frames) - _BLOCK
    while not whole and frames and _movement(prompt.frames[frames - _BLOCK : frames]) < _QUIET:
        frames -= _BLOCK  # a pause in the prompt is like any other silence: it proves nothing
    if frames < HEAD - _BLOCK // 2 and not whole:
        return None
    score = _score(heard, start, prompt.frames, pieces, frames)
    if score < _HEAD_LIKE and frames > HEAD:  # the last block may hold the moment of barge-in
        frames -= _BLOCK
        score = _score(heard, start, prompt.frames, pieces, frames)
    if score < (_HEAD_LIKE if frames >= HEAD else 0.85):
        return None
    gap = max(piece.gap for piece in pieces if piece.begin <= frames)
    return Match(prompt.name, start, frames, score, whole, gap=gap)


def _score(
    heard: Features, start: int, prompt: Features, pieces: list[_Piece], frames: int
) -> float:
    """Return how alike the first *frames* frames of the prompt are to what was heard of them."""
    spans = [(one.begin, min(one.end, frames), one.gap) for one in pieces if one.begin < frames]
    wanted = [prompt[begin:end] for begin, end, _gap in spans]
    got = [heard[start + gap + begin : start + gap + end] for begin, end, gap in spans]
    return _correlation(np.concatenate(wanted), np.concatenate(got))


def _alike(wanted: Features, got: Features) -> bool:
    if len(got) < _BLOCK // 4:
        return False
    if _movement(wanted) < _QUIET:
        return bool(_movement(got) < 4 * _QUIET)
    return _correlation(wanted, got) >= _BLOCK_LIKE


def _movement(frames: Features) -> float:
    if not len(frames):
        return 0.0
    return float(np.sqrt(np.mean(np.square(frames - frames.mean(axis=0)))))


def _correlation(one: Features, other: Features) -> float:
    """Return how alike two stretches of equal length are, -1 … 1."""
    if not len(one):
        return 0.0
    a, b = one - one.mean(axis=0), other - other.mean(axis=0)
    norm = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(np.vdot(a, b)) / norm if norm > 1e-6 else 0.0


def _apart(one: Match, other: Match) -> bool:
    slack = FRAMES_A_SECOND // 10
    return one.end <= other.start + slack or other.end <= one.start + slack


def _with_alternatives(match: Match, candidates: list[Match]) -> Match:
    alike = {
        other.name
        for other in candidates
        if other.name != match.name
        and abs(other.start - match.start) <= 10
        and other.frames >= match.frames - _BLOCK
        and other.likeness >= match.likeness - (0.05 if match.whole else 0.2)
    }
    return replace(match, alternatives=tuple(sorted(alike)))


def _unit(heads: Features) -> Features:
    centred = heads - heads.mean(axis=1, keepdims=True)
    flat = centred.reshape(len(heads), -1)
    return np.asarray(flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6))


def _mel_bands() -> NDArray[np.float32]:
    """Return triangular filters, bins x bands, evenly spaced in mel from 150 to 3700 Hz."""
    edges = 700 * (10 ** (np.linspace(_mel(150.0), _mel(3700.0), _BANDS + 2) / 2595) - 1)
    bins = np.fft.rfftfreq(_WINDOW, 1 / RATE)
    rising = (bins[:, None] - edges[None, :-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[None, 2:] - bins[:, None]) / (edges[2:] - edges[1:-1])
    return np.maximum(0.0, np.minimum(rising, falling)).astype(np.float32)


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))


_HANN = np.hanning(_WINDOW).astype(np.float32)
_MEL = _mel_bands()
