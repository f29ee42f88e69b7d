"""A missing or corrupt file never means silence."""

from pathlib import Path

import pytest

from ivr.prompts.build import Builder
from ivr.prompts.catalogue import LAST_RESORT, Catalogue
from ivr.prompts.engine import Engine
from ivr.prompts.engines.generated import Generated
from ivr.prompts.manifest import load_manifests
from tests.unit.ivr.prompts.sites import TEXTS, ToneVoice, write_site

LANGUAGES = ("he", "en")


@pytest.fixture
def media(tmp_path: Path) -> Path:
    write_site(tmp_path / "site", TEXTS, LANGUAGES)
    manifests = load_manifests(tmp_path / "site", LANGUAGES)
    engines: list[Engine] = [Generated(), ToneVoice()]
    Builder(manifests, tmp_path / "tools", tmp_path, False, engines).run(lambda *_: None)
    return tmp_path / "prompts"


def catalogue_of(media: Path) -> Catalogue:
    return Catalogue(media, load_manifests(media.parent / "site", LANGUAGES))


def remove(media: Path, *labels: str) -> None:
    for label in labels:
        for path in media.glob(f"{label}.*"):
            path.unlink()


def test_a_whole_site_lacks_nothing(media: Path) -> None:
    catalogue = catalogue_of(media)
    assert catalogue.missing() == ()
    assert catalogue.media("he", "hello") == "sound:moked/he/hello"
    assert catalogue.resolve_all("en", ["hello", "beep"]) == [
        "sound:moked/en/hello",
        "sound:moked/en/beep",
    ]
    assert catalogue.length("he", "hello") == pytest.approx(0.6, abs=0.1)
    assert catalogue.names("he") == {"hello", "sorry_technical", "beep"}


def test_the_same_prompt_in_another_language_comes_first(media: Path) -> None:
    remove(media, "he/hello")
    catalogue = catalogue_of(media)
    assert catalogue.resolve("he", "hello") == ["sound:moked/en/hello"]
    assert [(lack.language, lack.name) for lack in catalogue.missing()] == [("he", "hello")]


def test_then_the_apology_in_the_callers_language(media: Path) -> None:
    remove(media, "he/hello", "en/hello")
    assert catalogue_of(media).resolve("en", "hello") == ["sound:moked/en/sorry_technical"]


def test_then_the_apology_in_another_language(media: Path) -> None:
    remove(media, "he/hello", "en/hello", "en/sorry_technical")
    assert catalogue_of(media).resolve("en", "hello") == ["sound:moked/he/sorry_technical"]


def test_then_a_tone(media: Path) -> None:
    remove(media, "*/hello", "*/sorry_technical")
    assert catalogue_of(media).resolve("he", "hello") == ["sound:moked/he/beep"]


def test_with_everything_gone_asterisks_own_tone_is_left(media: Path) -> None:
    remove(media, "*/*")
    catalogue = catalogue_of(media)
    assert catalogue.resolve("he", "hello") == [LAST_RESORT]
    assert catalogue.length("he", "hello") > 0
    assert len(catalogue.missing()) == 6


def test_a_name_or_language_nobody_knows_is_not_silence_either(media: Path) -> None:
    catalogue = catalogue_of(media)
    assert catalogue.resolve("he", "no_such_prompt") == ["sound:moked/he/sorry_technical"]
    assert catalogue.resolve("ru", "hello") == ["sound:moked/he/hello"]


@pytest.mark.parametrize("suffix", ["alaw", "ulaw", "sln16"])
@pytest.mark.parametrize("data", [b"", b"\x55" * 400, b"\xd5" * 16000, b"\x00" * 16000])
def test_one_bad_file_of_any_format_counts_as_missing(
    media: Path, suffix: str, data: bytes
) -> None:
    (media / "he" / f"hello.{suffix}").write_bytes(data)
    assert catalogue_of(media).resolve("he", "hello") == ["sound:moked/en/hello"]


@pytest.mark.parametrize(
    ("suffix", "data", "reason"),
    [("alaw", b"\xd5" * 16000, "silent"), ("ulaw", b"\x00" * 800, "shorter")],
)
def test_without_an_index_the_sound_itself_is_judged(
    media: Path, suffix: str, data: bytes, reason: str
) -> None:
    (media / "index.json").unlink()
    (media / "he" / f"hello.{suffix}").write_bytes(data)
    (lack,) = catalogue_of(media).missing()
    assert (lack.name, reason in lack.reason) == ("hello", True)


def test_a_prompt_that_came_back_is_played_after_a_refresh(media: Path) -> None:
    file = media / "he" / "hello.alaw"
    whole = file.read_bytes()
    file.unlink()
    catalogue = catalogue_of(media)
    file.write_bytes(whole)
    catalogue.refresh()
    assert catalogue.resolve("he", "hello") == ["sound:moked/he/hello"]
