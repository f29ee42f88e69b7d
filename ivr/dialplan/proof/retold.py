"""A counterexample as a scenario: the real engine goes the lost caller's way once more."""

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType

from ivr.dialplan.proof.prove import Counterexample
from ivr.dialplan.scenario import Answer, Press, Scenario, Service

_SERVICES: Mapping[str, Service] = MappingProxyType(
    {
        "queue": Service.QUEUE,
        "dial": Service.NUMBER,
        "message": Service.BOX,
        "ticket": Service.TICKET,
        "lookup": Service.LOOKUP,
        "pay": Service.PAY,
        "send": Service.SEND,
        "survey": Service.SURVEY,
        "callback": Service.CALLBACK,
        "agi": Service.AGI,
    }
)
_ASKED = ("pressed", "staffed", "waiting")
_PATIENT = {Service.QUEUE, Service.NUMBER}  # the proof waits there as long as anybody would


def scenario_of(example: Counterexample) -> Scenario:
    """Return the caller of *example*, who calls then, presses that and is answered so."""
    answers: defaultdict[tuple[Service, str], list[Answer]] = defaultdict(list)
    truths: defaultdict[str, list[str]] = defaultdict(list)
    for one in example.story:
        if one.what == "condition":
            truths[one.name].append(one.outcome)
        if one.what in _SERVICES:
            service = _SERVICES[one.what]
            after = one.seconds if service in _PATIENT else None
            answers[service, one.name].append(Answer(one.outcome, after))
    told = {what: [one for one in example.story if one.what == what] for what in _ASKED}
    return Scenario(
        at=example.moment,
        presses=tuple(Press(one.name) for one in told["pressed"]),
        answers={asked: tuple(given) for asked, given in answers.items()},
        staffed={one.name: one.outcome == "yes" for one in told["staffed"]},
        waiting={one.name: int(one.outcome) for one in told["waiting"]},
        truths={condition: tuple(held) for condition, held in truths.items()},
        emergency=example.emergency,
    )
