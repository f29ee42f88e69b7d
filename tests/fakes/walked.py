"""What a caller on paper meets on a plan, until the fail-safe's own way to a person begins."""

from __future__ import annotations

from ivr.dialplan.context import Speech
from ivr.dialplan.interpreter import Ending, Place, run_dialplan
from ivr.dialplan.native import PERSON
from ivr.dialplan.native_plan import FINISHED
from ivr.dialplan.plan import Dialplan
from tests.fakes.caller import FakeCall
from tests.results import result_of

_REACHES = ("enqueue", "dial", "take_message")


class Walked:
    """One call to its end: the steps it took, whom it reached, what it heard, how it ended.

    ``person`` is an end of its own: where a plan fails, and where it would hang up on somebody who
    was not served, Asterisk's own way to a person begins.
    """

    def __init__(self, plan: Dialplan, call: FakeCall) -> None:
        self._call = call
        self.labels: list[str] = []
        self._until: int | None = None
        self._heard_until: int | None = None
        ending = result_of(run_dialplan(plan, call, call.trace, at_step=self._at))
        self.met = [one[:2] for one in call.happened[: self._until] if one[0] in _REACHES]
        self.asked = sum(one[0] == "ask" for one in call.happened[: self._until])
        self.heard: list[Speech] = call.heard[: self._heard_until]
        self.end = self._end(ending)

    def _at(self, place: Place) -> None:
        self._call.at_step(place)
        if self._until is not None or place.label == FINISHED:
            return
        if place.label == PERSON:
            self._until, self._heard_until = len(self._call.happened), len(self._call.heard)
        else:
            self.labels.append(place.label)

    def _end(self, ending: Ending) -> str:
        if ending is Ending.CALLER_HUNG_UP:
            return "left" if self._until is None else "person"
        if self._until is not None or ending is not Ending.FINISHED:
            return "person"
        done = [one[0] for one in self._call.happened]
        talked = done[-1:] and done[-1] in _REACHES
        return "served" if talked or "take_message" in done else "person"
