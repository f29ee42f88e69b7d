"""What telephony does with ARI, as scenarios: each ends in a transcript of answers and events."""

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


async def unknown_channel(world: World) -> None:
    ask, missing = world.status_of, world.id("missing")
    await ask(world.channels_get(missing))
    await ask(world.channels_answer(missing))
    await ask(world.channels_play(missing, media=SHORT))
    await ask(world.channels_hangup(missing))
    await ask(world.channels_dial(missing))
    await ask(world.channels_set_channel_var(missing, variable="A", value="1"))
    await ask(world.channels_get_channel_var(missing, variable="A"))
    await ask(world.channels_start_moh(missing))
    await ask(world.channels_stop_moh(missing))
    await ask(world.channels_ring(missing))
    await ask(world.channels_continue_in_dialplan(missing, context="parties"))
    await ask(world.channels_move(missing, app=world.app))
    await ask(world.channels_record(missing, name=world.id("r"), format="wav"))
    await ask(world.channels_snoop_channel(missing, app=world.app, spy="both"))


async def unknown_things(world: World) -> None:
    ask, missing = world.status_of, world.id("missing")
    await ask(world.playbacks_get(missing))
    await ask(world.playbacks_stop(missing))
    await ask(world.playbacks_control(missing, operation="pause"))
    await ask(world.bridges_get(missing))
    await ask(world.bridges_destroy(missing))
    await ask(world.bridges_add_channel(missing, channel=["a"]))
    await ask(world.bridges_remove_channel(missing, channel=["a"]))
    await ask(world.bridges_play(missing, media=SHORT))
    await ask(world.bridges_record(missing, name=world.id("r"), format="wav"))
    await ask(world.recordings_get_live(missing))
    await ask(world.recordings_stop(missing))
    await ask(world.recordings_pause(missing))
    await ask(world.recordings_mute(missing))
    await ask(world.recordings_get_stored(missing))
    await ask(world.recordings_delete_stored(missing))
    await ask(world.events_claim_channel(channel_id=missing, application=world.app))
    await ask(world.applications_get(missing))
    await ask(world.device_states_get(missing))


async def call_is_answered(world: World) -> None:
    await reached(world, "leg")
    await world.channels_answer(world.id("leg"))
    await world.channels_ring(world.id("leg"))
    await world.channels_ring_stop(world.id("leg"))
    await gone(world, "leg")


async def call_rings_and_is_given_up(world: World) -> None:
    await dialled(world, "leg", "rings")
    await world.until("Dial", peer="leg", dialstatus="RINGING")
    await world.pause()
    await gone(world, "leg")
    await world.pause()


async def call_is_busy(world: World) -> None:
    await dialled(world, "leg", "busy")
    await world.until("ChannelDestroyed", channel="leg")


async def call_is_rejected(world: World) -> None:
    await dialled(world, "leg", "rejects")
    await world.until("ChannelDestroyed", channel="leg")


async def call_is_congested(world: World) -> None:
    await dialled(world, "leg", "congested")
    await world.until("ChannelDestroyed", channel="leg")


async def call_is_not_answered_in_time(world: World) -> None:
    channel = world.id("leg")
    await world.channels_create(
        endpoint=party("rings"), app=world.app, channel_id=channel, formats="ulaw"
    )
    await world.until("StasisStart", channel="leg")
    await world.channels_dial(channel, timeout=1)
    await world.until("ChannelDestroyed", channel="leg")


async def other_end_hangs_up(world: World) -> None:
    await reached(world, "leg", "hangs_up")
    await world.until("ChannelDestroyed", channel="leg")


async def endpoint_cannot_be_reached(world: World) -> None:
    channel = world.id("leg")
    await world.status_of(
        world.channels_create(endpoint="PJSIP/nobody", app=world.app, channel_id=channel)
    )
    await world.status_of(
        world.channels_create(endpoint="nonsense", app=world.app, channel_id=channel)
    )


async def id_is_taken(world: World) -> None:
    channel = await reached(world, "leg")
    await world.status_of(
        world.channels_create(endpoint=party("rings"), app=world.app, channel_id=channel)
    )
    await gone(world, "leg")


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


async def variables_are_read_and_set(world: World) -> None:
    channel = await reached(world, "leg")
    await world.channels_set_channel_vars(channel, variables={"A": "one", "B": "two"})
    assert (await world.channels_get_channel_var(channel, variable="B")).value == "two"
    await world.status_of(world.channels_get_channel_var(channel, variable="NEVER_SET"))
    await world.asterisk_set_global_var(variable="MOKED_TEST", value="beat")
    assert (await world.asterisk_get_global_var(variable="MOKED_TEST")).value == "beat"
    await world.status_of(world.asterisk_get_global_var(variable="MOKED_NEVER_SET"))
    await gone(world, "leg")


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


async def call_goes_back_to_the_dialplan(world: World) -> None:
    channel = await reached(world, "leg")
    await world.channels_continue_in_dialplan(
        channel, context="parties", extension="continued", priority=1
    )
    await world.until("StasisEnd", channel="leg")
    await world.status_of(world.channels_play(channel, media=SHORT))
    await world.status_of(world.channels_set_channel_var(channel, variable="A", value="1"))
    await world.status_of(world.channels_answer(channel))
    await gone(world, "leg")


async def call_moves_to_the_application_again(world: World) -> None:
    channel = await reached(world, "leg")
    await world.channels_move(channel, app=world.app, app_args="again")
    await world.until("StasisStart", channel="leg", args=["again"])
    await gone(world, "leg")


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


async def call_arrives_and_is_claimed(world: World) -> None:
    channel = await claimed(world, "caller")
    claim = world.events_claim_channel
    await world.status_of(claim(channel_id=channel, application=world.app))
    await left(world, "caller")


async def caller_hangs_up(world: World) -> None:
    await claimed(world, "caller")
    await world.leaves("caller")
    await world.until("StasisEnd", channel="caller")
    await world.pause()


async def caller_is_sent_back_to_the_dialplan(world: World) -> None:
    channel = await claimed(world, "caller")
    await world.channels_continue_in_dialplan(
        channel, context="parties", extension="continued", priority=1
    )
    await world.until("StasisEnd", channel="caller")
    await world.status_of(world.channels_play(channel, media=SHORT))
    await world.channels_hangup(channel, reason_code="16")
    await world.pause()


async def call_arrives_and_nobody_claims(world: World) -> None:
    await world.arrives(world.id("caller"), "answers")
    await world.until("CallBroadcast", channel="caller")
    await world.pause(2.0)
    await world.status_of(
        world.events_claim_channel(channel_id=world.id("caller"), application=world.app)
    )


async def phone_is_pushed(world: World) -> None:
    where = ("res_pjsip", "auth", world.id("agent"))
    fields = [
        {"attribute": "auth_type", "value": "userpass"},
        {"attribute": "username", "value": "agent"},
        {"attribute": "password", "value": "not-a-real-one"},
    ]
    await world.asterisk_update_object(*where, fields=fields)
    await world.asterisk_get_object(*where)
    await world.asterisk_delete_object(*where)
    await world.status_of(world.asterisk_get_object(*where))
    await world.status_of(world.asterisk_delete_object(*where))


async def lamp_is_lit(world: World) -> None:
    lamp = f"Stasis:{world.id('agent')}"
    await world.device_states_update(lamp, device_state="INUSE")
    assert (await world.device_states_get(lamp)).state == "INUSE"
    await world.status_of(world.device_states_update("SIP/x", device_state="INUSE"))
    await world.device_states_delete(lamp)


async def lists_are_read(world: World) -> None:
    await reached(world, "leg")
    assert world.id("leg") in [channel.id for channel in await world.channels_list()]
    found = await world.applications_get(world.app)
    assert world.id("leg") in found.channel_ids
    await world.bridges_list()
    await world.endpoints_list()
    await gone(world, "leg")


SCENARIOS: tuple[Scenario, ...] = (
    unknown_channel,
    unknown_things,
    call_is_answered,
    call_rings_and_is_given_up,
    call_is_busy,
    call_is_rejected,
    call_is_congested,
    call_is_not_answered_in_time,
    other_end_hangs_up,
    endpoint_cannot_be_reached,
    prompt_is_played,
    prompt_is_stopped,
    second_prompt_waits_for_the_first,
    prompt_does_not_exist,
    caller_leaves_during_a_prompt,
    variable_waits_for_the_prompt,
    caller_leaves_while_a_variable_waits,
    variables_are_read_and_set,
    two_talk_in_a_bridge,
    bridge_is_destroyed_under_channels,
    bridge_refuses_strangers,
    call_goes_back_to_the_dialplan,
    call_moves_to_the_application_again,
    message_is_recorded,
    message_ends_when_the_caller_hangs_up,
    message_ends_by_a_key,
    message_has_a_longest_time,
    bridge_is_played_to,
    caller_goes_from_waiting_to_talk,
    talk_is_recorded_in_the_bridge,
    caller_leaves_the_bridge_by_hanging_up,
    digit_is_pressed,
    supervisor_listens,
    call_arrives_and_is_claimed,
    call_arrives_and_nobody_claims,
    caller_hangs_up,
    caller_is_sent_back_to_the_dialplan,
    phone_is_pushed,
    lamp_is_lit,
    lists_are_read,
    # Last: from then on Asterisk 22.10.1 answers 409 instead of 500 to a create that fails on the
    # same connection (it reads a stale `ast_channel_errno()` of that thread).
    id_is_taken,
)
