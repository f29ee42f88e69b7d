"""Alarms told once when they begin and once when they are over."""

from collections.abc import Callable

import structlog

log = structlog.get_logger(__name__)

OnAlarm = Callable[[str, str], None]  # alarm, text; an empty text says that it is over


class AlarmEdges:
    """Remembers what is raised, so that a condition that lasts is not told again and again."""

    def __init__(self, on_alarm: OnAlarm) -> None:
        self._on_alarm = on_alarm
        self._raised: set[str] = set()

    def __contains__(self, alarm: str) -> bool:
        return alarm in self._raised

    def begin(self, alarm: str, text: str) -> None:
        if alarm in self._raised:
            return
        self._raised.add(alarm)
        log.error("alarm begins", alarm=alarm)
        self._on_alarm(alarm, text)

    def end(self, alarm: str) -> None:
        if alarm in self._raised:
            self._raised.discard(alarm)
            log.info("alarm is over", alarm=alarm)
            self._on_alarm(alarm, "")
