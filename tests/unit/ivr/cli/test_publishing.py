"""``moked dialplan …`` while no service runs: on the database itself, with the same rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.cli.publishing import publish, render_states, render_versions, roll_back, states, versions
from ivr.cli.state import _refusal
from ivr.dialplan.publish import PublishRefused
from ivr.errors import RecordNotFound
from ivr.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def change(settings: Settings, old: str, new: str) -> None:
    file = settings.site / "dialplans" / "billing.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_the_first_command_makes_the_house_and_finds_nothing_changed(settings: Settings) -> None:
    assert publish(settings, [], "", "") == "nothing differs from what is live"
    said = render_states(states(settings)).splitlines()
    assert said[0] == "billing: version 1, draft same"


def test_a_change_is_published_and_taken_back(settings: Settings) -> None:
    states(settings)
    change(settings, "ring_for: 30", "ring_for: 31")
    assert "billing: version 1, draft differs" in render_states(states(settings))
    told = publish(settings, ["billing"], "longer", "").splitlines()
    assert told[0] == "published: billing, version 2"
    assert "next ./moked up" in told[1]
    assert roll_back(settings, "billing", 1, "", "").startswith("published: billing, version 3")
    newest, second, first = render_versions(versions(settings, "billing")).splitlines()
    assert newest.endswith("(from 1)  back to version 1")
    assert second.endswith("(from 1)  longer")
    assert first.startswith("1  ")
    assert "draft same" in render_states(states(settings)).splitlines()[0]


def test_what_has_problems_is_refused_with_all_of_them(settings: Settings) -> None:
    states(settings)
    change(settings, "prompt: billing_menu", "prompt: no_such_prompt")
    change(settings, "queue: billing", "queue: billig")
    with pytest.raises(PublishRefused) as refused:
        publish(settings, [], "", "I insist")
    assert "no queue 'billig'" in str(refused.value)
    assert "no prompt 'no_such_prompt'" in str(refused.value)
    assert "billing: version 1, draft differs, " in render_states(states(settings))


def test_a_line_that_is_not_there_is_named(settings: Settings) -> None:
    with pytest.raises(RecordNotFound, match="no line 'nope'; there are billing, council"):
        publish(settings, ["nope"], "", "")
    with pytest.raises(RecordNotFound):
        roll_back(settings, "billing", 7, "", "")


def test_a_refusal_of_the_service_is_told_with_every_problem() -> None:
    answer = (
        b'{"message": "Not published.", "failing": {"council": {}},'
        b' "problems": [{"file": "a.yaml", "line": 3, "text": "no queue"}]}'
    )
    assert _refusal(answer).splitlines() == [
        "Not published.", "a.yaml:3: no queue", "council: the proof fails",
    ]  # fmt: skip
    assert "JSON" in _refusal(b"<html>")
