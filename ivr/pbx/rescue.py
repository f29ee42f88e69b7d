"""Sends callers who wait for a dead service to the fail-safe; talks are left alone."""

import re
from collections import defaultdict
from dataclasses import dataclass

from ivr.pbx.process import AsteriskProcess

_CALLERS = "moked-in"  # the context in which a caller is ours
_NOT_PEOPLE = ("Announcer/", "Recorder/", "Snoop/", "CBAnn/", "MulticastRTP/")
_CHANNEL = re.compile(r"[A-Za-z0-9/@._;+-]{1,120}")


@dataclass(frozen=True, slots=True)
class LiveChannel:
    """A row of ``core show channels concise``."""

    name: str
    context: str
    bridge: str


def parse_channels(text: str) -> list[LiveChannel]:
    """Read ``core show channels concise``: 14 fields split by ``!`` (Asterisk 22)."""
    rows = [line.split("!") for line in text.splitlines()]
    return [LiveChannel(row[0], row[1], row[12]) for row in rows if len(row) >= 14]


def waiting_callers(channels: list[LiveChannel]) -> list[str]:
    """Return the callers who talk to nobody: alone, or in a bridge with other callers only."""
    met: dict[str, set[str]] = defaultdict(set)
    for channel in channels:
        if channel.bridge and not channel.name.startswith(_NOT_PEOPLE):
            met[channel.bridge].add(channel.context)
    return [
        channel.name
        for channel in channels
        if channel.context == _CALLERS and met[channel.bridge] <= {_CALLERS}
    ]


def rescue_waiting(asterisk: AsteriskProcess) -> int:
    """Redirect everybody who waits to the fail-safe; return how many. Blocks.

    Raises:
        AsteriskUnavailable: the console does not answer.
    """
    waiting = waiting_callers(parse_channels(asterisk.command("core show channels concise")))
    for name in filter(_CHANNEL.fullmatch, waiting):
        asterisk.command(f"channel redirect {name} {_CALLERS},T,1")
    return len(waiting)
