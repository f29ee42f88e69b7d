"""An online voice replaces the offline one prompt by prompt, and gives up in peace."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred, succeed
from twisted.internet.task import Clock

from ivr.prompts.build import Builder
from ivr.prompts.engines.generated import Generated
from ivr.prompts.engines.recorded import Recorded
from ivr.prompts.index import Index
from ivr.prompts.manifest import load_manifests
from ivr.prompts.replace import PAUSE, Places, replace_in_background
from tests.unit.ivr.prompts.sites import TEXTS, ToneVoice, record, write_site


def at_once(work: Callable[[], Any]) -> "Deferred[Any]":
    try:
        return succeed(work())
    except Exception as error:
        failed: Deferred[Any] = Deferred()
        failed.errback(error)
        return failed


class Replacement:
    """A built site whose online voice is now switched on."""

    def __init__(self, root: Path) -> None:
        self.voice, self.online = ToneVoice(), ToneVoice("online_voice", is_online=True)
        engines = (Recorded(), Generated(), self.online, self.voice)
        self.places = Places(root / "site", root / "tools", root / "home", ("he",), engines)
        self.clock = Clock()
        self.replaced: list[str] = []
        self.results: list[int] = []

    def offline_build(self) -> None:
        manifests = load_manifests(self.places.site_prompts, ("he",))
        places = self.places
        Builder(manifests, places.tools, places.home, False, places.engines).run(lambda *_: None)

    def start(self) -> "Deferred[Any]":
        running = Deferred.fromCoroutine(
            replace_in_background(
                self.clock, at_once, self.places, lambda _language, name: self.replaced.append(name)
            )
        )
        return running.addCallback(self.results.append)

    def engine_of(self, name: str) -> str:
        entry = Index(self.places.home / "prompts").get("he", name)
        assert entry is not None
        return entry.engine


@pytest.fixture
def replacement(tmp_path: Path) -> Replacement:
    made = Replacement(tmp_path)
    write_site(made.places.site_prompts, TEXTS)
    record(made.places.site_prompts / "he" / "sorry_technical.wav")
    made.offline_build()
    return made


def test_replaces_synthetic_prompts_only(replacement: Replacement) -> None:
    replacement.start()
    replacement.clock.advance(PAUSE)
    assert (replacement.replaced, replacement.results) == (["hello"], [1])
    assert replacement.engine_of("hello") == "online_voice"
    assert replacement.engine_of("sorry_technical") == "recorded"


def test_asks_one_prompt_at_a_time_with_a_pause_between(replacement: Replacement) -> None:
    write_site(replacement.places.site_prompts, {**TEXTS, "two": "שְׁתַּיִם", "three": "שָׁלוֹשׁ"})
    replacement.offline_build()
    replacement.start()
    counts = [len(replacement.online.asked)]
    for _ in range(3):
        replacement.clock.advance(PAUSE)
        counts.append(len(replacement.online.asked))
    assert counts == [1, 2, 3, 3]


def test_a_second_run_has_nothing_to_do(replacement: Replacement) -> None:
    replacement.start()
    replacement.clock.advance(PAUSE)
    replacement.start()
    assert replacement.results == [1, 0]


def test_gives_up_after_five_failures_in_a_row(replacement: Replacement) -> None:
    texts = {f"p{number}": "שָׁלוֹם" + "ם" * number for number in range(9)}
    write_site(replacement.places.site_prompts, texts)
    replacement.offline_build()
    replacement.online.fails = True
    replacement.start()
    replacement.clock.pump([PAUSE] * 9)
    assert len(replacement.online.asked) == 5
    assert replacement.results == [0]
    assert replacement.engine_of("p0") == "tone_voice"


def test_a_broken_manifest_ends_it_quietly(replacement: Replacement) -> None:
    (replacement.places.site_prompts / "he" / "manifest.yaml").write_text("- no\n")
    replacement.start()
    assert replacement.results == [0]
