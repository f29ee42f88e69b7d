"""On which days of a year the feasts fall.

Muslim days are calculated by the Umm al-Qura calendar. They are estimates: the sighting of the moon
decides, a day earlier or later. Sites move them with ``moved`` once they are known.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from pyluach.dates import HebrewDate

from ivr.routing.feasts import Feast, Reckoning

FARTHEST_MOVE = timedelta(days=15)  # from the reckoned day to the one that a site says
_ADAR = 12
_HIJRI_YEARS = range(1343, 1501)  # what the tables hold: 1924 to 2077
Moved = Mapping[str, Sequence[date]]  # feast → first days that are known better


def days_of(feast: Feast, year: int, moved: Moved) -> Iterator[date]:
    """Yield the days of *feast* in *year*, also those of one that began in the year before."""
    for first in _firsts(feast, year):
        begins = next((day for day in moved.get(feast.feast_id, ()) if is_near(day, first)), first)
        for place in range(feast.length):
            day = begins + timedelta(days=place)
            if day.year == year:
                yield day


def is_near(day: date, first: date) -> bool:
    """Say whether *day* can be what became of a feast reckoned for *first*."""
    return abs(day - first) <= FARTHEST_MOVE


def reckoned_near(feast: Feast, day: date) -> bool:
    """Say whether *feast* is reckoned to begin within ``FARTHEST_MOVE`` of *day*."""
    return any(is_near(day, first) for first in _firsts(feast, day.year))


def _firsts(feast: Feast, year: int) -> Iterator[date]:
    """Yield the first days of *feast* about *year*; those before and after do no harm."""
    match feast.reckoning:
        case Reckoning.HEBREW:
            found = _hebrew(feast, year)
        case Reckoning.HIJRI:
            found = _hijri(feast, year)
        case Reckoning.GREGORIAN:
            found = (date(year + late, feast.month, feast.day) for late in (-1, 0, 1))
        case Reckoning.EASTER | Reckoning.ORTHODOX_EASTER:
            found = iter([_easter(year, feast.reckoning) + timedelta(days=feast.day)])
    for first in found:
        yield first + timedelta(days=feast.moves.get(first.weekday(), 0))


def _hebrew(feast: Feast, year: int) -> Iterator[date]:
    for hebrew_year in (year + 3760, year + 3761):
        is_leap = (7 * hebrew_year + 1) % 19 < 7
        month = feast.month + 1 if feast.month == _ADAR and is_leap else feast.month
        yield HebrewDate(hebrew_year, month, feast.day).to_pydate()


def _hijri(feast: Feast, year: int) -> Iterator[date]:
    from hijridate import Hijri  # few sites need it: a service starts without it

    about = (year - 622) * 33 // 32
    for hijri_year in range(about - 1, about + 4):
        if hijri_year in _HIJRI_YEARS:
            day = Hijri(hijri_year, feast.month, feast.day).to_gregorian()
            yield date(day.year, day.month, day.day)


def _easter(year: int, reckoning: Reckoning) -> date:
    from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter  # as above

    orthodox = reckoning is Reckoning.ORTHODOX_EASTER
    day: date = easter(year, EASTER_ORTHODOX if orthodox else EASTER_WESTERN)
    return day
