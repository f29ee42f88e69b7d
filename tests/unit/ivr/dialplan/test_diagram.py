"""The printed phone tree: every step once, readable, and nothing but text from the files."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from ivr.dialplan.check import load_site
from ivr.dialplan.diagram import Names, Row, rows_of, svg_of
from ivr.dialplan.diagram_words import HEBREW
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.steps import STEP_KINDS
from ivr.ids import LineName

SHIPPED = Path(__file__).parents[4] / "dialplans"
PLAIN = Names(title=lambda _what, name: name, prompt=lambda name: name)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def billing() -> Dialplan:
    return load_site(SHIPPED).plans[LineName("billing")]


def _row(rows: list[Row], text: str) -> Row:
    return next(row for row in rows if text in row.text)


def test_keys_hang_on_their_menu(billing: Dialplan) -> None:
    rows = rows_of(billing, PLAIN)
    menu = _row(rows, "billing_menu")
    ways = [row.way for row in rows if row.parent == menu.number]
    assert ways == ["1", "2 / 3", "4 / 0 / לא הוקש דבר / הקשות שגויות"]


def test_each_step_is_drawn_once(billing: Dialplan) -> None:
    texts = [row.text for row in rows_of(billing, PLAIN)]
    assert texts.count("חיוג: external_payment_centre") == 1
    assert any(text.startswith("המשך בשורה") for text in texts)


def test_a_row_stands_behind_the_one_it_hangs_on(billing: Dialplan) -> None:
    for row in rows_of(billing, PLAIN):
        assert row.parent < row.number


def test_every_kind_and_exit_has_a_word() -> None:
    plans = load_site(SHIPPED).plans.values()
    assert {kind.model_fields["kind"].default for kind in STEP_KINDS} <= {
        *HEBREW,
        *("set", "answer", "subroutine"),
    }
    for plan in plans:
        for step in plan.steps.values():
            names = {name.partition(" ")[0] for name in step.exits()}
            assert names <= set(HEBREW)


@pytest.mark.parametrize("line", ["billing", "council", "whatsapp-only"])
def test_the_page_is_one_page_from_right_to_left(line: str) -> None:
    root = ET.fromstring(svg_of(load_site(SHIPPED).plans[LineName(line)], PLAIN))  # noqa: S314
    assert root.get("direction") == "rtl"
    assert (root.get("width"), root.get("height")) == ("210mm", "297mm")


def test_names_are_text_and_nothing_else(billing: Dialplan) -> None:
    hostile = "</text><script>alert(1)</script>&'\"\u202e\x00\n"
    names = Names(title=lambda _what, _name: hostile, prompt=lambda _name: hostile)
    root = ET.fromstring(svg_of(billing, names))  # noqa: S314 - our own
    assert not list(root.iter(f"{SVG}script"))
    assert "\u202e" not in "".join(root.itertext())
