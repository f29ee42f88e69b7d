"""The lines as they are shipped: every key, silence, wrong keys, every outcome; nobody is lost."""

import itertools
from collections.abc import Iterable
from pathlib import Path

import pytest

from ivr.dialplan.check import load_site
from ivr.dialplan.interpreter import Ending, run_dialplan
from ivr.dialplan.outcomes import DialOutcome, MessageOutcome, QueueOutcome
from ivr.ids import Label, LineName
from tests.fakes.caller import FakeCall
from tests.results import result_of

SITE = load_site(Path(__file__).parents[4] / "dialplans")
OPEN = frozenset(["billing_department"])
STAFFED = frozenset(["billing", "centre"])
CENTRE = "enqueue centre"
DEPARTMENT = "enqueue billing"
EXTERNAL = "dial external_payment_centre"
ON_CALL = "dial on_call"
MESSAGE = ["open_ticket", "take_message centre", "hang_up"]
TALKED = {"billing": [QueueOutcome.TALKED], "centre": [QueueOutcome.TALKED]}


def run(line: str, call: FakeCall) -> Ending:
    plan = SITE.plans[LineName(line)]
    return result_of(run_dialplan(plan, call, call.trace, at_step=call.at_step))


def done(call: FakeCall) -> list[str]:
    return [name if "ticket" not in name else "open_ticket" for name in call.names]


def at_work(presses: Iterable[str], **world: object) -> FakeCall:
    given = {"open_hours": OPEN, "staffed": STAFFED, "queues": dict(TALKED), **world}
    return FakeCall(presses, **given)  # type: ignore[arg-type]  # a table of keywords


@pytest.mark.parametrize(
    ("presses", "reached", "topic"),
    [
        (["1"], EXTERNAL, "תשלום במענה ממוחשב"),
        (["2"], EXTERNAL, "תשלום במענה אנושי"),
        (["3"], EXTERNAL, "בירור תשלומים"),
        (["4"], DEPARTMENT, "מחלקת הגבייה"),
        ([""], DEPARTMENT, "מחלקת הגבייה"),
        (["0"], DEPARTMENT, "מענה אנושי בקו הגבייה"),
        (["9", "3"], EXTERNAL, "בירור תשלומים"),
        (["9", "9", "9", "9"], DEPARTMENT, "מחלקת הגבייה"),
        (["5", "4"], DEPARTMENT, "מחלקת הגבייה"),
        (["5", "*", "#"], DEPARTMENT, "מענה אנושי בקו הגבייה"),
        (["7", ""], DEPARTMENT, "מחלקת הגבייה"),
    ],
)
def test_every_key_of_the_billing_menu_reaches_a_person(
    presses: list[str], reached: str, topic: str
) -> None:
    call = at_work(presses, numbers={"external_payment_centre": [DialOutcome.TALKED]})
    assert run("billing", call) is Ending.FINISHED
    assert call.names == [reached]
    assert call.variables["topic"] == topic


def test_the_recording_is_told_before_anything_else() -> None:
    for line in ("billing", "council"):
        call = at_work(["4"])
        run(line, call)
        assert call.heard[0] == "recording_notice", line


def test_one_says_that_it_is_not_built_yet() -> None:
    call = at_work(["1"], numbers={"external_payment_centre": [DialOutcome.TALKED]})
    run("billing", call)
    assert call.heard[-1] == "automated_payment_not_yet"


def test_talks_with_the_external_centre_are_not_recorded() -> None:
    call = at_work(["3"], numbers={"external_payment_centre": [DialOutcome.TALKED]})
    run("billing", call)
    assert ("dial", "external_payment_centre", "30.0", "None", "False") in call.happened


@pytest.mark.parametrize("digit", ["1", "2", "3"])
@pytest.mark.parametrize(
    "outcome",
    [DialOutcome.BUSY, DialOutcome.NO_ANSWER, DialOutcome.REJECTED, DialOutcome.UNREACHABLE],
)
def test_no_external_centre_is_told_and_the_department_is_next(
    digit: str, outcome: DialOutcome
) -> None:
    call = at_work([digit], numbers={"external_payment_centre": [outcome]})
    run("billing", call)
    assert call.names == [EXTERNAL, DEPARTMENT]
    assert call.heard[-1] == "external_centre_unavailable"


@pytest.mark.parametrize("presses", [["4"], ["0"], [""]])
@pytest.mark.parametrize(
    ("is_open", "staffed", "heard"),
    [
        (False, True, "department_closed"),
        (False, False, "department_closed"),
        (True, False, "department_no_answer"),
    ],
)
def test_without_a_department_the_centre_is_next(
    presses: list[str], is_open: bool, staffed: bool, heard: str
) -> None:
    world = {"open_hours": OPEN if is_open else frozenset()}
    call = at_work(presses, staffed=STAFFED if staffed else frozenset(), **world)
    run("billing", call)
    assert call.names == [CENTRE]
    assert call.heard[-1] == heard


@pytest.mark.parametrize("outcome", [QueueOutcome.NO_ANSWER, QueueOutcome.EMPTY, QueueOutcome.FULL])
def test_a_department_that_does_not_answer_gives_the_call_to_the_centre(
    outcome: QueueOutcome,
) -> None:
    call = at_work(["4"], queues={"billing": [outcome], "centre": [QueueOutcome.TALKED]})
    run("billing", call)
    assert call.names == [DEPARTMENT, CENTRE]
    assert ("enqueue", "billing", "25.0") in call.happened
    assert call.heard[-1] == "department_no_answer"


def test_the_centre_waits_ninety_seconds_then_whoever_is_on_call() -> None:
    call = FakeCall(
        queues={"centre": [QueueOutcome.NO_ANSWER]}, numbers={"on_call": [DialOutcome.TALKED]}
    )
    assert run("council", call) is Ending.FINISHED
    assert call.names == [CENTRE, ON_CALL]
    assert ("enqueue", "centre", "90.0") in call.happened
    assert ("dial", "on_call", "30.0", "on_call_accept", "True") in call.happened


def test_an_on_call_person_who_does_not_press_one_leaves_the_caller_a_message_and_a_ticket() -> (
    None
):
    call = FakeCall(
        queues={"centre": [QueueOutcome.NO_ANSWER]}, numbers={"on_call": [DialOutcome.REJECTED]}
    )
    run("council", call)
    assert done(call) == [CENTRE, ON_CALL, *MESSAGE]
    assert [str(part) for part in call.heard][-2:] == ["value='1042' kind='digits'", "goodbye"]
    assert call.variables["topic"] == "מוקד המועצה"


@pytest.mark.parametrize(
    ("messages", "told"),
    [
        ([MessageOutcome.EMPTY, MessageOutcome.ACCEPTED], "message_empty"),
        ([MessageOutcome.EMPTY, MessageOutcome.EMPTY], "message_empty"),
        ([MessageOutcome.IMPOSSIBLE], "sorry_technical"),
        ([MessageOutcome.EMPTY, MessageOutcome.IMPOSSIBLE], "sorry_technical"),
    ],
)
def test_whatever_becomes_of_the_message_there_is_a_ticket(
    messages: list[MessageOutcome], told: str
) -> None:
    call = FakeCall(messages=list(messages))
    run("council", call)
    assert done(call)[2:4] == ["open_ticket", "take_message centre"]
    assert told in call.heard
    assert call.heard[-1] == "goodbye"


def test_a_caller_who_hangs_up_while_speaking_has_a_ticket_already() -> None:
    call = FakeCall(leaves_at=Label("centre.message"))
    assert run("council", call) is Ending.CALLER_HUNG_UP
    assert done(call) == [CENTRE, ON_CALL, "open_ticket"]


def test_without_a_ticket_the_message_is_taken_all_the_same() -> None:
    call = FakeCall(fails=frozenset(["open_ticket"]))
    assert run("council", call) is Ending.FINISHED
    assert done(call) == [CENTRE, ON_CALL, "take_message centre", "hang_up"]
    assert "ticket_opened" not in call.heard


def test_an_anonymous_caller_gets_a_ticket_too() -> None:
    call = FakeCall(caller_number="")
    run("council", call)
    assert done(call) == [CENTRE, ON_CALL, *MESSAGE]


def test_a_voice_call_to_the_message_number_is_refused_at_once() -> None:
    call = FakeCall()
    assert run("whatsapp-only", call) is Ending.FINISHED
    assert call.happened == [("refuse", "21")]
    assert call.heard == []


@pytest.mark.parametrize("operation", ["dial", "enqueue", "take_message"])
def test_a_failure_of_ours_is_told_and_a_person_is_tried(operation: str) -> None:
    call = at_work(["3"], fails=frozenset([operation]), queues={})
    assert run("billing", call) in (Ending.FINISHED, Ending.FAILED)
    assert "sorry_technical" in call.heard
    if operation == "dial":
        assert CENTRE in call.names


@pytest.mark.parametrize("line", ["billing", "council"])
def test_hanging_up_at_any_step_ends_the_call_there(line: str) -> None:
    for label in SITE.plans[LineName(line)].steps:
        call = FakeCall(["3"], leaves_at=label)
        ending = run(line, call)
        if call.trace.entries[-1].label == label and call.trace.entries[-1].error:
            assert ending is Ending.CALLER_HUNG_UP


def test_no_caller_is_lost_whatever_the_world_answers() -> None:
    """Run every combination of keys and outcomes: a person, or a message or ticket, each time."""
    keys = [["1"], ["2"], ["3"], ["4"], ["0"], [""], ["5", "5", "5"], ["9", "9", "9", "9"]]
    worlds = itertools.product(
        keys,
        (OPEN, frozenset[str]()),
        (STAFFED, frozenset[str]()),
        (DialOutcome.TALKED, DialOutcome.BUSY),
        (DialOutcome.TALKED, DialOutcome.REJECTED),
        (QueueOutcome.TALKED, QueueOutcome.NO_ANSWER),
        (QueueOutcome.TALKED, QueueOutcome.EMPTY),
        MessageOutcome,
    )
    for presses, hours, staffed, external, on_call, billing, centre, message in worlds:
        call = FakeCall(
            presses,
            open_hours=hours,
            staffed=staffed,
            numbers={"external_payment_centre": [external], "on_call": [on_call]},
            queues={"billing": [billing], "centre": [centre]},
            messages=[message],
        )
        assert run("billing", call) is Ending.FINISHED
        outcomes = {
            EXTERNAL: external is DialOutcome.TALKED,
            ON_CALL: on_call is DialOutcome.TALKED,
            DEPARTMENT: billing is QueueOutcome.TALKED,
            CENTRE: centre is QueueOutcome.TALKED,
        }
        talked = any(outcomes.get(name, False) for name in call.names)
        assert talked != ("open_ticket" in done(call)), call.names


def test_every_step_of_the_shipped_lines_is_reached_by_some_caller() -> None:
    for line in ("billing", "council"):
        plan = SITE.plans[LineName(line)]
        reached: set[Label] = set()
        ahead = [plan.start, plan.on_error]
        while ahead:
            label = ahead.pop()
            if label in plan.steps and label not in reached:
                reached.add(label)
                ahead.extend(plan.target(label, e) for e in plan.steps[label].exits().values())
                ahead.extend([plan.entries[label]] if label in plan.entries else [])
        assert reached == set(plan.steps)
