"""A manifest is read whole, or every reason why not is told with its line."""

from pathlib import Path

import pytest

from ivr.prompts.manifest import Kind, ManifestInvalid, load_manifest, load_manifests

DEFAULT_SITE = Path(__file__).resolve().parents[4] / "prompts"

# What the default lines play: removing one would leave a caller without words.
NEEDED = [
    "recording_notice",
    "welcome_billing",
    "billing_menu",
    "automated_payment_not_yet",
    "service_not_yet",
    "choose_language",
    "transfer_external_centre",
    "external_centre_unavailable",
    "transfer_department",
    "department_closed",
    "department_no_answer",
    "transfer_centre",
    "welcome_council",
    "queue_welcome",
    "queue_position",
    "queue_you_are_number",
    "queue_in_line",
    "queue_still_waiting",
    "you_are_next",
    "no_match",
    "no_input",
    "on_call_transfer",
    "on_call_accept",
    "leave_message",
    "message_thanks",
    "message_empty",
    "ticket_opened",
    "goodbye",
    "sorry_technical",
    "failsafe_apology",
    "agent_whisper_billing",
    "agent_whisper_council",
    "talk_recorded",
    "beep",
    "hold_tone",
]
FRAGMENTS = [f"digit_{n}" for n in range(10)] + [f"place_{n}" for n in range(1, 21)]


def written(folder: Path, text: str) -> Path:
    path = folder / "manifest.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(path: Path, language: str = "he") -> list[str]:
    with pytest.raises(ManifestInvalid) as raised:
        load_manifest(path, language)
    return [str(problem).removeprefix(f"{path}:") for problem in raised.value.problems]


def test_the_default_site_has_the_same_names_in_every_language() -> None:
    manifests = load_manifests(DEFAULT_SITE, ("he", "en"))
    assert set(manifests["he"].prompts) == set(manifests["en"].prompts)
    assert set(NEEDED + FRAGMENTS) <= set(manifests["he"].prompts)


def test_every_hebrew_word_of_the_default_site_carries_niqqud() -> None:
    manifest = load_manifests(DEFAULT_SITE, ("he",))["he"]
    bare = [
        word
        for prompt in manifest.prompts.values()
        for word in prompt.text.split()
        if not any("\u05b0" <= mark <= "\u05c7" for mark in word)
    ]
    assert bare == []


def test_a_prompt_is_read_with_its_note_and_kind(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "language: he\nprompts:\n  bye:\n    text: >-\n      שָׁלוֹם,\n      לְהִתְרָאוֹת\n"
        "    note: חם\n    kind: fragment\n    recording: bye2.wav\n",
    )
    prompt = load_manifest(path, "he").prompts["bye"]
    assert (prompt.text, prompt.note, prompt.kind, prompt.recording) == (
        "שָׁלוֹם, לְהִתְרָאוֹת",
        "חם",
        Kind.FRAGMENT,
        "bye2.wav",
    )


def test_all_problems_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "language: en\nprompst: {}\nprompts:\n  Welcome:\n    text: a\n  two:\n    kind: song\n"
        "    text: b\n  three:\n    txt: c\n  four: hello\n  five:\n    text: e\n"
        "    recording: ../../secrets/key\n",
    )
    told = problems_of(path)
    assert [message.split(":")[0] for message in told] == ["2", "1", "4", "6", "9", "9", "11", "12"]
    assert "unknown key 'prompst'" in told[0]
    assert any("three: unknown key 'txt'" in message for message in told)
    assert any("five: `recording:`" in message for message in told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("language: he\nprompts:\n  a:\n    text: x\n  a:\n    text: y\n", "5: found duplicate"),
        ("language: he\nprompts:\n  a: [\n", "4:"),
        ("- a\n", "1: must have"),
        ("language: he\nprompts: 3\n", "1: `prompts:`"),
    ],
)
def test_a_broken_file_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    assert problems_of(written(tmp_path, text))[0].startswith(told)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in problems_of(tmp_path / "nowhere.yaml")[0]
    (tmp_path / "manifest.yaml").write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in problems_of(tmp_path / "manifest.yaml")[0]


def test_a_name_that_one_language_lacks_is_told(tmp_path: Path) -> None:
    for language, names in (("he", "ab"), ("en", "a")):
        (tmp_path / language).mkdir()
        entries = "".join(f"  {name}:\n    text: x\n" for name in names)
        written(tmp_path / language, f"language: {language}\nprompts:\n{entries}")
    with pytest.raises(ManifestInvalid, match=r"en/manifest\.yaml:1: lacks b"):
        load_manifests(tmp_path, ("he", "en"))
