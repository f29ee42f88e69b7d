"""ARI stays as fast as it was chosen for: WebSocket lanes well ahead of HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.bench.ari_speed import measure
from tests.calls.private_asterisk import PrivateAsterisk, asterisk_root
from tests.reactor import running_reactor

pytestmark = [pytest.mark.calls, pytest.mark.full]


def test_lanes_are_faster_than_http(record_property: Callable[[str, object], None]) -> None:
    root = asterisk_root()
    if root is None:
        pytest.skip("no Asterisk unpacked here (./moked sets one up, or MOKED_ASTERISK_ROOT)")
    asterisk = PrivateAsterisk(root)
    asterisk.start()
    try:
        figures = measure(asterisk, running_reactor(), calls=20)
    finally:
        asterisk.stop()
    for name, value in figures.items():
        record_property(name, value)
    # Seen: 4 to 6. Half of that on a noisy machine would still justify the choice.
    assert figures["websocket_to_http_ratio"] > 2
    assert figures["local_calls"]["seconds"] < 10
