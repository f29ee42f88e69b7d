"""Every text is there in both languages, on the server and in the pages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ivr.console.problems import codes, language_of

WEB = Path(__file__).resolve().parents[4] / "ivr" / "console" / "web" / "src"
HEBREW = re.compile(r"[א-ת]")


@pytest.mark.parametrize("code", codes())
def test_a_problem_is_a_sentence_in_both_languages(code: str) -> None:
    status, hebrew, english = codes()[code]
    assert 400 <= status < 600
    assert HEBREW.search(hebrew)
    assert not HEBREW.search(english)
    assert hebrew.endswith(".")
    assert english.endswith(".")


@pytest.mark.parametrize(
    ("accept", "language"), [("he-IL,en", "he"), ("en-US,he", "en"), ("", "he"), ("fr", "he")]
)
def test_hebrew_comes_first(accept: str, language: str) -> None:
    assert language_of(accept) == language


def test_the_pages_have_every_text_in_both_languages() -> None:
    hebrew, english = (_catalogue(name) for name in ("he", "en"))
    assert hebrew.keys() == english.keys()
    assert all(hebrew.values())
    assert all(english.values())
    places = re.compile(r"{{(\w+)}}")
    for key, text in hebrew.items():
        assert set(places.findall(text)) == set(places.findall(english[key])), key


def test_every_text_that_a_page_names_is_in_the_catalogue() -> None:
    named = re.compile(r"""\bt\(\s*"([\w.]+)"|label: "(nav\.\w+)""")
    hebrew = _catalogue("he")
    for file in [*WEB.rglob("*.svelte"), *WEB.rglob("*.ts")]:
        for match in named.finditer(file.read_text()):
            assert (match[1] or match[2]) in hebrew, f"{file.name}: {match[0]}"


def _catalogue(language: str) -> dict[str, str]:
    texts: dict[str, str] = json.loads((WEB / "messages" / f"{language}.json").read_text())
    return texts
