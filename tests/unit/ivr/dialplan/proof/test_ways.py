"""All the ways through one step: none is lost by what is left out, and there are few."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.dialplan.context import StepContext
from ivr.dialplan.loader import KINDS
from ivr.dialplan.on_paper import result_of
from ivr.dialplan.outcomes import QueueOutcome
from ivr.dialplan.proof import ways
from ivr.dialplan.proof.tried_call import TriedCall
from ivr.dialplan.proof.ways import Choices, StepTooWide, explore
from ivr.dialplan.step import Step
from ivr.ids import Label
from tests.unit.ivr.dialplan.proof.proving import example_steps
from tests.unit.ivr.dialplan.proof.trying import AROUND, all_ways, effects, running, ways_of

KEYS = "0123456789*#"
TARGETS = st.sampled_from(["a", "b"])
PROMPTS = st.sampled_from(["hello", "main_menu", "long_31s"])


@st.composite
def menus(draw: st.DrawFn) -> Step:
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True))
    free = [key for key in KEYS if key not in keys]
    return KINDS["menu"].model_validate(
        {
            "kind": "menu",
            "prompt": draw(PROMPTS),
            "no_match_prompt": draw(PROMPTS),
            "digits": {key: draw(TARGETS) for key in keys},
            "repeat_key": draw(st.none() | st.sampled_from(free)),
            "repeats": draw(st.integers(1, 2)),
            "tries": draw(st.integers(1, 2)),
            "silent_tries": draw(st.integers(1, 2)),
            "no_input": draw(TARGETS),
            "no_match": draw(TARGETS),
            "wait": draw(st.sampled_from([1, 5, 30])),
            "variable": draw(st.sampled_from([None, "choice"])),
        }
    )


@st.composite
def collections(draw: st.DrawFn) -> Step:
    shortest = draw(st.integers(1, 4))
    return KINDS["collect_digits"].model_validate(
        {
            "kind": "collect_digits",
            "prompt": draw(PROMPTS),
            "no_match_prompt": draw(PROMPTS),
            "variable": "account",
            "shortest": shortest,
            "longest": draw(st.integers(shortest, 9)),
            "finish": draw(st.sampled_from(["#", "*", ""])),
            "tries": draw(st.integers(1, 4)),
            "next": draw(TARGETS),
            "no_input": draw(TARGETS),
            "no_match": draw(TARGETS),
        }
    )


@settings(max_examples=60, deadline=None)
@given(menus() | collections())
def test_what_is_left_out_is_never_new_nor_later(step: Step) -> None:
    assert effects(ways_of(step)) == effects(all_ways(running(step)))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_remembers_all_that_it_is_told_in_variables(kind: str) -> None:
    for step in example_steps(kind):
        assert effects(ways_of(step)) == effects(all_ways(running(step)))


class Made(Step):
    """A step that no plan has."""

    kind: str = "made"

    def exits(self) -> dict[str, Label]:
        return {}

    def inputs(self) -> tuple[str, ...]:
        return ("1", "2")

    async def run(self, call: StepContext) -> Label:
        raise NotImplementedError


class AsksLateOrSlowly(Made):
    """One queue offers a person at once and takes long, the other late and is quick."""

    async def run(self, call: StepContext) -> Label:
        if call.is_staffed("x"):
            outcome = await call.enqueue("x", wait=50)
        else:
            await call.play("talk_40s")
            outcome = await call.enqueue("x", wait=5)
        if outcome is QueueOutcome.TALKED:
            return Label("talked")
        del outcome
        await call.ask("hello")
        return Label("on")


def test_the_latest_offer_of_a_person_is_kept_beside_the_slowest_way() -> None:
    step = AsksLateOrSlowly()
    kept = ways_of(step)
    assert effects(kept) == effects(all_ways(running(step)))
    on = [way.progress for way in kept if way.goes_to == "on" and way.progress.asked_at is not None]
    assert {one.asked_at for one in on} == {0.0, 40.0}


class ListensInAHelper(Made):
    """Helpers that are no methods keep values too."""

    async def run(self, call: StepContext) -> Label:
        return await _two_keys(call)


async def _two_keys(call: StepContext) -> Label:
    first = await call.ask("hello")
    second = await call.ask("hello")
    return Label(f"{first}-{second}")


def test_what_a_helper_function_keeps_makes_a_difference() -> None:
    found = {way.goes_to for way in ways_of(ListensInAHelper())}
    assert found == {f"{one}-{two}" for one in ("", "1", "2") for two in ("", "1", "2")}


@pytest.mark.parametrize(
    "step",
    [
        {
            "kind": "menu",
            "prompt": "main_menu",
            "digits": {key: f"to_{place}" for place, key in enumerate(KEYS[:keys])},
            "repeat_key": KEYS[keys] if keys < len(KEYS) else None,
            "repeats": 10,
            "tries": 5,
            "silent_tries": 3,
            "no_input": "a",
            "no_match": "b",
            "variable": "choice",
        }
        for keys in (1, 5, 10, 11, 12)
    ]
    + [
        {
            "kind": "collect_digits",
            "prompt": "hello",
            "variable": "account",
            "shortest": 40,
            "longest": 40,
            "tries": 5,
            "next": "a",
            "no_input": "b",
            "no_match": "c",
        },
        {
            "kind": "branch",
            "when": [{"if": f"int(vars.x) == {place}", "then": "a"} for place in range(20)],
            "else": "b",
        },
    ],
    ids=lambda step: f"{step['kind']} {len(step.get('digits', ''))}",
)
def test_the_widest_steps_that_can_be_written_are_tried_in_full(
    step: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ways, "MOST_RUNS", ways.MOST_RUNS // 3)
    found = explore(running(KINDS[step["kind"]].model_validate(step)))
    assert "a" in {way.goes_to for way in found}


class NeverEnds(Made):
    async def run(self, call: StepContext) -> Label:
        times = 0
        while True:
            times += 1
            await call.ask("hello")


class AsksForEver(Made):
    async def run(self, call: StepContext) -> Label:
        while await call.ask("hello"):
            pass
        return Label("silent")


@pytest.mark.parametrize("step", [NeverEnds(), AsksForEver()])
def test_a_step_without_an_end_is_named_and_not_tried_for_ever(step: Step) -> None:
    with pytest.raises(StepTooWide):
        ways_of(step)


class Waits(Made):
    async def run(self, call: StepContext) -> Label:
        await _Never()
        return Label("a")


class _Never:
    def __await__(self):  # type: ignore[no-untyped-def]  # waits for what is no operation
        yield


def test_a_step_that_waits_for_something_else_is_refused() -> None:
    call = TriedCall(Waits(), Label("x"), "he", AROUND, Choices([], {}))
    with pytest.raises(RuntimeError, match="outside of its StepContext"):
        result_of(Waits().run(call))
