"""The path proof sees through emergency, transfer, language and services that are not set up."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.dialplan.check import load_site
from ivr.dialplan.outcomes import DayKind
from ivr.dialplan.proof.prove import Counterexample, Proof, Prover
from ivr.dialplan.proof.rules import Rule
from ivr.ids import LineName
from tests.unit.ivr.dialplan.sites import folder, line

__all__ = ["folder"]

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Asia/Jerusalem"))
BYE = "  bye: {kind: hangup}\n"
PERSON = "  person: {kind: subroutine, dialplan: centre, next: end}\n"


def proof_of(folder: Path, steps: str, **head: str) -> Proof:
    (folder / "test.yaml").write_text(line("test", steps, **{"on_error": "person", **head}))
    loaded = load_site(folder)
    prover = Prover(
        site=loaded.site,
        length=lambda language, _name: {"he": 4.0, "en": 40.0}[language],
        day_kind=lambda _moment: DayKind.WORKDAY,
        now=NOON,
    )
    return prover.prove(loaded.plans[LineName("test")])


def only(proof: Proof) -> Counterexample:
    (one,) = proof.counterexamples
    return one


def test_who_is_lost_in_an_emergency_only_is_found(folder: Path) -> None:
    steps = "  first: {kind: emergency, on: bye, off: person}\n"
    example = only(proof_of(folder, steps + PERSON + BYE))
    assert (example.rule, example.label, example.emergency) == (Rule.LOST, "bye", True)


def test_who_is_lost_after_a_transfer_is_found(folder: Path) -> None:
    (folder / "other.yaml").write_text(line("other", "  first: {kind: hangup}\n"))
    (folder / "a.yaml").write_text(line("a", "  first: {kind: transfer, line: other}\n"))
    lost = only(proof_of(folder, "  first: {kind: transfer, line: a}\n", on_error="first"))
    assert (lost.rule, lost.label) == (Rule.LOST, "first.first.first")


MENU = (
    "{kind: menu, prompt: billing_menu, digits: {'1': person}, no_input: person, no_match: person}"
)
CHOOSE = "{kind: language, digits: {'1': he, '2': en}, next: menu, no_input: menu}"


def test_a_menu_too_long_in_one_of_the_languages_is_found(folder: Path) -> None:
    steps = f"  first: {CHOOSE}\n  menu: {MENU}\n{PERSON}"
    found = proof_of(folder, steps, languages="[he, en]").counterexamples
    assert (Rule.LONG_MENU, "menu", "en") in [(one.rule, one.label, one.language) for one in found]
    assert not [one for one in found if one.label == "menu" and one.language == "he"]


def test_a_chosen_language_goes_along_with_a_transfer(folder: Path) -> None:
    (folder / "other.yaml").write_text(
        line("other", f"  first: {MENU}\n{PERSON}", languages="[he, en]")
    )
    steps = CHOOSE.replace("menu", "go")
    found = proof_of(
        folder, f"  first: {steps}\n  go: {{kind: transfer, line: other}}\n{PERSON}",
        languages="[he, en]",
    ).counterexamples  # fmt: skip
    assert ("go.first", "en") in [(one.label, one.language) for one in found]


@pytest.mark.parametrize("is_person", [True, False])
def test_a_service_that_is_not_set_up_must_lead_to_a_person(folder: Path, is_person: bool) -> None:
    away = "person" if is_person else "bye"
    steps = "  first: {kind: agi, script: x, done: person, failed: person, not_set_up: %s}\n"
    proof = proof_of(folder, steps % away + PERSON + ("" if is_person else BYE))
    assert proof.holds is is_person


def test_what_conditions_ask_of_the_authoritys_values_is_known(folder: Path) -> None:
    is_ours = "{if: \"vars.site_centre_name == 'מוקד 106'\", then: person}"
    steps = f"  first: {{kind: branch, when: [{is_ours}], else: bye}}\n"
    assert proof_of(folder, steps + PERSON + BYE).holds
