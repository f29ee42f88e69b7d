"""Scenarios about ARI: what is played, recorded and bridged."""

from __future__ import annotations

from twisted.internet.defer import Deferred

from tests.contracts.ari_steps import LONG, SHORT, claimed, gone, left, reached
from tests.contracts.ari_world import World


async def prompt_is_played(world: World) -> None:
    channel = await reached(world, "leg")
    await world.channels_play(
        channel, media=["sound:digits/1", "sound:digits/2"], playback_id=world.id("pb")
    )
    await world.until("PlaybackFinished", playback="pb")
    # The real one forgets a playback only some moments after it has told its end.
    await world.pause()
    await world.status_of(world.playbacks_stop(world.id("pb")))
    await gone(world, "leg")


async def prompt_is_stopped(world: World) -> None:
    channel = await reached(world, "leg")
    await world.channels_play(channel, media=LONG, playback_id=world.id("pb"))
    await world.until("PlaybackStarted", playback="pb")
    await world.playbacks_get(world.id("pb"))
    await world.playbacks_control(world.id("pb"), operation="pause")
    await world.playbacks_control(world.id("pb"), operation="unpause")
    await world.playbacks_stop(world.id("pb"))
    await world.until("PlaybackFinished", playback="pb")
    await gone(world, "leg")


async def second_prompt_waits_for_the_first(world: World) -> None:
    channel = await reached(world, "leg")
    await world.channels_play(channel, media=LONG, playback_id=world.id("one"))
    await world.until("PlaybackStarted", playback="one")
    await world.channels_play(channel, media=LONG, playback_id=world.id("two"))
    await world.playbacks_stop(world.id("two"))
    await world.playbacks_stop(world.id("one"))
    await world.until("PlaybackFinished", playback="one")
    await world.until("PlaybackFinished", playback="two")
    await gone(world, "leg")


async def prompt_does_not_exist(world: World) -> None:
    channel = await reached(world, "leg")
    await world.channels_play(channel, media=["sound:no-such"], playback_id=world.id("pb"))
    await world.until("PlaybackFinished", playback="pb")
    await gone(world, "leg")


async def caller_leaves_during_a_prompt(world: World) -> None:
    channel = await reached(world, "leg", "hangs_up")
    await world.channels_play(channel, media=LONG, playback_id=world.id("pb"))
    await world.until("ChannelDestroyed", channel="leg")
    await world.until("PlaybackFinished", playback="pb")


async def variable_waits_for_the_prompt(world: World) -> None:
    channel = await reached(world, "leg")
    await world.channels_play(channel, media=LONG, playback_id=world.id("pb"))
    await world.until("PlaybackStarted", playback="pb")
    blocked = Deferred.fromCoroutine(
        world.channels_set_channel_var(channel, variable="A", value="1")
    )
    await world.pause(0.5)
    assert not blocked.called
    await world.playbacks_stop(world.id("pb"))
    await blocked
    await world.until("PlaybackFinished", playback="pb")
    variable = await world.channels_get_channel_var(channel, variable="A")
    assert variable.value == "1"
    await gone(world, "leg")


async def caller_leaves_while_a_variable_waits(world: World) -> None:
    channel = await claimed(world, "caller")
    await world.channels_play(channel, media=LONG, playback_id=world.id("pb"))
    await world.until("PlaybackStarted", playback="pb")
    blocked = Deferred.fromCoroutine(
        world.status_of(world.channels_set_channel_var(channel, variable="A", value="1"))
    )
    await world.pause(0.3)
    await world.leaves("caller")
    await world.until("StasisEnd", channel="caller")
    await blocked


async def two_talk_in_a_bridge(world: World) -> None:
    one, two = await reached(world, "one"), await reached(world, "two")
    bridge = world.id("bridge")
    await world.bridges_create_with_id(bridge, type="mixing", name="talk")
    await world.bridges_add_channel(bridge, channel=[one, two])
    await world.until("ChannelEnteredBridge", channel="one")
    await world.until("ChannelEnteredBridge", channel="two")
    found = await world.bridges_get(bridge)
    assert sorted(found.channels) == sorted([one, two])
    await world.bridges_remove_channel(bridge, channel=[two])
    await world.until("ChannelLeftBridge", channel="two")
    await gone(world, "one")
    await world.bridges_destroy(bridge)
    await gone(world, "two")
    await world.pause()


async def bridge_is_destroyed_under_channels(world: World) -> None:
    one = await reached(world, "one")
    bridge = world.id("bridge")
    await world.bridges_create_with_id(bridge, type="holding", name="queue")
    await world.bridges_add_channel(bridge, channel=[one])
    await world.until("ChannelEnteredBridge", channel="one")
    await world.channels_start_moh(one, moh_class="default")
    await world.channels_stop_moh(one)
    await world.bridges_destroy(bridge)
    await world.until("ChannelLeftBridge", channel="one")
    await world.channels_play(one, media=SHORT, playback_id=world.id("pb"))
    await world.until("PlaybackFinished", playback="pb")
    await gone(world, "one")


async def bridge_refuses_strangers(world: World) -> None:
    bridge = world.id("bridge")
    await world.bridges_create_with_id(bridge, type="mixing", name="talk")
    await world.status_of(world.bridges_add_channel(bridge, channel=[world.id("missing")]))
    await world.status_of(world.bridges_remove_channel(bridge, channel=[world.id("missing")]))
    one = await reached(world, "one")
    await world.status_of(world.bridges_remove_channel(bridge, channel=[one]))
    await gone(world, "one")
    await world.bridges_destroy(bridge)
    await world.status_of(world.bridges_destroy(bridge))


async def message_is_recorded(world: World) -> None:
    channel = await claimed(world, "caller")
    name = world.id("message")
    await world.channels_record(channel, name=name, format="wav", if_exists="fail")
    await world.until("RecordingStarted", recording="message")
    await world.recordings_get_live(name)
    await world.recordings_pause(name)
    await world.recordings_unpause(name)
    await world.recordings_mute(name)
    await world.recordings_mute(name)
    await world.recordings_unmute(name)
    await world.pause(0.3)
    await world.recordings_stop(name)
    await world.until("RecordingFinished", recording="message")
    await world.status_of(world.recordings_stop(name))
    await world.recordings_get_stored(name)
    await world.status_of(world.channels_record(channel, name=name, format="wav", if_exists="fail"))
    await world.recordings_delete_stored(name)
    await world.status_of(world.recordings_get_stored(name))
    await left(world, "caller")


async def message_ends_when_the_caller_hangs_up(world: World) -> None:
    channel, name = await claimed(world, "caller"), world.id("message")
    await world.channels_record(channel, name=name, format="wav", if_exists="fail")
    await world.until("RecordingStarted", recording="message")
    await world.pause(0.3)
    await world.leaves("caller")
    await world.until("StasisEnd", channel="caller")
    await world.pause()
    await world.status_of(world.recordings_get_stored(name))


async def message_ends_by_a_key(world: World) -> None:
    channel, name = await claimed(world, "caller", "presses_5"), world.id("message")
    await world.channels_record(channel, name=name, format="wav", terminate_on="any")
    await world.until("RecordingStarted", recording="message")
    await world.until("RecordingFinished", recording="message")
    await left(world, "caller")


async def message_has_a_longest_time(world: World) -> None:
    channel, name = await claimed(world, "caller"), world.id("message")
    await world.channels_record(channel, name=name, format="wav", max_duration_seconds=1)
    await world.until("RecordingStarted", recording="message")
    await world.until("RecordingFinished", recording="message")
    await left(world, "caller")


async def bridge_is_played_to(world: World) -> None:
    one, bridge = await reached(world, "one"), world.id("bridge")
    await world.bridges_create_with_id(bridge, type="mixing", name="talk")
    await world.bridges_add_channel(bridge, channel=[one])
    await world.until("ChannelEnteredBridge", channel="one")
    await world.bridges_play_with_id(bridge, world.id("pb"), media=LONG)
    await world.until("PlaybackStarted", playback="pb")
    await world.playbacks_stop(world.id("pb"))
    await world.until("PlaybackFinished", playback="pb")
    await gone(world, "one")
    await world.bridges_destroy(bridge)


async def caller_goes_from_waiting_to_talk(world: World) -> None:
    one, waiting, talk = await reached(world, "one"), world.id("waiting"), world.id("talk")
    await world.bridges_create_with_id(waiting, type="holding", name="queue")
    await world.bridges_create_with_id(talk, type="mixing", name="talk")
    await world.bridges_add_channel(waiting, channel=[one])
    await world.until("ChannelEnteredBridge", channel="one", bridge="waiting")
    await world.channels_play_with_id(one, world.id("pb"), media=LONG)
    await world.until("PlaybackStarted", playback="pb")
    moving = Deferred.fromCoroutine(world.bridges_add_channel(talk, channel=[one]))
    await world.pause(0.4)
    assert not moving.called
    await world.playbacks_stop(world.id("pb"))
    await moving
    await world.until("ChannelEnteredBridge", channel="one", bridge="talk")
    await gone(world, "one")
    await world.bridges_destroy(waiting)
    await world.bridges_destroy(talk)


# Not "until the bridge ends": the bridge's end may outrun RecordingFinished, which is then not
# told (seen on 22.10.1, about every second time).
async def talk_is_recorded_in_the_bridge(world: World) -> None:
    one = await reached(world, "one")
    bridge, name = world.id("bridge"), world.id("talk")
    await world.bridges_create_with_id(bridge, type="mixing", name="talk")
    await world.bridges_add_channel(bridge, channel=[one])
    await world.until("ChannelEnteredBridge", channel="one")
    await world.bridges_record(bridge, name=name, format="wav", if_exists="fail")
    await world.until("RecordingStarted", recording="talk")
    await world.pause(0.3)
    await world.recordings_stop(name)
    await world.until("RecordingFinished", recording="talk")
    await world.bridges_destroy(bridge)
    await world.recordings_get_stored(name)
    await world.recordings_delete_stored(name)
    await gone(world, "one")


async def caller_leaves_the_bridge_by_hanging_up(world: World) -> None:
    one = await reached(world, "one", "hangs_up")
    bridge = world.id("bridge")
    await world.bridges_create_with_id(bridge, type="mixing", name="talk")
    await world.bridges_add_channel(bridge, channel=[one])
    await world.until("ChannelDestroyed", channel="one")
    await world.bridges_destroy(bridge)


async def digit_is_pressed(world: World) -> None:
    await reached(world, "leg", "presses_5")
    await world.until("ChannelDtmfReceived", channel="leg", digit="5")
    await gone(world, "leg")


async def supervisor_listens(world: World) -> None:
    channel = await reached(world, "leg")
    await world.channels_snoop_channel_with_id(
        channel, world.id("snoop"), app=world.app, spy="both", whisper="none"
    )
    await world.until("StasisStart", channel="snoop")
    await left(world, "snoop")
    await gone(world, "leg")
