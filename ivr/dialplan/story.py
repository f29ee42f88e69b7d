"""Simulated calls in words, for terminals and reports: who called, what happened, the end."""

from collections.abc import Iterator

from ivr.dialplan.difference import Changed, Difference
from ivr.dialplan.interpreter import Ending
from ivr.dialplan.outcomes import Reached
from ivr.dialplan.replay import EndsElsewhere, Replay
from ivr.dialplan.scenario import Press, Scenario, Service, usual
from ivr.dialplan.simulation import End, Event, Kind, Simulation

_MOST_SHOWN = 20
_FAILSAFE = "the plan failed: Asterisk's own fail-safe takes the call"


def end_in_words(end: End) -> str:
    """Return the end in few words: ``on_call``, ``message (centre)``, ``lost``."""
    if end.reached is Reached.PERSON:
        return end.whom
    return f"{end.reached} ({end.whom})" if end.whom else str(end.reached)


def caller_in_words(scenario: Scenario) -> str:
    """Return who calls into what world, e.g. ``presses 2, then says nothing, Friday 15:00``."""
    pressed = ", then ".join(map(_press, scenario.presses)) or "presses nothing"
    parts = [f"{pressed}, {scenario.at:%A %H:%M}"]
    for (service, name), answers in scenario.answers.items():
        told = [one.outcome for one in answers]
        if told != [usual(service).outcome]:
            parts.append(f"{service} {name}".strip() + f" {', then '.join(told)}")
    asked = {name for service, name in scenario.answers if service is Service.QUEUE}
    for queue, there in scenario.staffed.items():
        if queue not in asked:
            parts.append(f"queue {queue} {'staffed' if there else 'empty'}")
    parts += [f"{many} wait in {queue}" for queue, many in scenario.waiting.items() if many]
    parts += ["emergency"] if scenario.emergency else []
    parts += [scenario.day.replace("_", " ")] if scenario.day else []
    return "; ".join(parts).replace("_answer", " answer")


def story(simulation: Simulation) -> Iterator[str]:
    """Yield the call line by line: each step when it began, and what happened in it."""
    events = list(simulation.events)
    for step, began in zip(simulation.steps, simulation.began, strict=True):
        yield f"{began:7.1f} s  {step.label} ({step.kind})"
        while events and events[0].visit == step.visit:
            yield f"{events[0].at:7.1f} s      {_event(events.pop(0))}"
    yield f"{simulation.seconds:7.1f} s  {_ending(simulation)}"


def difference_in_words(found: Difference) -> Iterator[str]:
    """Yield ``of 212 paths 9 end elsewhere`` and which they are."""
    tried = f"{found.paths} paths" + ("" if found.whole else ", more were not tried,")
    count = len(found.changed)
    if not count:
        yield f"of {tried} none ends elsewhere"
        return
    yield f"of {tried} {count} {'ends' if count == 1 else 'end'} elsewhere:"
    yield from (f"  {_changed(one)}" for one in found.changed[:_MOST_SHOWN])
    if count > _MOST_SHOWN:
        yield f"  … and {count - _MOST_SHOWN} more"


def replay_in_words(found: Replay) -> Iterator[str]:
    """Yield how many calls would have ended elsewhere, and which."""
    aside = f" ({found.set_aside} could not be replayed)" if found.set_aside else ""
    count = len(found.changed)
    if not count:
        yield f"of {found.calls} calls none would have ended elsewhere{aside}"
        return
    yield f"of {found.calls} calls {count} would have ended elsewhere{aside}:"
    yield from (f"  {_elsewhere(one)}" for one in found.changed[:_MOST_SHOWN])
    if count > _MOST_SHOWN:
        yield f"  … and {count - _MOST_SHOWN} more"


def _changed(one: Changed) -> str:
    before, after = map(end_in_words, one.ends)
    return f"{caller_in_words(one.scenario)}: was {before}, now {after}"


def _elsewhere(one: EndsElsewhere) -> str:
    before, after = end_in_words(one.before), end_in_words(one.after.end)
    call = one.call
    return f"{call.at:%Y-%m-%d %H:%M} {call.line} {call.call_id}: was {before}, now {after}"


def _press(press: Press) -> str:
    after = "" if press.after is None else f"after {press.after:g} s "
    if press.hangs_up:
        return f"{after}hangs up"
    return f"{after}presses {press.keys}" if press.keys else "says nothing"


def _event(event: Event) -> str:
    match event.kind:
        case Kind.HEARD:
            return f"hears {event.name} ({event.seconds:.1f} s)"
        case Kind.PRESSED:
            return f"presses {event.name}"
        case Kind.SILENT:
            return "presses nothing"
        case Kind.HUNG_UP:
            return "the caller hangs up"
        case Kind.ENDED:
            return f"the call is {event.outcome}"
        case Kind.TURNED:
            what = f"{event.service} {event.name}".strip()
            told = event.outcome.replace("_", " ")
            return f"{what}: {told}" + (f" after {event.seconds:.1f} s" if event.seconds else "")


def _ending(simulation: Simulation) -> str:
    if simulation.ending in (Ending.FAILED, Ending.LOOPED):
        return f"end: {_FAILSAFE}"
    return f"end: {end_in_words(simulation.end)}"
