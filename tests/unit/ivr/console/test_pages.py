"""Serving the built front end, and nothing but it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.console.pages import PAGES
from tests.unit.ivr.console.conftest import House


@pytest.fixture
def web(tmp_path: Path) -> Path:
    folder = tmp_path / "web"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html>desk")
    (folder / "assets" / "index-abc.js").write_text("1")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


@pytest.mark.parametrize("path", PAGES)
def test_a_known_page_is_the_front_end_and_always_fresh(house: House, web: Path, path: str) -> None:
    answer = house.browser().get(path.replace("{token}", "t").replace("{call_id}", "c"))
    assert (answer.status, answer.body) == (200, b"<!doctype html>desk")
    assert answer.headers["cache-control"] == "no-cache"


def test_an_asset_is_kept_for_ever(house: House, web: Path) -> None:
    answer = house.browser().get("/assets/index-abc.js")
    assert answer.status == 200
    assert "immutable" in answer.headers["cache-control"]


def test_an_asset_is_sent_compressed_to_who_can_read_it(house: House, web: Path) -> None:
    (web / "assets" / "index-abc.js.gz").write_bytes(b"packed")
    packed = house.browser().get("/assets/index-abc.js", accept_encoding="gzip, br")
    assert packed.body == b"packed"
    assert packed.headers["content-encoding"] == "gzip"
    assert "javascript" in packed.headers["content-type"]
    assert house.browser().get("/assets/index-abc.js").body == b"1"


@pytest.mark.parametrize(
    "path",
    ["/assets/../../secret.txt", "/assets/..%2f..%2fsecret.txt", "/assets/missing.js",
     "/assets/", "/assets/a\0b", "/nowhere", "/desk/x"],
)  # fmt: skip
def test_nothing_else_is_served(house: House, web: Path, path: str) -> None:
    answer = house.browser().get(path)
    assert answer.status == 404
    assert b"secret" not in answer.body


def test_without_a_built_front_end_the_page_says_what_to_do(house: House) -> None:
    answer = house.browser().get("/desk")
    assert answer.status == 503
    assert "./moked up" in answer.body.decode()
