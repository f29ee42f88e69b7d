"""A folder with faults: every problem at once, each with its file, its line and how to mend it."""

import shutil
from pathlib import Path

import pytest

from ivr.dialplan.check import check, load_site
from ivr.dialplan.problem import SiteInvalid

SHIPPED = Path(__file__).parents[4] / "dialplans"
HEAD = """\
line: test
numbers: ['+97229900999']
language: he
start: first
on_error: first
steps:
"""
END = """\
  first:
    kind: hangup
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in SHIPPED.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def problems(folder: Path, text: str, name: str = "test.yaml") -> list[str]:
    (folder / name).write_text(text, encoding="utf-8")
    return [str(problem) for problem in check(folder)]


def test_the_shipped_site_has_no_problem() -> None:
    assert check(SHIPPED) == []
    assert set(load_site(SHIPPED).plans) == {"billing", "council", "whatsapp-only"}


STEP_PROBLEMS = [
    ("{kind: play, promt: hello, next: end}", "unknown key 'promt' (did you mean 'prompt'?)"),
    ("{kind: play, next: end}", "'prompt' is missing"),
    ("{kind: plai, prompt: hello, next: end}", "unknown kind 'plai' (did you mean 'play'?)"),
    ("{prompt: hello, next: end}", "the step has no kind"),
    ("hangup", "the step has no kind"),
    ("{kind: play, prompt: hello, next: frist}", "which does not exist (did you mean 'first'?)"),
    ("{kind: play, prompt: hello, next: return}", "goes to 'return', which does not exist"),
    ("{kind: play, prompt: 7, next: end}", "must be text, in quotes if need be, not 7"),
    ("{kind: play, prompt: Hello there, next: end}", "'Hello there' is not a name"),
    ("{kind: queue, queue: biling, no_answer: end, empty: end, full: end}", "no queue 'biling'"),
    (
        "{kind: queue, queue: billing, wait: '25', no_answer: end, empty: end, full: end}",
        "must be a number",
    ),
    ("{kind: queue, queue: billing, wait: 1, no_answer: end, empty: end, full: end}", "equal to 5"),
    (
        "{kind: queue, queue: billing, wait: .inf, no_answer: end, empty: end, full: end}",
        "must be a number",
    ),
    ("{kind: hours, hours: bilings, open: end, closed: end}", "no hours 'bilings' in site.yaml"),
    ("{kind: subroutine, dialplan: center, next: end}", "(did you mean 'centre'?)"),
    ("{kind: voicemail, box: x, accepted: end, empty: end, impossible: end}", "no box 'x'"),
    (
        "{kind: dial, number: 050, busy: end, no_answer: end, rejected: end, unreachable: end}",
        "must be text",
    ),
    (
        "{kind: dial, number: '0501', busy: end, no_answer: end, rejected: end, unreachable: end}",
        "is not written as it must be",
    ),
    (
        "{kind: dial, number: on_cal, busy: end, no_answer: end, rejected: end, unreachable: end}",
        "no number 'on_cal' in site.yaml (did you mean 'on_call'?)",
    ),
    (
        "{kind: menu, prompt: m, digits: {'12': end}, no_input: end, no_match: end}",
        "'12' is not a key of a telephone",
    ),
    (
        "{kind: menu, prompt: m, digits: {1: end}, no_input: end, no_match: end}",
        "the key 1 must stand in quotes: '1'",
    ),
    (
        "{kind: menu, prompt: m, digits: {'١': end}, no_input: end, no_match: end}",
        "is not in European digits: '1'",
    ),
    (
        "{kind: menu, prompt: m, digits: {'1': end, '1': first}, no_input: end, no_match: end}",
        "'1' stands here again (first in line 7)",
    ),
    ("{kind: menu, prompt: m, digits: {}, no_input: end, no_match: end}", "at least 1 item"),
    ("{kind: branch, when: [{if: 'callr == 1', then: end}], else: end}", "unknown name 'callr'"),
    ("{kind: branch, when: [{if: \"is_open('x')\", then: end}], else: end}", "no hours 'x'"),
    ("{kind: branch, when: [{if: 'vars.no == 1', then: end}], else: end}", "'no' is set nowhere"),
    ("{kind: branch, when: [{iff: 'true', then: end}], else: end}", "did you mean 'if'?"),
    ("{kind: set, values: {a: '{b}'}, next: end}", "the variable 'b' is set nowhere"),
    ("{kind: set, values: {a: '{b!r}'}, next: end}", "braces may only stand around a name"),
    ("{kind: set, values: {caller: x}, next: end}", "something every call has"),
    ("{kind: say, speech: [{say: '{x}', as: number}], next: end}", "'digits' or 'place'"),
    (
        "{kind: say, speech: [{say: '{x.y}', as: digits}], next: end}",
        "braces may only stand around a name",
    ),
    ("{kind: say, speech: [{say: '{secret_pin}', as: digits}], next: end}", "is secret and may"),
    (
        '{kind: ticket, department: centre, subject: "a\\nBcc: b", text: b, opened: end}',
        "must be one line of plain text",
    ),
    ("{kind: say, speech: hello, next: end}", "must be a list: [one, two], not "),
    (
        "{kind: ticket, department: cntre, subject: a, text: b, opened: end}",
        "no department 'cntre'",
    ),
    ("{kind: refuse, cause: away}", "'rejected'"),
    ("!!python/object:os.system {kind: hangup}", "os.system is not allowed"),
]


@pytest.mark.parametrize(
    ("step", "words"), STEP_PROBLEMS, ids=[words for _, words in STEP_PROBLEMS]
)
def test_names_line_and_fault_of_a_step(folder: Path, step: str, words: str) -> None:
    found = problems(folder, f"{HEAD}  first: {step}\n")
    assert any(words in problem for problem in found), found
    assert all(problem.startswith("test.yaml:7: steps.first") for problem in found), found


FILE_PROBLEMS = [
    (
        HEAD.replace("start: first", "start: frist") + END,
        "test.yaml:4: start: no step 'frist' (did",
    ),
    (HEAD.replace("on_error: first\n", "") + END, "test.yaml:1: 'on_error' is missing"),
    (HEAD.replace("language: he\n", "") + END, "test.yaml:1: 'language' is missing"),
    (HEAD.replace("numbers", "number") + END, "test.yaml:2: unknown key 'number' (did you mean"),
    (
        HEAD.replace("line: test", "line: tset") + END,
        "test.yaml:1: line: the file of 'tset' must be",
    ),
    (HEAD.replace("line: test", "line: Test") + END, "test.yaml:1: line: 'Test' is not a name"),
    (HEAD.replace("+97229900999", "029900999") + END, "test.yaml:2: numbers.0: '029900999' is not"),
    (HEAD.replace("+97229900999", "+97229900200") + END, "belongs to billing.yaml already"),
    (HEAD.replace("line: test", "line: test\nsub_dialplan: test") + END, "begins with either"),
    (HEAD.replace("line", "sub_dialplan") + END, "'numbers' belongs to a line"),
    (
        HEAD + END + "  lonely:\n    kind: hangup\n",
        "test.yaml:9: steps.lonely: can never be reached",
    ),
    (HEAD + END + "  first:\n    kind: hangup\n", "test.yaml:9: steps: 'first' stands here again"),
    (HEAD + END + "  end:\n    kind: hangup\n", "'end' has a meaning of its own"),
    (HEAD + END + "  Wrong:\n    kind: hangup\n", "a label is a small English letter"),
    (HEAD + END + "  two: &a {kind: hangup}\n  three: *a\n", "test.yaml:10: steps.three: aliases"),
    (HEAD.replace("steps:", "stepps:") + END, "'steps' is missing"),
    (HEAD, "test.yaml:6: steps: must be keys with values, not null"),
    ("", "test.yaml: the file is empty"),
    ("just text", "test.yaml:1: here must be keys with values"),
    ("a: [", "test.yaml:1: not readable as YAML"),
    ("a: b: c", "test.yaml:1: not readable as YAML"),
    ("\ta: b", "test.yaml:1: not readable as YAML"),
    ("a: 1\n---\nb: 2", "test.yaml:2: not readable as YAML"),
    ("a: \x00", "test.yaml: not readable as YAML"),
]


@pytest.mark.parametrize(
    ("text", "words"), FILE_PROBLEMS, ids=[words for _, words in FILE_PROBLEMS]
)
def test_names_line_and_fault_of_a_file(folder: Path, text: str, words: str) -> None:
    found = problems(folder, text)
    assert any(words in problem for problem in found), found
    assert all(problem.startswith("test.yaml") for problem in found), found


def test_one_slip_is_not_reported_once_for_each_step_behind_it(folder: Path) -> None:
    text = (folder / "billing.yaml").read_text().replace("next: greeting", "next: greting")
    (folder / "billing.yaml").write_text(text)
    assert [str(problem) for problem in check(folder)] == [
        "billing.yaml:12: steps.notice.next: goes to 'greting', which does not exist "
        "(did you mean 'greeting'?)",
        "billing.yaml:14: steps.greeting: can never be reached",
    ]


def test_a_circle_that_nothing_leads_to_is_reported_once(folder: Path) -> None:
    circle = "".join(
        f"  {label}: {{kind: play, prompt: hello, next: {following}}}\n"
        for label, following in (("one", "two"), ("two", "one"))
    )
    assert problems(folder, HEAD + END + circle) == ["test.yaml:9: steps.one: can never be reached"]


def test_reports_all_problems_of_all_files_at_once(folder: Path) -> None:
    (folder / "council.yaml").write_text("line: council\n")
    (folder / "site.yaml").write_text("authority: {}\n")
    found = problems(folder, f"{HEAD}  first: {{kind: play}}\n  other: {{kind: plai}}\n")
    assert {problem.partition(":")[0] for problem in found} == {
        "council.yaml",
        "site.yaml",
        "test.yaml",
    }
    assert len([problem for problem in found if problem.startswith("test.yaml")]) == 3
    with pytest.raises(SiteInvalid) as invalid:
        load_site(folder)
    assert [str(problem) for problem in invalid.value.problems] == found


def test_can_be_narrowed_to_some_files(folder: Path) -> None:
    (folder / "council.yaml").write_text("line: council\n")
    assert check(folder, files=[folder / "billing.yaml"]) == []
    assert check(folder, files=[folder / "council.yaml"]) != []


def test_a_file_that_lies_elsewhere_is_checked_as_if_it_stood_in_the_site(folder: Path) -> None:
    assert check(SHIPPED, files=[SHIPPED / "examples" / "hours.yaml"]) == []
    other = folder / "drafts" / "billing.yaml"
    other.parent.mkdir()
    other.write_text((folder / "billing.yaml").read_text().replace("queue: billing", "queue: bill"))
    found = [str(problem) for problem in check(SHIPPED, files=[other])]
    assert len(found) == 1
    assert "no queue 'bill' in site.yaml" in found[0]


def test_a_file_is_not_called_good_without_a_site_to_check_it_against(tmp_path: Path) -> None:
    (tmp_path / "test.yaml").write_text(HEAD + END)
    found = check(tmp_path, files=[tmp_path / "test.yaml"])
    assert [problem.file for problem in found] == ["site.yaml"]


def test_a_prompt_that_is_missing_in_a_language_is_named(folder: Path) -> None:
    known = {"he": {"recording_notice", "welcome_council", "sorry_technical"}}
    found = [str(problem) for problem in check(folder, known)]
    assert "billing.yaml:19: steps.welcome: no prompt 'billing_menu' in 'he'" in found
    assert not [problem for problem in found if problem.startswith("council.yaml")]


def test_sub_dialplans_that_call_one_another_in_a_circle_are_refused(folder: Path) -> None:
    for name, other in (("one", "two"), ("two", "one")):
        step = f"  first: {{kind: subroutine, dialplan: {other}, next: return}}\n"
        text = f"sub_dialplan: {name}\nstart: first\nsteps:\n{step}"
        (folder / f"{name}.yaml").write_text(text)
    found = problems(folder, f"{HEAD}  first: {{kind: subroutine, dialplan: one, next: end}}\n")
    assert len(found) == 1
    assert "call one another in a circle" in found[0]


def test_the_emergency_line_must_have_a_number_to_show(folder: Path) -> None:
    site = (folder / "site.yaml").read_text()
    for line, words in (("whatsapp-only", "has no number"), ("concil", "did you mean 'council'?")):
        (folder / "site.yaml").write_text(
            site.replace("emergency_line: council", f"emergency_line: {line}")
        )
        assert any(words in str(problem) for problem in check(folder))


def test_a_folder_without_a_site_says_so(tmp_path: Path) -> None:
    assert [str(problem) for problem in check(tmp_path)] == [
        f"site.yaml: the file does not exist in {tmp_path.name}/"
    ]


def test_a_file_that_is_not_text_says_so(folder: Path) -> None:
    (folder / "test.yaml").write_bytes(b"\xff\xfe\x00line")
    assert "cannot be read as UTF-8" in str(check(folder)[0])
