"""Where Asterisk's ARI is, and how the client treats it."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field

# Two thirds of all events of a queued call are these, and nobody here reads them (asterisk.md
# §2.3). Never an *allowed* filter: it would swallow RESTResponse.
UNREAD_EVENTS = ("ChannelVarset", "ChannelDialplan", "ChannelConnectedLine", "ChannelCallerId")


@dataclass(frozen=True)
class AriAddress:
    """One Asterisk's HTTP server and a user of it."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)

    @property
    def authorization(self) -> str:
        """The value of the ``Authorization`` header."""
        return "Basic " + b64encode(f"{self.user}:{self.password}".encode()).decode()


@dataclass(frozen=True)
class AriOptions:
    """Limits of the client, in seconds, bytes and numbers of requests.

    ``lanes`` are the connections for requests that may block on a channel; there is one more for
    all others. ``stuck_after`` is the longest that a lane may be silent behind such a request,
    ``ping_every`` how often a silent connection is asked for a sign of life, and how long that
    may take; no other request may leave the other connections silent for more than twice that.
    """

    lanes: int = 4
    deadline: float = 5.0
    file_deadline: float = 120.0
    in_flight: int = 512
    ping_every: float = 5.0
    stuck_after: float = 90.0
    largest_request: int = 60_000
    largest_message: int = 16 * 1024 * 1024
    disallowed: tuple[str, ...] = UNREAD_EVENTS
