"""What is published: read from the database, never from the files people edit.

At the first start of an instance the files are published as version 1. What was last live is kept
in a file too, so that Asterisk can be started with the right lines while the database is away.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ivr.app.site import read_site
from ivr.calls.drafts import Drafts
from ivr.calls.lines import Published
from ivr.clock import Clock, SystemClock
from ivr.dialplan.bundle import SITE_UNIT, bundle_of, understand
from ivr.dialplan.check import LoadedSite
from ivr.errors import StorageUnavailable
from ivr.ids import AuthorityId, LineName
from ivr.settings import Settings
from ivr.storage.at_once import with_database
from ivr.storage.database import Database
from ivr.storage.plans import Plans, authority_of
from ivr.storage.records import NewVersion, PublishOrder

FIRST_NOTE = "first start"
MACHINE = "machine"  # who publishes at the first start


@dataclass(frozen=True, slots=True)
class Live:
    """The house as it serves callers; *versions* by line, and of the site itself."""

    loaded: LoadedSite
    versions: Mapping[str, int]

    def lines(self) -> dict[LineName, Published]:
        """Return every line that answers, as ``Lines`` takes them."""
        return {
            line: Published(self.versions[line], plan) for line, plan in self.loaded.plans.items()
        }


def drafts_of(settings: Settings) -> Drafts:
    return Drafts(settings.site / "dialplans")


async def ensure_published(database: Database, settings: Settings, clock: Clock) -> AuthorityId:
    """Publish the site's files if nothing ever was; return whose house this is.

    Raises:
        SiteInvalid, ManifestInvalid: they have problems, and nothing is published yet.
    """
    authority_id = await authority_of(database, SITE_UNIT)
    if authority_id is not None:
        return authority_id
    loaded = read_site(settings)
    authority_id = loaded.site.authority.authority_id
    plans = Plans(database, clock, authority_id)
    before = {one.line: one.version for one in await plans.latest()}  # of an older Moked
    files = drafts_of(settings).read()
    new = [
        NewVersion(
            line=unit,
            text=bundle_of(unit, files),
            after=before.get(unit, 0),
            based_on=before.get(unit, 0),
        )
        for unit in (SITE_UNIT, *loaded.plans)
    ]
    await plans.publish(new, PublishOrder(by=MACHINE, note=FIRST_NOTE))
    return authority_id


async def live_house(database: Database, settings: Settings, clock: Clock) -> Live:
    """Return what is published; at the first start, the site's files are.

    Raises:
        SiteInvalid: the files have problems (first start), or this Moked no longer understands
            what an older one published: mend the files and run ``moked dialplan publish``.
    """
    authority_id = await ensure_published(database, settings, clock)
    kept = await remember(Plans(database, clock, authority_id), settings)
    return _live(kept)


def read_live(settings: Settings) -> Live:
    """Return what is published, in a program without a reactor. Blocks.

    Raises:
        SiteInvalid: as for ``live_house``.
        StorageUnavailable: the database is away, and this house never ran.
    """
    clock = SystemClock()
    try:
        return with_database(settings, lambda database: live_house(database, settings, clock))
    except StorageUnavailable:
        kept = _last_live(settings)
        if not kept.exists():
            raise
        return _live(json.loads(kept.read_text(encoding="utf-8")))


async def remember(plans: Plans, settings: Settings) -> dict[str, dict[str, Any]]:
    """Write down what is live, for a start without the database; return it."""
    kept: dict[str, dict[str, Any]] = {
        one.line: {"version": one.version, "text": one.text} for one in await plans.latest()
    }
    _write(_last_live(settings), json.dumps(kept, ensure_ascii=False))
    return kept


def _last_live(settings: Settings) -> Path:
    return settings.home / "db" / "last-live.json"


def _write(file: Path, text: str) -> None:
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.{os.getpid()}")
    new.write_text(text, encoding="utf-8")
    new.replace(file)


def _live(kept: Mapping[str, Mapping[str, Any]]) -> Live:
    bundles = {unit: str(one["text"]) for unit, one in kept.items()}
    return Live(understand(bundles), {unit: int(one["version"]) for unit, one in kept.items()})
