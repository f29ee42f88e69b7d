"""The build makes what is new or changed, keeps the rest, and never replaces a person's voice."""

import json
import threading
from pathlib import Path

import numpy as np
import pytest

from ivr.prompts.build import Builder, BuildReport, build
from ivr.prompts.engine import Engine
from ivr.prompts.engines.generated import Generated
from ivr.prompts.engines.recorded import Recorded
from ivr.prompts.index import Index
from ivr.prompts.manifest import ManifestInvalid, load_manifests
from ivr.prompts.media import FORMATS
from tests.unit.ivr.prompts.sites import TEXTS, ToneVoice, record, write_site


class Site:
    """One instance of a small site and what is installed beside it."""

    def __init__(self, root: Path, languages: tuple[str, ...] = ("he",)) -> None:
        self.prompts, self.tools, self.home = root / "site", root / "tools", root / "home"
        self.media = self.home / "prompts"
        self.languages = languages
        self.voice = ToneVoice()
        self.online = ToneVoice("online_voice", is_online=True)
        write_site(self.prompts, TEXTS, languages)

    def build(self, online: bool = False) -> BuildReport:
        engines: list[Engine] = [Recorded(), Generated(), self.online, self.voice]
        manifests = load_manifests(self.prompts, self.languages)
        builder = Builder(manifests, self.tools, self.home, online, engines)
        builder.run(lambda _done, _of, _label: None)
        return builder.report

    def engine_of(self, label: str) -> str:
        entry = Index(self.media).get(*label.split("/"))
        assert entry is not None
        return entry.engine


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_every_prompt_gets_a_file_in_every_format_asterisk_may_want(site: Site) -> None:
    report = site.build()
    assert (len(report.made), report.missing, report.problems) == (3, [], [])
    for name in (*TEXTS, "beep"):
        lengths = [
            form.read((site.media / "he" / f"{name}.{form.suffix}").read_bytes()).seconds
            for form in FORMATS
        ]
        assert lengths == pytest.approx([lengths[0]] * 3, abs=0.02)
        assert lengths[0] > 0.2


def test_a_second_build_does_nothing(site: Site) -> None:
    site.build()
    site.voice.asked.clear()
    before = (site.media / "index.json").stat().st_mtime_ns
    report = site.build()
    assert (report.made, report.kept, site.voice.asked) == ([], 3, [])
    assert (site.media / "index.json").stat().st_mtime_ns == before


def test_only_a_changed_text_is_made_again(site: Site) -> None:
    site.build()
    site.voice.asked.clear()
    write_site(site.prompts, {**TEXTS, "hello": "בֹּקֶר טוֹב"})
    assert site.build().made == ["he/hello by tone_voice"]
    assert site.voice.asked == ["he/hello"]


def test_another_instance_takes_the_audio_from_the_shared_cache(site: Site, tmp_path: Path) -> None:
    site.build()
    site.voice.asked.clear()
    site.home = tmp_path / "second"
    assert len(site.build().made) == 3
    assert site.voice.asked == []


@pytest.mark.parametrize("damage", [b"", b"\x00\x01", None])
def test_a_damaged_or_deleted_file_is_put_back(site: Site, damage: bytes | None) -> None:
    site.build()
    file = site.media / "he" / "hello.ulaw"
    whole = file.read_bytes()
    file.unlink()
    if damage is not None:
        file.write_bytes(damage)
    site.build()
    assert file.read_bytes() == whole


def test_a_damaged_cache_is_made_again(site: Site) -> None:
    site.build()
    for folder in (site.tools / "prompts").iterdir():
        (folder / "audio.alaw").write_bytes(b"")
    (site.media / "he" / "hello.alaw").unlink()
    assert site.build().missing == []
    assert len((site.media / "he" / "hello.alaw").read_bytes()) > 1600


def test_a_recording_wins_and_is_never_replaced_by_a_voice(site: Site) -> None:
    site.build()
    record(site.prompts / "he" / "hello.wav")
    take = (site.prompts / "he" / "hello.wav").read_bytes()
    assert site.build().made == ["he/hello by recorded"]
    write_site(site.prompts, {**TEXTS, "hello": "טֶקְסְט אַחֵר"})
    site.build(online=True)
    assert site.engine_of("he/hello") == "recorded"
    assert (site.prompts / "he" / "hello.wav").read_bytes() == take


def test_a_new_take_replaces_the_old_one(site: Site) -> None:
    record(site.prompts / "he" / "hello.wav", 600)
    site.build()
    before = (site.media / "he" / "hello.alaw").read_bytes()
    record(site.prompts / "he" / "hello.wav", 900)
    assert site.build().made == ["he/hello by recorded"]
    assert (site.media / "he" / "hello.alaw").read_bytes() != before


def test_a_broken_recording_is_told_and_the_voice_speaks_instead(site: Site) -> None:
    (site.prompts / "he" / "hello.wav").write_bytes(b"not a sound")
    report = site.build()
    assert site.engine_of("he/hello") == "tone_voice"
    assert any("he/hello: hello.wav" in problem for problem in report.problems)


def test_an_online_voice_is_asked_only_when_allowed_and_then_stays(site: Site) -> None:
    site.build()
    assert site.online.asked == []
    site.build(online=True)
    assert site.engine_of("he/hello") == "online_voice"
    assert site.build().made == []
    assert site.engine_of("he/hello") == "online_voice"


def test_an_online_voice_that_keeps_failing_is_left_alone(site: Site) -> None:
    texts = {f"p{number}": "שָׁלוֹם" + "ם" * number for number in range(12)}
    write_site(site.prompts, texts)
    site.online.fails = True
    report = site.build(online=True)
    assert report.missing == []
    assert 3 <= len(site.online.asked) <= 6  # those already under way when the third failed


def test_a_prompt_nobody_can_make_is_told_and_keeps_its_old_words(site: Site) -> None:
    site.build()
    old = (site.media / "he" / "hello.alaw").read_bytes()
    site.voice.fails = True
    write_site(site.prompts, {**TEXTS, "hello": "חָדָשׁ", "more": "עוֹד"})
    report = site.build()
    assert sorted(report.missing) == ["he/hello", "he/more"]
    assert (site.media / "he" / "hello.alaw").read_bytes() == old


def test_a_prompt_taken_out_of_the_manifest_leaves_no_file(site: Site) -> None:
    site.build()
    write_site(site.prompts, {"sorry_technical": TEXTS["sorry_technical"]})
    site.build()
    assert not list((site.media / "he").glob("hello.*"))
    assert "he/hello" not in json.loads((site.media / "index.json").read_text())["prompts"]


def test_an_unreadable_index_costs_only_time(site: Site) -> None:
    site.build()
    (site.media / "index.json").write_bytes(b'{"prompts": {"he/hello": {"engine')
    assert len(site.build().made) == 3


def test_a_broken_manifest_changes_nothing(site: Site) -> None:
    site.build()
    (site.prompts / "he" / "manifest.yaml").write_text("language: he\nprompts: 1\n")
    with pytest.raises(ManifestInvalid):
        build(site.prompts, site.tools, site.home, ["he"])
    assert (site.media / "he" / "hello.alaw").exists()


def test_two_builds_at_once_end_well(site: Site) -> None:
    reports: list[BuildReport] = []
    threads = [
        threading.Thread(target=lambda: reports.append(
            build(site.prompts, site.tools, site.home, ["he"]))) for _ in range(2)
    ]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(report.made) for report in reports) == [0, 3]


def test_half_a_file_is_never_seen(site: Site) -> None:
    site.build()
    assert not [path for path in site.media.rglob(".*") if path.name != ".lock"]
    first = np.frombuffer((site.media / "he" / "hello.sln16").read_bytes(), dtype="<i2")
    assert np.abs(first).max() > 1000
