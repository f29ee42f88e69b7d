"""Refusing a call: a rule before the answer, a caller who was hung up on after it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from ivr.calls.context import CallContext
from ivr.events import Outcome
from tests.results import result_of
from tests.unit.ivr.calls.test_visit import visit

MOMENT = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


class StrawChannel:
    def __init__(self) -> None:
        self.causes: list[int] = []

    async def hang_up(self, cause: int) -> None:
        self.causes.append(cause)


@pytest.mark.parametrize(("answered_at", "outcome"), [(None, Outcome.REFUSED), (MOMENT, None)])
def test_only_a_call_that_was_not_answered_is_refused(
    answered_at: datetime | None, outcome: Outcome | None
) -> None:
    one = visit()
    channel = StrawChannel()
    one.channel, one.answered_at = cast("Any", channel), answered_at
    result_of(CallContext(one, cast("Any", None)).refuse(21))
    assert channel.causes == [21]
    assert one.outcome is outcome
