"""What kinds of day there are: what opening hours and dialplans go by."""

from enum import StrEnum


class DayKind(StrEnum):
    """What kind of day the calendar of the authority says it is."""

    WORKDAY = "workday"
    EVE = "eve"  # of Shabbat or of a holiday, until it begins
    SHABBAT = "shabbat"
    HOLIDAY = "holiday"
    CHOL_HAMOED = "chol_hamoed"
    MEMORIAL = "memorial"
    DAY_OFF = "day_off"  # the authority's own


RESTS = frozenset({DayKind.SHABBAT, DayKind.HOLIDAY})  # they begin and end at a moment of their own
