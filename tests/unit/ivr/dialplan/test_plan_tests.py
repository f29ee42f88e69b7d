"""Tests of plans: the shipped ones pass, a broken plan fails with what happened instead."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ivr.dialplan.check import LoadedSite
from ivr.dialplan.loader import plan_of_text
from ivr.dialplan.plan_test_file import PlanTest, read_tests
from ivr.dialplan.plan_test_text import moment_of
from ivr.dialplan.plan_tests import run_test
from ivr.ids import LineName
from tests.unit.ivr.dialplan.simulating import BILLING, LOADED, SITE, ZONE, length

SHIPPED = sorted((Path(__file__).parents[4] / "dialplans" / "tests").glob("*.yaml"))
HEAD = "line: billing\ntests:\n"
PROMPTS = {"he": frozenset(["recording_notice", "billing_menu"])}


def read_in(text: str) -> list[PlanTest]:
    tests, problems = read_tests("billing.yaml", HEAD + text, SITE, LOADED.plans)
    assert problems == []
    return tests


def failures(text: str, loaded: LoadedSite = LOADED) -> list[str]:
    return [str(run_test(test, loaded, length)) for test in read_in(text)]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_the_shipped_lines_pass_their_tests(path: Path) -> None:
    tests, problems = read_tests(path.name, path.read_text(), SITE, LOADED.plans)
    assert problems == []
    assert tests
    assert [run_test(test, LOADED, length).failures for test in tests] == [()] * len(tests)


def test_both_answering_lines_have_tests() -> None:
    assert [path.stem for path in SHIPPED] == ["billing", "council"]


def test_a_broken_plan_fails_and_says_what_happened_instead() -> None:
    broken = plan_of_text(BILLING.text.replace("empty: tell_on_call", "empty: good_bye"))
    loaded = replace(LOADED, plans={**LOADED.plans, LineName("billing"): broken})
    text = "  - {name: at night, at: 'friday 15:00', press: ['0'], reaches: on_call}\n"
    assert failures(text, loaded) == [
        "billing.yaml:3: at night: should reach on_call, but ended after 16 s at centre.good_bye:"
        " lost (by notice, greeting, welcome, person, department_hours, tell_closed, centre,"
        " centre.centre_queue, centre.good_bye)"
    ]


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ("reaches: external_payment_centre, within: 10", "within 10 s, but took 18 s"),
        ("reaches: step.external_centre, within: 12", "within 12 s, but took 12 s"),
        ("reaches: ticket", "should reach ticket, but ended after 18 s at external_centre"),
        (
            "hears: [department_closed]",
            "should hear department_closed, but heard recording_notice,",
        ),
        (
            "never_hears: [billing_menu]",
            "should never hear billing_menu, but heard it after 6 s at",
        ),
    ],
)
def test_what_is_expected_in_vain_is_said(expected: str, told: str) -> None:
    text = f"  - {{name: t, at: 'tuesday 10:30', press: ['3'], {expected}}}\n"
    assert told in failures(text)[0]


@pytest.mark.parametrize(
    ("expected", "world"),
    [
        ("queue.centre", "queues: {centre: answered}"),
        ("centre", "queues: {centre: answered}"),
        ("box.centre", "numbers: {on_call: busy}"),
        ("message", "numbers: {on_call: busy}"),
        ("ticket", "numbers: {on_call: busy}"),
        ("person", "queues: {}"),
        ("centre.tell_on_call", "queues: {}"),
    ],
)
def test_all_that_can_be_reached(expected: str, world: str) -> None:
    test = f"at: 'friday 15:00', press: ['0'], world: {{{world}}}, reaches: {expected}"
    text = f"  - {{name: t, {test}}}\n"
    assert failures(text) == ["billing.yaml:3: t: passed"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{name: t, at: 'fryday 15:00', reaches: ticket}", "is not a time like 'friday 15:00'"),
        ("{name: t, at: '2026-13-01 15:00', reaches: ticket}", "month must be in 1..12"),
        ("{name: t, at: 'friday 25:00', reaches: ticket}", "is not a time"),
        ("{name: t, at: 'friday 15:00', reaches: on_cal}", "(did you mean 'on_call'?)"),
        ("{name: t, at: 'friday 15:00', reach: on_call}", "unknown key 'reach'"),
        ("{name: t, at: 'friday 15:00'}", "nothing is tested"),
        ("{name: t, at: 'friday 15:00', within: 4, hears: [billing_menu]}", "goes with 'reaches'"),
        ("{name: t, at: 'friday 15:00', press: [2], reaches: ticket}", "must be text"),
        ("{name: t, at: 'friday 15:00', press: ['a'], reaches: ticket}", "is not keys"),
        (
            "{name: t, at: 'friday 15:00', world: {queues: {biling: full}}, reaches: ticket}",
            "no queue 'biling' in site.yaml (did you mean 'billing'?)",
        ),
        (
            "{name: t, at: 'friday 15:00', world: {numbers: {on_call: bussy}}, reaches: ticket}",
            "a number cannot be 'bussy' (did you mean 'busy'?)",
        ),
        ("{name: t, at: 'friday 15:00', hears: [biling_menu]}", "(did you mean 'billing_menu'?)"),
    ],
)
def test_every_mistake_is_a_problem_with_its_line(text: str, problem: str) -> None:
    read, problems = read_tests("b.yaml", f"{HEAD}  - {text}\n", SITE, LOADED.plans, PROMPTS)
    assert read == []
    assert [str(one) for one in problems if problem in one.text and one.line == 3], problems


def test_an_unknown_line_is_a_problem() -> None:
    text = (
        HEAD.replace("billing", "biling") + "  - {name: t, at: 'friday 15:00', reaches: ticket}\n"
    )
    assert [str(one) for one in read_tests("b.yaml", text, SITE, LOADED.plans)[1]] == [
        "b.yaml:1: line: no line 'biling' (did you mean 'billing'?)"
    ]


def test_a_file_without_tests_is_a_problem() -> None:
    _, problems = read_tests("b.yaml", "line: billing\ntests: []\n", SITE, LOADED.plans)
    assert [str(one) for one in problems] == ["b.yaml:2: tests: there is no test in it"]


def test_a_weekday_is_the_next_one_from_a_fixed_day() -> None:
    assert moment_of("friday 15:00", ZONE).isoformat() == "2026-11-27T15:00:00+02:00"
    assert moment_of("Sunday 08:00", ZONE).isoformat() == "2026-11-22T08:00:00+02:00"
    assert moment_of("2027-07-01T08:00", ZONE).isoformat() == "2027-07-01T08:00:00+03:00"


def test_what_look_ups_find_is_part_of_the_world() -> None:
    text = (
        "  - name: t\n    at: 'friday 15:00'\n    reaches: ticket\n"
        "    world: {found: {debts: {sum: '120'}}, pay: paid, lookups: {streets: failed}}\n"
    )
    given = {
        f"{service}.{name}": one
        for (service, name), one in read_in(text)[0].scenario.answers.items()
    }
    assert given["lookup.debts"][0].values == {"sum": "120"}
    assert {key: one[0].outcome for key, one in given.items()} == {
        "lookup.streets": "failed",
        "lookup.debts": "found",
        "pay.": "paid",
    }
