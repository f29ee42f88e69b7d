"""How fast ARI is through our client, on a real Asterisk: ``python -m tests.bench.ari_speed``.

Machines differ, so what counts is the ratio: a request over a WebSocket lane against the same
request over kept HTTP connections (treq), one after the other.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any

from twisted.internet.defer import Deferred, gatherResults

from ivr.asterisk.ari_client import AriClient
from ivr.asterisk.ari_events import (
    AnyEvent,
    ChannelDestroyed,
    ChannelStateChange,
    PlaybackFinished,
    StasisStart,
)
from ivr.asterisk.ari_request import AriRequest
from ivr.asterisk.ari_settings import AriAddress, AriOptions
from tests.calls.private_asterisk import PrivateAsterisk, asterisk_root
from tests.reactor import ReactorThread, running_reactor

APP = "cc-bench"
PING = AriRequest("GET", "asterisk/ping")
PING_BY_HTTP = AriRequest("GET", "asterisk/ping", over_http=True)


class Bench:
    """One client, and the waits for what its calls come to."""

    def __init__(self, asterisk: PrivateAsterisk, reactor: ReactorThread) -> None:
        address = AriAddress("127.0.0.1", asterisk.http_port, asterisk.user, asterisk.password)
        options = AriOptions(in_flight=5000, deadline=30)
        self.client = AriClient(reactor.reactor, address, APP, self._hear, options)
        self._waits: dict[tuple[type, str], Deferred[None]] = {}

    async def serial(self, request: AriRequest, count: int) -> float:
        """Requests per second, each sent after the answer to the one before."""
        started = time.perf_counter()
        for _ in range(count):
            await self.client.request(request)
        return count / (time.perf_counter() - started)

    async def pipelined(self, count: int) -> float:
        """Requests per second, all sent at once."""
        started = time.perf_counter()
        asked = [Deferred.fromCoroutine(self.client.request(PING)) for _ in range(count)]
        await gatherResults(asked)
        return count / (time.perf_counter() - started)

    async def calls(self, count: int) -> dict[str, float]:
        """Create, dial, play to and hang up *count* channels, all at once."""
        started, processor = time.perf_counter(), _processor_seconds()
        await gatherResults([Deferred.fromCoroutine(self._call(n)) for n in range(count)])
        return {
            "calls": count,
            "seconds": round(time.perf_counter() - started, 3),
            "our_cpu_ms_per_call": round((_processor_seconds() - processor) * 1000 / count, 2),
        }

    async def _call(self, number: int) -> None:
        channel, playback = f"bench{number}", f"play{number}"
        entered = self._wait(StasisStart, channel)
        answered = self._wait(ChannelStateChange, channel)  # a channel that rings plays nothing
        played, ended = (
            self._wait(PlaybackFinished, playback),
            self._wait(ChannelDestroyed, channel),
        )
        client = self.client
        await client.channels_create(
            endpoint="Local/answers@parties/n", app=APP, channel_id=channel, formats="ulaw"
        )
        await entered
        await client.channels_dial(channel, timeout=10)
        await answered
        await client.channels_play(channel, media=["sound:beep"], playback_id=playback)
        await played
        await client.channels_hangup(channel)
        await ended

    def _wait(self, kind: type, subject: str) -> Deferred[None]:
        waiting: Deferred[None] = Deferred()
        self._waits[kind, subject] = waiting
        return waiting

    def _hear(self, event: AnyEvent | Any) -> None:
        if isinstance(event, ChannelStateChange) and event.channel.state != "Up":
            return
        about = getattr(event, "playback", None) or getattr(event, "channel", None)
        waiting = self._waits.pop((type(event), getattr(about, "id", "")), None)
        if waiting is not None:
            waiting.callback(None)


def measure(asterisk: PrivateAsterisk, reactor: ReactorThread, calls: int) -> dict[str, Any]:
    """The figures, in requests per second unless the name says otherwise."""
    bench = Bench(asterisk, reactor)
    reactor.run(bench.client.connect())
    try:
        reactor.run(bench.serial(PING, 200))
        by_socket = reactor.run(bench.serial(PING, 2000), timeout=60)
        by_http = reactor.run(bench.serial(PING_BY_HTTP, 500), timeout=60)
        return {
            "websocket_serial": round(by_socket),
            "websocket_pipelined": round(reactor.run(bench.pipelined(4000), timeout=60)),
            "http_serial": round(by_http),
            "websocket_to_http_ratio": round(by_socket / by_http, 2),
            "local_calls": reactor.run(bench.calls(calls), timeout=60),
        }
    finally:
        reactor.run(bench.client.close())


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> int:
    root = asterisk_root()
    if root is None:
        sys.stderr.write("no Asterisk here: set MOKED_ASTERISK_ROOT\n")
        return 1
    asterisk = PrivateAsterisk(root)
    asterisk.start()
    try:
        sys.stdout.write(
            json.dumps(measure(asterisk, running_reactor(), calls=20), indent=1) + "\n"
        )
    finally:
        asterisk.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
