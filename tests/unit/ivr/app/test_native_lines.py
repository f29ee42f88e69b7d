"""Compiled plans in Asterisk's words: what is written, and texts that can never be."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.app.native_lines import Outside, context_of
from ivr.app.native_site import native_site, table_context
from ivr.dialplan.check import LoadedSite, load_site
from ivr.dialplan.native import Ask, Dial, Go, If, Note, OnKeys, Operation, Queue, Say, Speak
from ivr.dialplan.native_plan import NativePlan, compile_plan
from ivr.dialplan.outcomes import DayKind
from ivr.dialplan.proof.prove import Prover
from ivr.dialplan.time_tables import DAY, Slice, TimeTable
from ivr.ids import Label, LineName
from ivr.pbx.contexts import PbxContext
from ivr.pbx.escaping import TextRefused, allow, written
from ivr.settings import Settings
from tests.fakes.caller import NOON

SHIPPED = Path(__file__).parents[4] / "dialplans"
BILLING = LineName("billing")
OUTSIDE = Outside(
    numbers={"external_payment_centre": "+97239990300"},
    trunks=("trunk-a", "trunk-b"),
    shown="+97229900200",
    tables={("hours", "billing_department"): "moked-table-1"},
    queue_waits={"billing": 25.0, "centre": 90.0},
)
HOSTILE = (
    'x"y',
    "x\nexten => s,1,System(id)",
    "${SHELL(id)}",
    "$[1]",
    "x;y",
    "x,y",
    "x&y",
    "x)y",
    "\u202ex",
    "\u200fx",
    "ש",
    "x y",
    "<files>",
    "",
)
# Asterisk refuses these on channels that ARI has touched (asterisk.md, 2.2).
POISONED = ("DB(", "STAT(", "FILE(", "SHELL(", "CURL(", "LOCK(", "PERIODIC_HOOK(", "REALTIME")
USED = {
    "Set", "GotoIf", "Goto", "Gosub", "Return", "NoOp", "Hangup",
    "Playback", "Read", "Dial", "Queue", "VoiceMail",
}  # fmt: skip


@pytest.fixture(scope="module")
def loaded() -> LoadedSite:
    return load_site(SHIPPED)


@pytest.fixture
def billing(loaded: LoadedSite) -> NativePlan:
    return compile_plan(loaded.plans[BILLING], loaded.site)


def _text(context: PbxContext) -> str:
    lines = [line.application for one in context.extensions for line in one.lines]
    return "\n".join([*lines, context.otherwise or ""])


def _with(plan: NativePlan, *operations: Operation) -> NativePlan:
    return replace(plan, steps={**plan.steps, Label("notice"): operations})


def test_only_words_are_used_that_work_on_every_channel(billing: NativePlan) -> None:
    text = _text(context_of(billing, OUTSIDE))
    assert {line.partition("(")[0] for line in text.splitlines() if line} <= USED
    assert not [word for word in POISONED if word in text]


def test_a_menu_asks_and_goes_where_the_key_points(billing: NativePlan) -> None:
    context = context_of(billing, OUTSIDE)
    menu = next(one for one in context.extensions if one.note == "welcome")
    lines = [line.application for line in menu.lines]
    assert "Read(MOKED_KEYS,moked/${MOKED_SAYS}/billing_menu,1,t(),1)" in lines
    assert 'GotoIf($["${MOKED_KEYS}" = "0"]?p9)' in lines


def test_every_trunk_is_tried_with_our_own_number(billing: NativePlan) -> None:
    text = _text(context_of(billing, OUTSIDE))
    assert "Set(CALLERID(num)=+97229900200)" in text
    assert "Dial(PJSIP/+97239990300@trunk-a,30)" in text
    assert "Dial(PJSIP/+97239990300@trunk-b,30)" in text


def test_a_number_that_must_not_be_dialled_is_unreachable(billing: NativePlan) -> None:
    text = _text(context_of(billing, replace(OUTSIDE, numbers={})))
    assert "Dial(" not in text


def test_all_targets_are_there(billing: NativePlan) -> None:
    context = context_of(billing, OUTSIDE)
    there = {one.name for one in context.extensions}
    assert set(re.findall(r"\b(s\d+|over),1", _text(context))) <= there


def test_texts_of_people_are_numbers(billing: NativePlan) -> None:
    texts = ("", *HOSTILE[:-1])
    noted = replace(
        _with(
            billing,
            *(Note("colour", text) for text in texts),
            If(("variable", "colour"), "x;y", Label("greeting")),
        ),
        texts={**billing.texts, "colour": texts},
    )
    text = _text(context_of(noted, OUTSIDE))
    assert "Set(MOKED_V2=3)" in text
    for hostile in HOSTILE[:-1]:
        assert hostile not in text
    assert "System" not in text
    assert "SHELL" not in text


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize(
    "what", ["prompt", "queue", "key", "finish", "language", "value", "confirm"]
)
def test_no_hostile_name_gets_into_the_dialplan(billing: NativePlan, what: str, name: str) -> None:
    go = Label("greeting")
    operations: dict[str, Operation] = {
        "prompt": Say((name,)),
        "queue": Queue(queue=name, wait=5.0, no_answer=go, empty=go, full=go),
        "key": OnKeys(name or "xx", go),
        "finish": Ask(prompts=("x",), wait=1.0, finish=name or "xx"),
        "language": Speak(name),
        "value": If(("hours", "billing_department"), name, go),
        "confirm": Dial(
            number="external_payment_centre", ring_for=5.0, confirm=name, busy=go, no_answer=go,
            rejected=go, unreachable=go,
        ),
    }  # fmt: skip
    with pytest.raises(TextRefused):
        context_of(_with(billing, operations[what], Go(go)), OUTSIDE)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_number_trunk_or_table_either(billing: NativePlan, name: str) -> None:
    for outside in (
        replace(OUTSIDE, numbers={"external_payment_centre": name}),
        replace(OUTSIDE, trunks=(name,)),
        replace(OUTSIDE, tables={("hours", "billing_department"): name}),
        replace(OUTSIDE, shown=name or "x"),
    ):
        with pytest.raises(TextRefused):
            context_of(billing, outside)


def test_unchecked_values_are_not_written() -> None:
    with pytest.raises(TextRefused):
        written("Playback(<file>)", file="x")
    assert written("<one>", one=allow("a-b", "word")) == "a-b"


def test_tables_return_what_is_so_now() -> None:
    day = 20_800
    at = day * DAY
    table = TimeTable(
        "closed",
        {day: (Slice(at, "closed"), Slice(at + 60, "open"), Slice(at + 120, "closed"))},
    )
    context = table_context("moked-table-1", ("hours", "h"), table)
    (extension,) = context.extensions
    assert extension.name == "20800"
    assert extension.lines[0].application == (
        f"Return(${{IF($[${{EPOCH}} < {at + 120}]?"
        f"${{IF($[${{EPOCH}} < {at + 60}]?closed:open)}}:closed)}})"
    )
    assert context.otherwise == "Return(closed)"


def test_a_line_that_is_not_proved_keeps_its_plain_failsafe(loaded: LoadedSite) -> None:
    def slow(_language: str, prompt: str) -> float:
        return 200.0 if prompt == "welcome_billing" else 2.0

    prover = Prover(site=loaded.site, length=slow, day_kind=lambda _: DayKind.WORKDAY, now=NOON)
    native = native_site(Settings(), loaded, prover)
    assert set(native.starts) == {"council"}
    assert "moked-billing" not in {context.name for context in native.contexts}
