"""What Asterisk is told each second, so that it can go by it when we are gone."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.task import Clock as ReactorClock

from ivr.app.beat import BEAT_FILE, Beat

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


class _Ari:
    """Keeps the globals that are set."""

    connected = True
    replaced = False

    def __init__(self) -> None:
        self.globals: dict[str, str] = {}

    async def asterisk_set_global_var(self, *, variable: str, value: str, deadline: float) -> None:
        self.globals[variable] = value


class _Clock:
    def now(self) -> datetime:
        return NOW


@pytest.mark.parametrize(("is_on", "told"), [(False, "0"), (True, "1")])
def test_emergency_is_told_with_every_beat(tmp_path: Path, is_on: bool, told: str) -> None:
    ari: Any = _Ari()
    clock: Any = _Clock()
    reactor = ReactorClock()
    beat = Beat(reactor, clock, ari, tmp_path, lambda: is_on)
    beat.start()
    ari.globals.clear()  # Asterisk was started again
    reactor.advance(1.0)
    assert ari.globals == {"MOKED_BEAT": str(int(NOW.timestamp())), "MOKED_EMERGENCY": told}
    assert (tmp_path / BEAT_FILE).exists()
    beat.stop()
