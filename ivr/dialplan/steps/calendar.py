"""``calendar``: go the way of the kind of day that it is for the authority now.

``eve`` is the day before Shabbat or a holiday, until candle lighting; ``shabbat`` and ``holiday``
last from then until nightfall, and a holiday that falls on Shabbat is a ``holiday``.
``chol_hamoed`` are the half-holidays of Sukkot and Passover, ``memorial`` the days of mourning,
``day_off`` a day off of the authority's own. A kind that is left out goes the way of ``workday``.
Which days the authority keeps stands in ``site.yaml``, under ``calendar``.

Exits: ``workday``, ``eve``, ``shabbat``, ``holiday``, ``chol_hamoed``, ``memorial``, ``day_off``.

    today:
      kind: calendar
      workday: menu
      shabbat: tell_shabbat
      holiday: tell_holiday
"""

from collections.abc import Mapping
from typing import Literal

from ivr.dialplan.context import StepContext
from ivr.dialplan.native import Go, If, NativeContext, Operations
from ivr.dialplan.outcomes import DayKind
from ivr.dialplan.step import Step, Target
from ivr.ids import Label


class Calendar(Step):
    """What kind of day it is."""

    kind: Literal["calendar"] = "calendar"
    workday: Target
    eve: Target | None = None
    shabbat: Target | None = None
    holiday: Target | None = None
    chol_hamoed: Target | None = None
    memorial: Target | None = None
    day_off: Target | None = None

    def exits(self) -> Mapping[str, Label]:
        ways = {str(kind): getattr(self, kind) for kind in DayKind}
        return {kind: label for kind, label in ways.items() if label is not None}

    def native(self, at: NativeContext) -> Operations:
        kinds = self.exits()
        return (
            *(If(("day", ""), kind, at.to(label)) for kind, label in kinds.items()),
            Go(at.to(self.workday)),
        )

    async def run(self, call: StepContext) -> Label:
        exits = self.exits()
        return exits.get(call.day_kind(), self.workday)
