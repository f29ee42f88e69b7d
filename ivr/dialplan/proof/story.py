"""A counterexample as a sentence about a caller, in English, for the command line and logs."""

from collections.abc import Iterator

from ivr.dialplan.proof.prove import Counterexample, Happening, Proof
from ivr.dialplan.proof.rules import Budgets, Rule

_ENDS = {
    Rule.LOST: "the call ends after {seconds:.0f} s and nobody was reached",
    Rule.ENDLESS: "and so on for ever: no counter ends the circle through {label!r}",
    Rule.TOO_LATE: "{seconds:.0f} s without a mistake, and nobody was asked for ({first:.0f} s)",
    Rule.TOO_LONG: "after {seconds:.0f} s still nobody ({in_all:.0f} s in all)",
    Rule.LONG_MENU: "the question at {label!r} speaks for more than {menu:.0f} s",
    Rule.NO_PERSON: "from {label!r} no key leads to a person",
    Rule.SILENCE_LOST: "whoever presses nothing at {label!r} never reaches a person",
}

_EVENTS = {
    "heard": "",
    "answer": "",
    "answered": "",
    "hand_over": "goes on to {name}",
    "pressed": "presses {name}",
    "queue": "queue {name} {outcome} after {seconds:.0f} s",
    "dial": "{name} rings {seconds:.0f} s: {outcome}",
    "hours": "{name} is {outcome}",
    "day": "the day is {outcome}",
    "emergency": "emergency is {outcome}",
    "condition": "{name} is {outcome}",
    "hang_up": "is hung up on",
}


def told(proof: Proof, budgets: Budgets) -> Iterator[str]:
    """Yield one line for each counterexample: who calls when, what happens, what is wrong."""
    for example in proof.counterexamples:
        yield f"{proof.line}: {sentence(example, budgets)}"


def sentence(example: Counterexample, budgets: Budgets) -> str:
    """Return ``Thursday 17:59, presses 2, then says nothing, … → …``."""
    when = example.moment.strftime("%A %d.%m.%Y %H:%M")
    emergency = ", emergency" if example.emergency else ""
    language = f", hears {example.language}"
    events = (_words(one) for one in example.story)
    steps = [word for word in events if word]
    end = _ENDS[example.rule].format(
        seconds=example.seconds,
        label=str(example.label),
        first=budgets.first_person,
        in_all=budgets.in_all,
        menu=budgets.menu,
    )
    return f"{when}{emergency}{language}: {', '.join([*steps, ''])}→ {end}".replace(", →", " →")


def _words(one: Happening) -> str:
    """Return what *one* is in a sentence; what is merely heard is left out."""
    if one.what == "pressed" and not one.name:
        return "says nothing"
    pattern = _EVENTS.get(one.what, "{what} {name}: {outcome}")
    outcome = one.outcome.replace("_", " ")
    return pattern.format(what=one.what, name=one.name, outcome=outcome, seconds=one.seconds)
