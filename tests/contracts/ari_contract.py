"""The contract of ARI: every scenario goes as it was recorded from a real Asterisk.

What must agree: each request's outcome, in order, and for each channel, playback, bridge and
recording the order of its events. Between two of those the real one promises no order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.ari_scenarios import SCENARIOS
from tests.contracts.ari_steps import Scenario
from tests.contracts.ari_world import SUBJECTS, Entry, World

RECORDING = Path(__file__).parent / "recordings" / "ari_real.jsonl"


def recorded(scenario: Scenario) -> list[Entry]:
    """The transcript that a real Asterisk gave for *scenario*."""
    for line in RECORDING.read_text().splitlines():
        found: dict[str, Any] = json.loads(line)
        if found["scenario"] == scenario.__name__:
            return list(found["transcript"])
    pytest.fail(f"{scenario.__name__} was never recorded; run tests/contracts/record_ari.py")


def answers(transcript: Iterable[Entry]) -> list[Entry]:
    """The requests of a transcript and how each was answered."""
    return [entry for entry in transcript if "asked" in entry]


def told(transcript: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The events of a transcript, by what they are about."""
    found: dict[str, list[Entry]] = {}
    for entry in transcript:
        if "event" in entry:
            kind = next(kind for kind in SUBJECTS if kind in entry)
            found.setdefault(f"{kind} {entry[kind]}", []).append(entry)
    return found


class AriContract:
    """Inherit, and say how a scenario is played on what is under test."""

    def play(self, scenario: Scenario) -> World:
        """Play *scenario* to its end and return the world it was played in."""
        raise NotImplementedError

    @pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
    def test_goes_as_recorded_from_asterisk(self, scenario: Scenario) -> None:
        world = self.play(scenario)
        expected = recorded(scenario)
        assert answers(world.transcript) == answers(expected)
        assert told(world.transcript) == told(expected)
