"""What callers get at a start: what was published, whatever the files say by then."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.app.published import Live, read_live
from ivr.app.site import ensure_site
from ivr.clock import SystemClock
from ivr.dialplan.bundle import SITE_UNIT
from ivr.dialplan.problem import SiteInvalid
from ivr.errors import StorageUnavailable
from ivr.ids import AuthorityId, LineName
from ivr.settings import Settings
from ivr.storage.at_once import with_database
from ivr.storage.plans import Plans
from ivr.storage.records import NewVersion, PublishOrder

AWAY = "postgresql://127.0.0.1:1/nobody"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(home=tmp_path)
    ensure_site(made)
    return made


def same(one: Live, other: Live) -> bool:
    return one.lines() == other.lines() and one.loaded.site.queues == other.loaded.site.queues


def write(settings: Settings, file: str, text: str) -> None:
    (settings.site / "dialplans" / file).write_text(text)


def test_the_first_start_publishes_the_files(settings: Settings) -> None:
    live = read_live(settings)
    assert set(live.versions.items()) == {
        (SITE_UNIT, 1), ("billing", 1), ("council", 1), ("whatsapp-only", 1),
    }  # fmt: skip
    assert live.lines()[LineName("billing")].plan.numbers == ("+97229900200",)
    assert same(read_live(settings), live)


def test_a_first_start_with_problems_publishes_nothing(settings: Settings) -> None:
    good = (settings.site / "dialplans" / "billing.yaml").read_text()
    write(settings, "billing.yaml", good.replace("queue: billing", "queue: billig"))
    with pytest.raises(SiteInvalid):
        read_live(settings)
    write(settings, "billing.yaml", good)
    assert read_live(settings).versions["council"] == 1


def test_half_edited_files_do_not_stop_a_later_start(settings: Settings) -> None:
    before = read_live(settings)
    write(settings, "site.yaml", "authority: [half edited")
    write(settings, "billing.yaml", "")
    assert same(read_live(settings), before)


def test_a_house_of_an_older_moked_goes_on_from_its_versions(settings: Settings) -> None:
    old = [NewVersion(line="billing", text="{}"), NewVersion(line="gone", text="")]
    with_database(
        settings,
        lambda database: Plans(database, SystemClock(), AuthorityId("mateh-yehuda")).publish(
            old, PublishOrder(by="old")
        ),
    )
    live = read_live(settings)
    assert (live.versions["billing"], live.versions[SITE_UNIT]) == (2, 1)
    assert "gone" not in live.lines()


def test_while_the_database_is_away_the_last_live_house_is_known(settings: Settings) -> None:
    before = read_live(settings)
    assert same(read_live(Settings(home=settings.home, database_url=AWAY)), before)


def test_a_house_that_never_ran_needs_its_database(settings: Settings) -> None:
    with pytest.raises(StorageUnavailable):
        read_live(Settings(home=settings.home, database_url=AWAY))
