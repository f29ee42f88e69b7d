"""Callers on paper as browsers send and get them: every field bounded."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from ivr.console.bodies import Body
from ivr.dialplan.outcomes import DayKind
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.scenario import FAILS, HANGS_UP, OUTCOMES, Answer, Press, Scenario, Service

Name = Annotated[str, StringConstraints(max_length=120)]
Seconds = Annotated[float, Field(ge=0, le=7200)]
Caller = Annotated[str, StringConstraints(pattern=r"^(\+[1-9][0-9]{6,14})?$")]
_MOST = 200  # of anything in one call
Condition = Annotated[str, StringConstraints(max_length=2000)]
Truth = Annotated[str, StringConstraints(pattern=r"^(true|false|failing)$")]
Truths = Annotated[tuple[Truth, ...], Field(max_length=_MOST)]


class PressBody(Body):
    """One answer to a question; no keys: silence."""

    keys: Annotated[str, StringConstraints(pattern=r"^[0-9*#]{0,40}$")] = ""
    after: Seconds | None = None
    hangs_up: bool = False


class GivenBody(Body):
    outcome: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,32}$")]
    after: Seconds | None = None


class AnswersBody(Body):
    """What comes of turning to one service of one name, each time that it is turned to."""

    service: Service
    name: Name = ""
    given: Annotated[tuple[GivenBody, ...], Field(max_length=_MOST)]

    @model_validator(mode="after")
    def _known(self) -> "AnswersBody":
        known = {*OUTCOMES[self.service], FAILS, HANGS_UP}
        if not {one.outcome for one in self.given} <= known:
            raise ValueError(f"a {self.service} can be {', '.join(sorted(known))}")
        return self


class ScenarioBody(Body):
    """Who calls when into which world; *at* is now, if it is not said."""

    at: AwareDatetime | None = None
    caller: Caller = "+972501110001"
    called: Caller = ""  # the line's first number
    language: Annotated[str, StringConstraints(pattern=r"^([a-z]{2,3})?$")] = ""  # the line's own
    emergency: bool = False
    day: DayKind | None = None  # as the calendar has it
    presses: Annotated[tuple[PressBody, ...], Field(max_length=_MOST)] = ()
    answers: Annotated[tuple[AnswersBody, ...], Field(max_length=_MOST)] = ()
    staffed: dict[Name, bool] = Field(default_factory=dict, max_length=_MOST)
    waiting: dict[Name, Annotated[int, Field(ge=0, le=1000)]] = Field(
        default_factory=dict, max_length=_MOST
    )
    truths: dict[Condition, Truths] = Field(default_factory=dict, max_length=_MOST)
    hangs_up_after: Seconds | None = None


class SimulationBody(Body):
    """*version*: which text is called; *asks*: stop where the scenario says nothing, and ask."""

    scenario: ScenarioBody = ScenarioBody()
    version: Literal["draft", "live"] = "draft"
    asks: bool = False


def shown(scenario: Scenario) -> ScenarioBody:
    """Return *scenario* as a browser gets it, and may send it back."""
    return ScenarioBody(
        at=scenario.at,
        caller=scenario.caller_number,
        called=scenario.called_number,
        language=scenario.language,
        emergency=scenario.emergency,
        day=scenario.day,
        presses=tuple(
            PressBody(keys=one.keys, after=one.after, hangs_up=one.hangs_up)
            for one in scenario.presses
        ),
        answers=tuple(
            AnswersBody(
                service=service,
                name=name,
                given=tuple(GivenBody(outcome=one.outcome, after=one.after) for one in given),
            )
            for (service, name), given in scenario.answers.items()
        ),
        staffed=dict(scenario.staffed),
        waiting=dict(scenario.waiting),
        truths=dict(scenario.truths),
        hangs_up_after=scenario.hangs_up_after,
    )


def read(body: ScenarioBody, plan: Dialplan, now: AwareDatetime) -> Scenario:
    """Return what was sent; a language that the line does not speak is its own."""
    return Scenario(
        at=body.at or now,
        caller_number=body.caller,
        called_number=body.called,
        language=body.language if body.language in plan.languages.get(plan.line, ()) else "",
        presses=tuple(Press(one.keys, one.after, one.hangs_up) for one in body.presses),
        answers={
            (one.service, one.name): tuple(
                Answer(given.outcome, given.after) for given in one.given
            )
            for one in body.answers
            if one.given
        },
        staffed=body.staffed,
        waiting=body.waiting,
        truths=body.truths,
        emergency=body.emergency,
        day=body.day,
        hangs_up_after=body.hangs_up_after,
    )
