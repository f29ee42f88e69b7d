"""Asterisk's own description of ARI: our generated module is up to date, the fake keeps to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from ivr.asterisk.ari_generator import OUTPUT, generated
from ivr.asterisk.ari_swagger import Model, read_models
from tests.calls.private_asterisk import asterisk_root
from tests.contracts.ari_scenarios import SCENARIOS
from tests.contracts.test_ari_fake import APP, FakeWorld
from tests.fakes.ari import FakeAri, FakeAsterisk
from tests.results import result_of

pytestmark = pytest.mark.calls


@pytest.fixture(scope="module")
def folder() -> Path:
    root = asterisk_root()
    if root is None:
        pytest.skip("no Asterisk unpacked here (./moked sets one up, or MOKED_ASTERISK_ROOT)")
    return root / "usr/share/asterisk/rest-api"


def test_the_generated_module_fits_the_installed_asterisk(folder: Path) -> None:
    assert OUTPUT.read_text() == generated(folder), (
        "run: python -m ivr.asterisk.ari_generator REST_API_DIR"
    )


def test_the_fakes_events_are_as_described(folder: Path) -> None:
    models = read_models(folder)
    parents = {child: model for model in models.values() for child in model.subtypes}
    wrong: set[str] = set()
    seen: set[str] = set()
    for event in _events_of_all_scenarios():
        seen.add(event["type"])
        wrong |= set(_problems(event["type"], event, models, parents))
    assert wrong == set()
    assert {"StasisStart", "StasisEnd", "ChannelDestroyed", "PlaybackFinished", "Dial"} <= seen


def _events_of_all_scenarios() -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    for scenario in SCENARIOS:
        clock = Clock()
        asterisk = FakeAsterisk(clock)
        ari = FakeAri(asterisk, APP)
        world = FakeWorld(ari, APP, clock, "run")
        world.asterisk = asterisk
        ari.on_event = world.saw
        hear = asterisk.apps[APP].listener

        def listen(event: dict[str, Any], hear: Any = hear) -> None:
            events.append(json.loads(msgspec.json.encode(event)))
            hear(event)

        asterisk.apps[APP].listener = listen
        played = Deferred.fromCoroutine(scenario(world))
        for _ in range(600):
            if not played.called:
                clock.advance(0.05)
        result_of(played)
    return events


def _problems(
    name: str, shown: dict[str, Any], models: dict[str, Model], parents: dict[str, Model]
) -> list[str]:
    """What is missing in *shown*, or not described, compared with the model *name*."""
    properties = list(models[name].properties)
    base: Model | None = parents.get(name)
    while base is not None:
        properties += base.properties
        base = parents.get(base.name)
    known = {item.name: item for item in properties}
    found = [f"{name}.{key} is not described" for key in shown if key not in known]
    found += [
        f"{name}.{key} is missing"
        for key, item in known.items()
        if item.required and key not in shown
    ]
    for key, item in known.items():
        if item.kind in models and isinstance(shown.get(key), dict):
            found += _problems(item.kind, shown[key], models, parents)
    return found
