"""Random dialplans that serve everybody, and random callers and worlds to try them in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import strategies as st
from pydantic import TypeAdapter

from ivr.dialplan.outcomes import (
    DayKind,
    DialOutcome,
    LookedUp,
    LookupOutcome,
    MessageOutcome,
    QueueOutcome,
)
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.steps import STEP_KINDS
from ivr.ids import Label, LineName
from tests.fakes.caller import FakeCall

HOURS = "billing_department"
QUEUES = ("billing", "centre")
NUMBERS = ("external_payment_centre", "on_call")
KEYS = "123456789*#0"
PROMPTS = ("billing_menu", "welcome_billing", "no_match", "leave_message")
COLOURS = ("אדום", 'כחול "1" $[1]', "x;y")
ROUNDS = 2  # how often a random circle is gone round
CONDITIONS = (
    f"is_open('{HOURS}')",
    "is_emergency()",
    f"is_open('{HOURS}') && !is_emergency()",
    "is_staffed('billing') || is_emergency()",
    "language == 'en'",
    "vars.key == '1'",
    "vars.key in ['2', '3'] || vars.colour == 'כחול \"1\" $[1]'",
    "int(vars.key) > 4",  # fails on whoever pressed nothing
    "holiday()",
    f"is_open('{HOURS}') ? vars.key != '' : vars.colour == ''",
)
_PRESSED = ("", "", "12345", "1", "2", *KEYS)
_KINDS = {kind.model_fields["kind"].default: TypeAdapter(kind) for kind in STEP_KINDS}


@dataclass(frozen=True)
class Setting:
    """A world and a caller, from which calls on paper are made."""

    presses: tuple[str, ...]
    is_open: bool
    emergency: bool
    staffed: bool
    day: DayKind
    queues: tuple[QueueOutcome, QueueOutcome]
    numbers: tuple[DialOutcome, DialOutcome]
    message: MessageOutcome

    def call(self, plan: Dialplan) -> FakeCall:
        """Return a new call in this world; tickets are never opened, nobody is ever found."""
        return FakeCall(
            presses=self.presses,
            open_hours=frozenset({HOURS} if self.is_open else ()),
            staffed=frozenset({"billing"} if self.staffed else ()),
            queues={name: [one] for name, one in zip(QUEUES, self.queues, strict=True)},
            numbers={name: [one] for name, one in zip(NUMBERS, self.numbers, strict=True)},
            messages=[self.message],
            lookups={"residents": LookedUp(LookupOutcome.FAILED)},
            counters=plan.counters,
            emergency=self.emergency,
            day=self.day,
            fails=frozenset({"open_ticket"}),
        )


def setting_of(random: Random, *, alone: bool = False) -> Setting:
    """Return a random caller and world; *alone*: nobody else is there, on an ordinary day."""
    if alone:
        queues = (QueueOutcome.EMPTY, QueueOutcome.EMPTY)
        numbers = (DialOutcome.UNREACHABLE, DialOutcome.UNREACHABLE)
    else:
        queues = (random.choice(list(QueueOutcome)), random.choice(list(QueueOutcome)))
        numbers = (random.choice(list(DialOutcome)), random.choice(list(DialOutcome)))
    return Setting(
        presses=tuple(random.choice(_PRESSED) for _ in range(random.choice([0, 2, 5, 20, 20, 20]))),
        is_open=random.choice([True, False]),
        emergency=not alone and random.choice([True, False]),
        staffed=not alone and random.choice([True, False]),
        day=DayKind.WORKDAY if alone else random.choice(list(DayKind)),
        queues=queues,
        numbers=numbers,
        message=random.choice([MessageOutcome.ACCEPTED, MessageOutcome.EMPTY]),
    )


def plan_of(random: Random, name: str = "random", wait: float = 5.0) -> Dialplan:
    """Return a random plan: forwards to a message at last; a circle is left after ``ROUNDS``."""
    labels = [f"s{number}" for number in range(random.randint(2, 9))]
    steps = {
        label: _step(random, [*labels[number + 1 :], "message"], wait)
        for number, label in enumerate(labels)
    }
    if random.choice([True, False]):
        left = {"if": f"int(vars.rounds) >= {ROUNDS}", "then": "message"}
        steps["tally"] = {"kind": "set", "count": "rounds", "next": "round"}
        steps["round"] = {"kind": "branch", "when": [left], "else": random.choice(labels)}
        steps[labels[-1]] = {"kind": "play", "prompt": "welcome_billing", "next": "tally"}
    steps["message"] = {
        "kind": "voicemail",
        "box": "centre",
        "accepted": "bye",
        "empty": "bye",
        "impossible": "bye",
    }
    steps["bye"] = {"kind": "hangup", "prompt": "goodbye"}
    return Dialplan(
        line=LineName(name),
        numbers=("+97229900200",),
        language="he",
        start=Label("s0"),
        on_error=Label("message"),
        steps={
            Label(label): _KINDS[step["kind"]].validate_python(step)
            for label, step in steps.items()
        },
        counters={"rounds": ROUNDS},
        languages={name: ("he", "en")},
    )


def plans() -> st.SearchStrategy[Dialplan]:
    return st.builds(plan_of, st.randoms(use_true_random=False))


def settings() -> st.SearchStrategy[Setting]:
    return st.builds(setting_of, st.randoms(use_true_random=False))


def _step(random: Random, ahead: Sequence[str], wait: float) -> dict[str, Any]:
    def go() -> str:
        return random.choice(ahead[:3])  # a long way, mostly

    kind = random.choice([*_RANDOM, *["menu"] * 6, *["branch"] * 3, "collect_digits"])
    fields = {name: go() for name in _RANDOM[kind]}
    more: dict[str, Callable[[], dict[str, Any]]] = {
        "menu": lambda: _menu(random, go, wait),
        "collect_digits": lambda: {
            "prompt": "billing_menu",
            "variable": "number",
            "wait": wait,
            "between": 1,
            "shortest": random.randint(1, 3),
            "longest": 5,
            "tries": 2,
            "finish": random.choice(["#", ""]),
        },
        "language": lambda: {"digits": {"1": "he", "2": "en"}, "wait": wait},
        "branch": lambda: {
            "when": [
                {"if": random.choice(CONDITIONS), "then": go()} for _ in range(random.randint(1, 3))
            ]
        },
        "set": lambda: {"values": {"colour": random.choice(COLOURS)}},
        "hours": lambda: {"hours": HOURS},
        "dial": lambda: {
            "number": random.choice(NUMBERS),
            "confirm": random.choice([None, "on_call_accept"]),
        },
        "queue": lambda: {"queue": random.choice(QUEUES), "wait": 5},
        "play": lambda: {"prompt": random.choice(PROMPTS)},
        "say": lambda: {"speech": [random.choice(PROMPTS) for _ in range(random.randint(1, 3))]},
        "lookup": lambda: {"source": "residents", "keep": {"name": "resident"}},
        "ticket": lambda: {"department": "centre", "subject": "x", "text": "y"},
        "survey": lambda: {"survey": "service"},
    }
    return {"kind": kind, **fields, **more.get(kind, dict)()}


_RANDOM = {
    "menu": ("no_input", "no_match"),
    "collect_digits": ("next", "no_input", "no_match"),
    "language": ("next", "no_input"),
    "branch": ("else",),
    "set": ("next",),
    "hours": ("open", "closed"),
    "emergency": ("on", "off"),
    "calendar": ("workday", "shabbat", "holiday"),
    "dial": ("busy", "no_answer", "rejected", "unreachable"),
    "queue": ("no_answer", "empty", "full"),
    "play": ("next",),
    "say": ("next",),
    "answer": ("next",),
    "lookup": ("found", "unknown", "failed"),
    "ticket": ("opened", "impossible"),
    "survey": ("done", "no_input", "not_set_up"),
    "pay": ("paid", "declined", "unknown", "cancelled", "not_set_up"),
}


def _menu(random: Random, go: Callable[[], str], wait: float) -> dict[str, Any]:
    repeat, *keys = random.sample(KEYS, random.randint(2, 6))
    return {
        "prompt": "billing_menu",
        "digits": {key: go() for key in keys},
        "repeat_key": random.choice([None, repeat]),
        "repeats": random.randint(1, 2),
        "tries": random.randint(1, 3),
        "silent_tries": random.randint(1, 2),
        "wait": wait,
        "barge_in": random.choice([True, False]),
        "variable": random.choice([None, "key"]),
    }
