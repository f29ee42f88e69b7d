"""Scenarios as people write them: keys, answers, worlds; what is not understood says why."""

import pytest

from ivr.dialplan.scenario import Answer, Press, Service, read_answers, read_press, read_world


@pytest.mark.parametrize(
    ("text", "press"),
    [
        ("2", Press("2")),
        ("", Press()),
        ("12#", Press("12#")),
        ("2 after 3 s", Press("2", 3.0)),
        ("2 after 0.5s", Press("2", 0.5)),
        ("hangs up", Press(hangs_up=True)),
        ("hangs up after 2 s", Press(after=2.0, hangs_up=True)),
    ],
)
def test_presses(text: str, press: Press) -> None:
    assert read_press(text) == press


@pytest.mark.parametrize("text", ["x", "2 after", "2 after x s", "after 3 s 2", "٢", "1" * 41])
def test_what_is_no_press_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match="is not keys"):
        read_press(text)


@pytest.mark.parametrize(
    ("service", "text", "answers"),
    [
        (Service.QUEUE, "nobody", [Answer("empty")]),
        (Service.QUEUE, "answered after 20 s", [Answer("talked", 20.0)]),
        (Service.NUMBER, "no answer", [Answer("no_answer")]),
        (Service.BOX, "empty, then accepted", [Answer("empty"), Answer("accepted")]),
        (Service.PAY, "fails", [Answer("fails")]),
        (Service.QUEUE, "hangs up after 7 s", [Answer("hangs_up", 7.0)]),
    ],
)
def test_answers(service: Service, text: str, answers: list[Answer]) -> None:
    assert list(read_answers(service, text)) == answers


def test_an_unknown_answer_names_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"a number cannot be 'bussy' \(did you mean 'busy'\?\)"):
        read_answers(Service.NUMBER, "bussy")


def test_a_world_in_pairs() -> None:
    assert read_world({"queue.centre": "full", "pay": "paid"}) == {
        (Service.QUEUE, "centre"): (Answer("full"),),
        (Service.PAY, ""): (Answer("paid"),),
    }
    with pytest.raises(ValueError, match=r"did you mean 'queue'"):
        read_world({"queu.centre": "full"})
