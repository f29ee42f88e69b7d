"""A fake Asterisk: what happens on its channels, in the order the real one was seen to tell it.

Tests drive the world through verbs that say what people do (``arrives``, ``presses``,
``hangs_up``, ``answers``, ``rejects``); programs drive it through ARI (``ari_routes``). Time is
the given clock's. Events are told at once, *before* the answer to the request that caused them:
the real one promises no order, and this is the one that finds waits registered too late.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IReactorTime

from tests.fakes.asterisk_media import Media
from tests.fakes.asterisk_things import STAMP, App, Bridge, Channel, Json

# How called parties end a call before answer: Q.850 cause and SIP status (asterisk.md §3.3).
REFUSALS = {
    "busy": (17, 486),
    "congested": (34, 503),
    "rejects": (21, 403),
    "unknown": (1, 404),
}
NO_ANSWER, SOFT_HANGUP, NORMAL = 19, 32, 16


class FakeAsterisk:
    """The state of one pretended Asterisk.

    ``endpoints`` names how each endpoint behaves when dialled: ``rings`` (until told more; the
    default), ``answers``, ``unreachable``, ``hangs_up`` and ``presses_5`` after answer, or one of
    ``REFUSALS``.
    """

    def __init__(self, clock: IReactorTime) -> None:
        self.clock = clock
        self.endpoints: dict[str, str] = {"PJSIP/nobody": "unreachable"}
        self.claim_seconds = 1.5
        self.apps: dict[str, App] = {}
        self.channels: dict[str, Channel] = {}
        self.bridges: dict[str, Bridge] = {}
        self.broadcasts: dict[str, bool] = {}
        self.variables: dict[str, str] = {}
        self.device_states: dict[str, str] = {}
        self.config: dict[str, list[Json]] = {}
        self.media = Media(self)

    # What people do.

    def arrives(self, channel: str, called: str, caller: str = "+97225550100") -> Channel:
        """A call comes in and is broadcast to the controllers, until one claims it."""
        found = Channel(channel, f"PJSIP/trunk-{len(self.channels):08x}", caller, called)
        found.state = "Ring"
        self.channels[channel] = found
        self.broadcasts[channel] = False
        found.timers.append(self.clock.callLater(self.claim_seconds, self._unclaimed, channel))
        for app in list(self.apps.values()):
            shown = {"channel": found.shown(), "caller": caller, "called": called}
            self.tell(app.name, "CallBroadcast", **shown)
        return found

    def presses(self, channel: str, digits: str, duration_ms: int = 100) -> None:
        """Whoever is on *channel* presses *digits*."""
        found = self.channels[channel]
        for digit in digits:
            shown = {"channel": found.shown(), "digit": digit, "duration_ms": duration_ms}
            self.tell(found.app, "ChannelDtmfReceived", **shown)
            self.media.pressed(found, digit)

    def hangs_up(self, channel: str, cause: int = NORMAL) -> None:
        """Whoever is on *channel* hangs up."""
        self.end(self.channels[channel], requested=cause, cause=cause)

    def answers(self, channel: str) -> None:
        """The called party picks up."""
        found = self.channels[channel]
        self.change_state(found, "Up")
        self.tell_dial(found, "ANSWER")
        if found.behaviour == "hangs_up":
            found.timers.append(self.clock.callLater(0.3, self.hangs_up, found.id))
        if found.behaviour == "presses_5":
            found.timers.append(self.clock.callLater(0.5, self.presses, found.id, "5"))

    def rejects(self, channel: str, cause: int = 21, tech_cause: int | None = 403) -> None:
        """The called party, or the network, refuses the call."""
        found = self.channels[channel]
        self.end(found, requested=cause, cause=cause, tech_cause=tech_cause)

    # What requests bring about.

    def enters(self, channel: Channel, app: str, args: list[str]) -> None:
        """*channel* enters Stasis."""
        channel.app = app
        self.tell(app, "StasisStart", channel=channel.shown(), args=args)

    def leaves(self, channel: Channel) -> None:
        """*channel* leaves Stasis."""
        app = channel.app
        self.unbridge(channel)
        self.tell(app, "StasisEnd", channel=channel.shown())
        channel.app = None

    def dial(self, channel: Channel, timeout: int) -> None:
        """Have the party of *channel* called; *timeout* in seconds, 0 for none."""
        channel.dialled = True
        self.tell_dial(channel, "")
        if channel.behaviour in REFUSALS:
            cause, tech_cause = REFUSALS[channel.behaviour]
            # A Local channel has no technology whose cause could be told.
            local = channel.name.startswith("Local/")
            self.rejects(channel.id, cause, None if local else tech_cause)
        elif channel.behaviour == "rings":
            self.change_state(channel, "Ringing")
            self.tell_dial(channel, "RINGING")
            if timeout:
                channel.timers.append(self.clock.callLater(timeout, self._not_answered, channel))
        else:
            self.answers(channel.id)

    def change_state(self, channel: Channel, state: str) -> None:
        """*channel* becomes Ringing or Up, if it is not yet."""
        if channel.state != state:
            channel.state = state
            self.tell(channel.app, "ChannelStateChange", channel=channel.shown())

    def bridge(self, bridge: Bridge, channel: Channel) -> None:
        """*channel* enters *bridge*, leaving the one it is in."""
        self.unbridge(channel)
        bridge.channels.append(channel)
        channel.bridge = bridge
        shown = {"bridge": bridge.shown(), "channel": channel.shown()}
        self.tell(channel.app, "ChannelEnteredBridge", **shown)

    def unbridge(self, channel: Channel) -> None:
        """*channel* leaves its bridge, if it is in one."""
        bridge, channel.bridge = channel.bridge, None
        if bridge is not None:
            bridge.channels.remove(channel)
            shown = {"bridge": bridge.shown(), "channel": channel.shown()}
            self.tell(channel.app, "ChannelLeftBridge", **shown)

    def destroy_bridge(self, bridge: Bridge) -> None:
        """*bridge* ends; its channels stay in Stasis."""
        for channel in list(bridge.channels):
            self.unbridge(channel)
        self.media.end_all(bridge)
        del self.bridges[bridge.id]

    def end(
        self, channel: Channel, requested: int, cause: int, tech_cause: int | None = None
    ) -> None:
        """*channel* is hung up; *requested* is the cause that ChannelHangupRequest carries.

        A channel that did not begin in ARI is not reported on after StasisEnd: there is no
        ChannelDestroyed for a caller (seen on 22.10.1).
        """
        app = channel.app if channel.app or not channel.ours else next(iter(self.apps), None)
        for timer in channel.timers:
            if timer.active():
                timer.cancel()
        tech = {} if tech_cause is None else {"tech_cause": tech_cause}
        self.tell(app, "ChannelHangupRequest", channel=channel.shown(), cause=requested, **tech)
        self.media.end_all(channel)
        if channel.app is not None:
            self.leaves(channel)
        self.broadcasts.pop(channel.id, None)
        del self.channels[channel.id]
        if channel.ours:
            shown = {"channel": channel.shown(), "cause": cause, "cause_txt": "", **tech}
            self.tell(app, "ChannelDestroyed", **shown)

    def later(self, seconds: float, call: Callable[..., None], *arguments: Any) -> Any:
        """Call after *seconds* of the clock."""
        return self.clock.callLater(seconds, call, *arguments)

    def tell(self, app: str | None, event: str, **fields: Any) -> None:
        """Send an event to *app*, if somebody is registered for it and wants it."""
        found = self.apps.get(app or "")
        if found is not None and event not in found.disallowed:
            head = {"type": event, "application": found.name, "timestamp": STAMP}
            found.listener({**head, **fields, "asterisk_id": "00:11:22:33:44:55"})

    def tell_dial(self, channel: Channel, status: str) -> None:
        """Report how dialling *channel* goes."""
        shown = {"peer": channel.shown(), "dialstatus": status, "forward": "", "dialstring": ""}
        self.tell(channel.app, "Dial", **shown)

    def _unclaimed(self, channel: str) -> None:
        if self.broadcasts.get(channel) is False:
            del self.broadcasts[channel]

    def _not_answered(self, channel: Channel) -> None:
        if channel.state != "Up" and channel.id in self.channels:
            self.end(channel, requested=SOFT_HANGUP, cause=NO_ANSWER)
