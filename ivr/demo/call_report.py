"""The report of a call placed by ``moked call``: what was heard beside what the server says."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ivr.demo.leg import LegEnd
from ivr.demo.listening import Heard

_LEAST_HEARD = 0.7  # seconds; a prompt cut off before this cannot be recognised
_BAD_OUTCOMES = frozenset({"abandoned", "failed", ""})


@dataclass(frozen=True, slots=True)
class TracePrompt:
    """A prompt that the server says it played; *seconds* played, where it knows."""

    name: str  # as in the library: he/billing_menu
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One step of the server's trace; *at* in seconds since its beginning."""

    label: str
    kind: str
    at: float = 0.0
    prompts: tuple[TracePrompt, ...] = ()
    pressed: str = ""
    went_to: str = ""


@dataclass(frozen=True, slots=True)
class ServerTrace:
    """What the server knows of the call."""

    steps: tuple[TraceStep, ...] = ()
    outcome: str = ""  # talked, ticket, voicemail, …, abandoned, failed
    talking: bool = False  # the caller is connected to a person now


@dataclass(frozen=True, slots=True)
class CallReport:
    """One call, from the caller's side; times in seconds since the INVITE, *heard* since answer."""

    called_number: str
    caller_number: str
    end: LegEnd
    lasted: float
    statuses: tuple[int, ...]
    answered_after: float | None = None
    first_sound_after: float | None = None  # after the answer
    talk_after: float | None = None  # after the answer
    heard: tuple[Heard, ...] = ()
    pressed: tuple[tuple[float, str], ...] = ()  # (seconds since answer, keys)
    packets: tuple[int, int, int] = (0, 0, 0)  # heard, lost, sent
    trace: ServerTrace | None = None
    differences: tuple[str, ...] = field(default=())

    @property
    def outcome(self) -> str:
        """Return the server's word; a refusal that it never saw (native, SIP 403) names itself."""
        if self.trace is not None:
            return self.trace.outcome
        refused = self.answered_after is None and self.end.status == 403
        return "refused by rule" if refused else ""

    @property
    def exit_code(self) -> int:
        """0 good; 1 abandoned, failed or unknown; 2 the server's trace tells another story."""
        if self.outcome in _BAD_OUTCOMES:
            return 1
        return 2 if self.differences else 0


def differences(heard: Sequence[Heard], trace: ServerTrace) -> list[str]:
    """Return every prompt heard but not in the trace, and every one in the trace but not heard.

    Order counts. A prompt that was interrupted within 0.7 s cannot be recognised and is not missed:
    where the server says so, or where a short unknown sound stands in its place.
    """
    prompts = [part for part in heard if part.kind == "prompt"]
    told = [(step.label, prompt) for step in trace.steps for prompt in step.prompts]
    pairs = _longest_common(prompts, [prompt for _, prompt in told])
    heard_known = {h for h, _ in pairs}
    told_known = {t for _, t in pairs}
    scraps = [part for part in heard if part.kind == "sound" and part.seconds < _LEAST_HEARD]
    found = [
        f"heard at {part.start:.1f} s but not in the trace: {part.name}"
        for at, part in enumerate(prompts)
        if at not in heard_known
    ]
    found += [
        f"in the trace (step {label}) but not heard: {prompt.name}"
        for at, (label, prompt) in enumerate(told)
        if at not in told_known
        and not _too_short(prompt)
        and not _scrap(at, pairs, prompts, scraps)
    ]
    return found


def render(report: CallReport) -> str:
    """Return the report as text for a terminal."""
    lines = [f"{report.caller_number} called {report.called_number}: {_beginning(report)}"]
    events = [(part.start, _heard_line(part)) for part in report.heard]
    events += [(at, f"pressed      {keys}") for at, keys in report.pressed]
    if report.talk_after is not None:
        events.append((report.talk_after, "talk begins"))
    lines += [f"  {at:7.2f} s  {text}" for at, text in sorted(events, key=lambda event: event[0])]
    received, lost, sent = report.packets
    lines.append(f"  packets: {received} heard, {lost} lost, {sent} sent")
    lines.append(f"  ended after {report.lasted:.1f} s: {_ending(report.end)}")
    lines += _trace_lines(report)
    return "\n".join(lines)


def _beginning(report: CallReport) -> str:
    passed = " ".join(map(str, report.statuses))
    if report.answered_after is None:
        return f"not answered (SIP {passed})"
    sound = report.first_sound_after
    first = "nothing was heard" if sound is None else f"first sound {sound * 1000:.0f} ms later"
    return f"answered after {report.answered_after:.2f} s (SIP {passed}), {first}"


def _heard_line(part: Heard) -> str:
    length = f"{part.seconds:5.2f} s"
    if part.kind == "silence":
        return f"silence      {length}"
    cut = "" if part.whole or part.kind != "prompt" else "  (cut off)"
    other = f"  or {', '.join(part.alternatives)}" if part.alternatives else ""
    gaps = f"  (stalled for {part.stalled:.2f} s)" if part.stalled else ""
    return f"{part.kind:<12} {length}  {part.level:6.1f} dBFS  {part.name}{other}{cut}{gaps}"


def _ending(end: LegEnd) -> str:
    who = {"us": "the caller hung up", "them": "the other side", "network": "nobody answered"}
    cause = f", cause {end.cause}" if end.cause is not None else ""
    return f"{who[end.by]}, SIP {end.status} {end.reason}{cause}"


def _trace_lines(report: CallReport) -> list[str]:
    if report.trace is None:
        known = f", outcome {report.outcome}" if report.outcome else ""
        return [f"  server: no trace{known}"]
    lines = [f"  server: outcome {report.trace.outcome or 'unknown'}"]
    for step in report.trace.steps:
        said = " ".join(prompt.name for prompt in step.prompts)
        keys = f"  pressed {step.pressed}" if step.pressed else ""
        to = f"  -> {step.went_to}" if step.went_to else ""
        lines.append(f"  {step.at:7.2f} s  {step.kind} {step.label}  {said}{keys}{to}")
    lines += [f"  DIFFERENCE: {text}" for text in report.differences]
    return lines


def _too_short(prompt: TracePrompt) -> bool:
    return prompt.seconds is not None and prompt.seconds < _LEAST_HEARD


def _scrap(
    at: int, pairs: list[tuple[int, int]], prompts: list[Heard], scraps: list[Heard]
) -> bool:
    """Whether a short sound was heard where told prompt *at* belongs; it serves only once."""
    after = max((prompts[h].end for h, t in pairs if t < at), default=float("-inf"))
    before = min((prompts[h].start for h, t in pairs if t > at), default=float("inf"))
    for scrap in scraps:
        if after - 0.1 <= scrap.start <= before:
            scraps.remove(scrap)
            return True
    return False


def _same(part: Heard, prompt: TracePrompt) -> bool:
    return prompt.name == part.name or prompt.name in part.alternatives


def _longest_common(heard: list[Heard], told: list[TracePrompt]) -> list[tuple[int, int]]:
    """Return the longest common subsequence as pairs of positions."""
    best = [[0] * (len(told) + 1) for _ in range(len(heard) + 1)]
    for h in range(len(heard) - 1, -1, -1):
        for t in range(len(told) - 1, -1, -1):
            same = 1 + best[h + 1][t + 1] if _same(heard[h], told[t]) else 0
            best[h][t] = max(same, best[h + 1][t], best[h][t + 1])
    pairs = []
    h = t = 0
    while h < len(heard) and t < len(told):
        if _same(heard[h], told[t]) and best[h][t] == 1 + best[h + 1][t + 1]:
            pairs.append((h, t))
            h, t = h + 1, t + 1
        elif best[h + 1][t] >= best[h][t + 1]:
            h += 1
        else:
            t += 1
    return pairs
