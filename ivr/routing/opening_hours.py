"""The opening hours as they are now: those of the site, with the closures that staff entered."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ivr.routing.schedule import Closure, Schedule, parse_interval
from ivr.storage.closures import Closures
from ivr.storage.records import ClosureRecord


class OpeningHours:
    """Keeps ``now`` true: what is entered or taken back holds for the next call that asks."""

    def __init__(self, site_hours: Mapping[str, Schedule], zone: ZoneInfo, store: Closures) -> None:
        self._site_hours = site_hours
        self._zone = zone
        self._store = store
        self._entered: dict[str, ClosureRecord] = {}
        self.now: dict[str, Schedule] = dict(site_hours)

    def follow(self, site_hours: Mapping[str, Schedule], zone: ZoneInfo) -> None:
        """Go on with the hours of another site; whoever has the old ``now`` keeps its hours."""
        self._site_hours = site_hours
        self._zone = zone
        self.now = dict(site_hours)
        self._apply(self._entered)

    @property
    def entered(self) -> list[ClosureRecord]:
        """Return what staff entered, in the order of first days."""
        return sorted(self._entered.values(), key=lambda one: (one.first_day, one.entered_at))

    def day_of(self, moment: datetime) -> date:
        """Return which day it is for the authority."""
        return moment.astimezone(self._zone).date()

    async def load(self) -> None:
        """Take up what was entered before this process started."""
        self._apply({one.closure_id: one for one in await self._store.all()})

    async def enter(self, closure: ClosureRecord) -> None:
        await self._store.add(closure)
        self._apply({**self._entered, closure.closure_id: closure})

    async def take_back(self, closure_id: str) -> bool:
        """Take a closure back; ``False`` if it is not there."""
        found = await self._store.remove(closure_id)
        self._apply({key: one for key, one in self._entered.items() if key != closure_id})
        return found

    def _apply(self, entered: dict[str, ClosureRecord]) -> None:
        self._entered = entered
        for name, schedule in self._site_hours.items():
            ours = [_closure(one) for one in self.entered if one.hours in {"", name}]
            self.now[name] = schedule.with_closures(ours)


def _closure(record: ClosureRecord) -> Closure:
    times = tuple(parse_interval(text) for text in record.times)
    return Closure(record.first_day, record.last_day, times, record.why)
