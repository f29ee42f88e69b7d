"""The heartbeat, from the reactor itself: a file for the supervisor, globals for Asterisk."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall

from ivr.asterisk.ari_client import AriClient
from ivr.asterisk.errors import AriError
from ivr.clock import Clock

log = structlog.get_logger(__name__)

BEAT_FILE = "service.beat"
EVERY = 1.0
_BEAT = "MOKED_BEAT"  # epoch seconds; the fail-safe asks our second brain only while it is fresh
_EMERGENCY = "MOKED_EMERGENCY"  # 1 or 0; compiled plans go by it when we are gone


class Beat:
    """Beats once a second as long as the reactor turns; stops when it does not."""

    def __init__(
        self,
        reactor: Any,
        clock: Clock,
        ari: AriClient,
        folder: Path,
        is_emergency: Callable[[], bool],
    ) -> None:
        self._clock = clock
        self._is_emergency = is_emergency
        self._ari = ari
        self._file = folder / BEAT_FILE
        self._loop = LoopingCall(self._beat)
        self._loop.clock = reactor

    def start(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.touch()
        self._loop.start(EVERY, now=True)

    def stop(self) -> None:
        if self._loop.running:
            self._loop.stop()

    def _beat(self) -> None:
        if self._ari.replaced:
            return  # another process has our application and its events: let us be restarted
        os.utime(self._file)  # a time stamp only: needs no room on a full disk
        if self._ari.connected:
            Deferred.fromCoroutine(self._tell_asterisk()).addErrback(
                lambda failure: failure.trap(AriError)
            )

    async def _tell_asterisk(self) -> None:
        seconds = int(self._clock.now().timestamp())
        emergency = "1" if self._is_emergency() else "0"  # again each time: Asterisk may restart
        for name, value in ((_BEAT, str(seconds)), (_EMERGENCY, emergency)):
            await self._ari.asterisk_set_global_var(variable=name, value=value, deadline=2.0)
