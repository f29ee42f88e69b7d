"""When the sun sets at a place: candle lighting and nightfall, to the minute as calendars print."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from astral import Observer
from astral.sun import dusk, sunset


@dataclass(frozen=True, slots=True, kw_only=True)
class Sky:
    """A place and its customs: minutes before sunset for candles, depth of the sun for night.

    *nightfall_minutes* after sunset, if given, goes before *nightfall_degrees*.
    """

    zone: ZoneInfo
    latitude: float
    longitude: float
    candle_lighting: int = 40
    nightfall_degrees: float = 8.5
    nightfall_minutes: int | None = None

    def candles(self, day: date) -> datetime:
        """Return when (UTC) candles are lit on *day*."""
        return _minute(self._sunset(day) - timedelta(minutes=self.candle_lighting))

    def nightfall(self, day: date) -> datetime:
        """Return when (UTC) it is night on *day*."""
        if self.nightfall_minutes is not None:
            return _minute(self._sunset(day) + timedelta(minutes=self.nightfall_minutes))
        return _minute(dusk(self._here(), day, self.nightfall_degrees, self.zone))

    def _sunset(self, day: date) -> datetime:
        return sunset(self._here(), day, self.zone)

    def _here(self) -> Observer:
        return Observer(self.latitude, self.longitude)


def _minute(moment: datetime) -> datetime:
    """Return the nearest full minute, as printed calendars do."""
    rounded = moment.astimezone(UTC) + timedelta(seconds=30)
    return rounded.replace(second=0, microsecond=0)
