"""Plans as Asterisk does them alone: what is compiled, what is left to a person, what is proved."""

from dataclasses import replace
from pathlib import Path

import pytest

from ivr.dialplan.check import LoadedSite, load_site
from ivr.dialplan.native import OVER, PERSON, Dial, Go, If, Queue, spots_of
from ivr.dialplan.native_plan import NativePlan, NotCompilable, compile_plan
from ivr.dialplan.outcomes import DayKind, DialOutcome, MessageOutcome, QueueOutcome
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.proof.prove import Prover
from ivr.dialplan.proof.rules import Budgets, Rule
from ivr.ids import Label, LineName
from tests.fakes.caller import NOON, FakeCall
from tests.fakes.walked import Walked
from tests.unit.ivr.dialplan.sites import folder, line

__all__ = ["folder"]
BILLING = LineName("billing")


def _site(folder: Path, steps: str, **head: str) -> LoadedSite:
    (folder / "tried.yaml").write_text(line("tried", steps, **head))
    return load_site(folder)


def _tried(folder: Path, steps: str, **head: str) -> tuple[Dialplan, NativePlan]:
    loaded = _site(folder, steps, **head)
    plan = loaded.plans[LineName("tried")]
    return plan, compile_plan(plan, loaded.site)


def _prover(loaded: LoadedSite, **budgets: float) -> Prover:
    return Prover(
        site=loaded.site,
        length=lambda _language, _prompt: 4.0,
        day_kind=lambda _moment: DayKind.WORKDAY,
        now=NOON,
        budgets=Budgets(**budgets),
    )


@pytest.mark.parametrize(
    ("presses", "met"),
    [
        (("1",), ["external_payment_centre"]),
        (("2",), ["external_payment_centre"]),
        (("3",), ["external_payment_centre"]),
        (("4",), ["billing"]),
        (("0",), ["billing"]),
        (("",), ["billing"]),
        (("9", "2"), ["external_payment_centre"]),
        (("5", "5", "5"), ["billing"]),
    ],
)
def test_the_billing_line_serves_the_same_choices(
    folder: Path, presses: tuple[str, ...], met: list[str]
) -> None:
    loaded = load_site(folder)
    native = compile_plan(loaded.plans[BILLING], loaded.site)
    call = FakeCall(
        presses=presses,
        open_hours=frozenset({"billing_department"}),
        staffed=frozenset({"billing"}),
        queues={"billing": [QueueOutcome.TALKED]},
        numbers={"external_payment_centre": [DialOutcome.TALKED]},
        counters=loaded.plans[BILLING].counters,
    )
    walked = Walked(native.as_dialplan(), call)
    assert [name for _, name in walked.met] == met
    assert walked.end == "served"


@pytest.mark.parametrize("name", ["billing", "council"])
def test_shipped_lines_are_proved_natively(folder: Path, name: str) -> None:
    loaded = load_site(folder)
    native = compile_plan(loaded.plans[LineName(name)], loaded.site)
    proof = _prover(loaded).prove(native.as_dialplan())
    assert proof.holds, proof.counterexamples


def test_a_line_that_takes_no_calls_has_no_native_plan(folder: Path) -> None:
    loaded = load_site(folder)
    with pytest.raises(NotCompilable, match="refused"):
        compile_plan(loaded.plans[LineName("whatsapp-only")], loaded.site)


def test_a_line_that_begins_with_what_needs_us_has_none_either(folder: Path) -> None:
    steps = (
        "  first: {kind: branch, when: [{if: \"caller == ''\", then: out}], else: out}\n"
        "  out: {kind: hangup, allowed: a test}\n"
    )
    with pytest.raises(NotCompilable, match="first step"):
        _tried(folder, steps, on_error="out")


def test_what_asterisk_cannot_know_a_person_answers(folder: Path) -> None:
    steps = (
        "  first: {kind: play, prompt: goodbye, next: who}\n"
        "  who: {kind: branch, when: [{if: \"caller == ''\", then: out}], else: out}\n"
        "  out: {kind: hangup, allowed: a test}\n"
    )
    _, native = _tried(folder, steps, on_error="out")
    assert native.steps[Label("who")] == (Go(PERSON),)
    assert "out" not in native.steps


def test_nobody_is_hung_up_on_who_was_not_served(folder: Path) -> None:
    steps = "  first: {kind: play, prompt: goodbye, next: out}\n  out: {kind: hangup}\n"
    _, native = _tried(folder, steps, on_error="out")
    assert Walked(native.as_dialplan(), FakeCall()).end == "person"
    allowed = steps.replace("hangup}", "hangup, allowed: opening hours only}")
    _, native = _tried(folder, allowed, on_error="out")
    assert PERSON not in Walked(native.as_dialplan(), FakeCall()).labels


def test_no_operation_leads_out_of_the_plan(folder: Path) -> None:
    loaded = load_site(folder)
    for plan in (loaded.plans[BILLING], loaded.plans[LineName("council")]):
        native = compile_plan(plan, loaded.site)
        for label, operations in native.steps.items():
            for one in operations:
                for spot in spots_of(one):
                    known = spot in native.steps or spot == OVER or spot.startswith("(")
                    assert known, (label, one)


def test_a_native_form_that_loses_a_caller_is_found(folder: Path) -> None:
    loaded = load_site(folder)
    native = compile_plan(loaded.plans[BILLING], loaded.site)
    broken = replace(native, steps={**native.steps, Label("centre"): (Go(Label("welcome")),)})
    proof = _prover(loaded).prove(broken.as_dialplan())
    assert Rule.ENDLESS in {example.rule for example in proof.counterexamples}
    late = _prover(loaded, first_person=20.0).prove(native.as_dialplan())
    assert {example.rule for example in late.counterexamples} == {Rule.TOO_LATE}


def test_the_same_is_asked_of_asterisk_as_of_us(folder: Path) -> None:
    loaded = load_site(folder)
    native = compile_plan(loaded.plans[BILLING], loaded.site)
    assert native.facts("hours") == ("billing_department",)
    assert set(native.queues()) == {"billing", "centre"}
    dialled = {one.number for one in native.operations() if isinstance(one, Dial)}
    assert dialled == {"external_payment_centre", "on_call", loaded.site.failsafe.number}
    assert any(isinstance(one, Queue) for one in native.steps[PERSON])
    assert not [one for one in native.operations() if isinstance(one, If) and one.fact[0] == "day"]


def test_a_message_that_says_nothing_twice_ends_the_call(folder: Path) -> None:
    loaded = load_site(folder)
    native = compile_plan(loaded.plans[LineName("council")], loaded.site)
    walked = Walked(native.as_dialplan(), FakeCall(messages=[MessageOutcome.EMPTY]))
    assert [what for what, _ in walked.met].count("take_message") == 2
    assert walked.end == "served"
