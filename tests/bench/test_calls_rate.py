"""Twenty calls a second for a minute: none is lost, each is a row with its digit and outcome."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.bench.calls_native import measure as measure_beside_native
from tests.bench.calls_rate import measure

pytestmark = [pytest.mark.calls, pytest.mark.full, pytest.mark.timeout(600)]

Figures = Callable[[str, object], None]


def test_twenty_calls_a_second_for_a_minute(record_property: Figures) -> None:
    figures = measure(20, 60)
    for name, value in figures.items():
        record_property(name, value)
    print(f"20 calls/s for 60 s: {figures}")  # noqa: T201 - the figure is the result
    assert figures["failed"] == 0, figures
    counted = {name: figures[name] for name in ("successful", "rows", "talked", "digits")}
    assert counted == dict.fromkeys(counted, figures["sent"]), figures
    assert figures["positions left"] == 0


def test_our_calls_cost_no_more_than_three_times_native_ones(record_property: Figures) -> None:
    """The ratio of one run, both ways on the same machine in the same minute."""
    figures = measure_beside_native(10, 20)
    for name, value in figures.items():
        record_property(name, value)
    print(f"beside the same menu in native dialplan: {figures}")  # noqa: T201 - as above
    assert figures["all cpu to native cpu"] < 3.0, figures
