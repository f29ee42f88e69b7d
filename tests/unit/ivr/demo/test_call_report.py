import pytest

from ivr.demo.call_report import (
    CallReport,
    ServerTrace,
    TracePrompt,
    TraceStep,
    differences,
    render,
)
from ivr.demo.leg import LegEnd
from ivr.demo.listening import Heard

END = LegEnd("us", 200, "BYE", 12.0, 16)


def heard(*names: str) -> list[Heard]:
    return [Heard("prompt", at * 2.0, at * 2.0 + 1, name, -20.0) for at, name in enumerate(names)]


def trace(*prompts: TracePrompt | str, outcome: str = "talked") -> ServerTrace:
    played = tuple(TracePrompt(p) if isinstance(p, str) else p for p in prompts)
    return ServerTrace((TraceStep("welcome", "menu", 0.0, played, "3", "person"),), outcome)


def test_the_same_prompts_in_the_same_order_are_no_difference() -> None:
    assert differences(heard("a", "b", "a"), trace("a", "b", "a")) == []


@pytest.mark.parametrize(
    ("names", "told", "found"),
    [
        (("a",), ("a", "b"), ["in the trace (step welcome) but not heard: b"]),
        (("a", "x"), ("a",), ["heard at 2.0 s but not in the trace: x"]),
        (("b", "a"), ("a", "b"), 2),
        ((), ("a",), 1),
        (("a",), (), 1),
        (("a", "a"), ("a",), 1),
    ],
)
def test_missing_extra_and_misplaced_prompts(
    names: tuple[str, ...], told: tuple[str, ...], found: list[str] | int
) -> None:
    result = differences(heard(*names), trace(*told))
    assert (len(result) if isinstance(found, int) else result) == found


def test_a_prompt_interrupted_at_once_is_not_missed() -> None:
    assert differences(heard("a"), trace(TracePrompt("b", 0.4), TracePrompt("a", 2.0))) == []
    assert differences(heard("a"), trace(TracePrompt("b", 1.4), "a")) != []


def test_a_scrap_of_sound_in_its_place_stands_for_an_interrupted_prompt() -> None:
    a, b = heard("a", "b")
    scrap = Heard("sound", 1.2, 1.6, level=-20.0)
    assert differences([a, scrap, b], trace("a", "x", "b")) == []
    assert len(differences([a, scrap, b], trace("a", "x", "y", "b"))) == 1
    assert len(differences([a, scrap, b], trace("x", "a", "b"))) == 1
    assert differences([a, Heard("sound", 1.1, 1.9), b], trace("a", "x", "b")) != []


def test_one_of_several_that_sound_alike_will_do() -> None:
    part = Heard("prompt", 0.0, 1.0, "he/menu", alternatives=("he/menu_again",))
    assert differences([part], trace("he/menu_again")) == []


def test_other_sounds_are_not_compared() -> None:
    sounds = [Heard("sound", 0.0, 1.0), Heard("party", 1.0, 2.0, "on-call"), Heard("tone", 2, 3)]
    assert differences(sounds, trace()) == []


def report(server: ServerTrace | None, found: tuple[str, ...] = ()) -> CallReport:
    return CallReport(
        "+97229900200", "+972501234567", END, 12.0, (100, 200), 0.1, 0.2, 8.0,
        tuple(heard("he/menu")), ((1.5, "3"),), (500, 0, 510), server, found,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("server", "found", "code"),
    [
        (trace(outcome="talked"), (), 0),
        (trace(outcome="refused by rule"), (), 0),
        (trace(outcome="talked"), ("x",), 2),
        (trace(outcome="abandoned"), (), 1),
        (trace(outcome="failed"), (), 1),
        (trace(outcome=""), (), 1),
        (None, (), 1),
    ],
)
def test_the_exit_code(server: ServerTrace | None, found: tuple[str, ...], code: int) -> None:
    assert report(server, found).exit_code == code


def test_the_text_tells_the_whole_story_in_order() -> None:
    text = render(report(trace("he/menu"), ("heard at 2.0 s but not in the trace: x",)))
    wanted = ["answered after 0.10 s", "first sound 200 ms", "prompt", "he/menu", "pressed",
              "talk begins", "the caller hung up", "outcome talked", "menu welcome",
              "DIFFERENCE: heard at 2.0 s"]  # fmt: skip
    places = [text.find(word) for word in wanted]
    assert -1 not in places
    assert places == sorted(places)


def test_an_unanswered_call_is_told_too() -> None:
    end = LegEnd("them", 403, "Forbidden", 1.0, 21)
    refused = CallReport("+972527250801", "anonymous", end, 0.1, (100, 403))
    text = render(refused)
    assert "not answered (SIP 100 403)" in text
    assert "cause 21" in text
    assert "no trace, outcome refused by rule" in text
    assert refused.exit_code == 0


def test_a_call_that_nobody_answers_is_no_refusal() -> None:
    end = LegEnd("network", 408, "no answer to INVITE", 32.0)
    assert CallReport("+97229900200", "anonymous", end, 32.0, ()).exit_code == 1
