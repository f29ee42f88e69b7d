"""Runs a counterexample on the real engine: the same steps, and the same bad end."""

from __future__ import annotations

from dataclasses import replace

from ivr.dialplan.interpreter import MAX_STEPS, Ending, run_dialplan
from ivr.dialplan.outcomes import Reached
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.proof.prove import Counterexample, Happening
from ivr.dialplan.proof.rules import Budgets, Rule
from tests.results import result_of
from tests.unit.ivr.dialplan.proof.story_call import StoryCall
from tests.unit.ivr.dialplan.proof.wanderer import Wanderer, seeds, wander

BUDGETS = Budgets()
TRIES = 25  # callers who look for a person where there should be none


def check_real(plan: Dialplan, example: Counterexample) -> None:
    """See *example* happen; each step of its story is compared as it comes."""
    if example.rule is Rule.ENDLESS:
        assert any(_goes_round(plan, example, place) for place in range(len(example.story) + 1))
        return
    if example.rule in {Rule.NO_PERSON, Rule.SILENCE_LOST}:
        _check_no_person(plan, example)
        return
    call, ending = _run(plan, example)
    match example.rule:
        case Rule.LOST:
            end = (Ending.FINISHED, example.label, None)
            assert (ending, call.label, call.reached) == end
        case Rule.TOO_LATE:
            first = call.clock if call.asked_at is None else call.asked_at
            assert first > BUDGETS.first_person
        case Rule.TOO_LONG:
            assert (call.reached_at or call.clock) > BUDGETS.in_all
        case Rule.LONG_MENU:
            assert call.longest_speech > BUDGETS.menu


def _run(plan: Dialplan, example: Counterexample) -> tuple[StoryCall, Ending]:
    call = StoryCall.of(example, plan)
    ending = result_of(run_dialplan(plan, call, call.trace, at_step=call.at_step))
    assert not call.ahead, call.ahead
    return call, ending


def _goes_round(plan: Dialplan, example: Counterexample, place: int) -> bool:
    """Say whether the story from *place* on can be told again and again, for ever."""
    again = example.story[place:] * (MAX_STEPS if place < len(example.story) else 0)
    longer = replace(example, story=(*example.story, *map(_any_time, again)))
    call = StoryCall.of(longer, plan)
    call.until = sum(one.seconds for one in example.story)
    try:
        ending = result_of(run_dialplan(plan, call, call.trace, at_step=call.at_step))
    except AssertionError:
        return False  # this is not where the circle begins
    return ending is Ending.LOOPED


def _any_time(told: Happening) -> Happening:
    return replace(told, at=-1.0)


def _check_no_person(plan: Dialplan, example: Counterexample) -> None:
    """Come to the question, and let many callers look for a person from there."""
    call, ending = _run(plan, example)
    assert (ending, call.label) == (Ending.CALLER_HUNG_UP, example.label)
    for chance in seeds(TRIES):
        caller = Wanderer.of(example, plan)
        caller.plan, caller.chance = plan, chance
        caller.silent = example.rule is Rule.SILENCE_LOST
        assert wander(plan, caller) is not Ending.FAILED  # the fail-safe would be a person
        assert caller.reached is not Reached.PERSON
