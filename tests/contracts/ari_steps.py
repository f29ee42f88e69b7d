"""What scenarios about ARI are made of: reaching a party, a caller, and leaving them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from twisted.internet.defer import Deferred

from tests.contracts.ari_world import World

Scenario = Callable[[World], Coroutine[Deferred[Any], Any, None]]
SHORT = ["sound:digits/1"]
LONG = ["sound:vm-intro"]


def party(behaviour: str) -> str:
    """The endpoint of a called party that behaves so (see the private Asterisk's dialplan)."""
    return f"Local/{behaviour}@parties/n"


async def reached(world: World, name: str, behaviour: str = "answers") -> str:
    """Create and dial a channel of ours until it is up; return its id."""
    channel = await dialled(world, name, behaviour)
    await world.until("ChannelStateChange", channel=name, state="Up")
    await world.until("Dial", peer=name, dialstatus="ANSWER")
    return channel


async def dialled(world: World, name: str, behaviour: str) -> str:
    """Create and dial a channel of ours; return its id."""
    channel = world.id(name)
    await world.channels_create(
        endpoint=party(behaviour), app=world.app, channel_id=channel, formats="ulaw"
    )
    await world.until("StasisStart", channel=name)
    await world.channels_dial(channel, timeout=20)
    return channel


async def claimed(world: World, name: str, behaviour: str = "answers") -> str:
    """Let a call arrive, claim and answer it; return its id."""
    channel = world.id(name)
    await world.arrives(channel, behaviour)
    await world.until("CallBroadcast", channel=name)
    await world.events_claim_channel(channel_id=channel, application=world.app)
    await world.until("StasisStart", channel=name)
    await world.channels_answer(channel)
    await world.until("ChannelStateChange", channel=name, state="Up")
    return channel


async def left(world: World, name: str) -> None:
    """Hang up a caller's channel; of that nothing is told after StasisEnd."""
    await world.channels_hangup(world.id(name), reason_code="16")
    await world.until("StasisEnd", channel=name)
    await world.pause()


async def gone(world: World, name: str) -> None:
    """Hang the channel up and wait until it is no more."""
    await world.channels_hangup(world.id(name), reason_code="16")
    await world.until("ChannelDestroyed", channel=name)
