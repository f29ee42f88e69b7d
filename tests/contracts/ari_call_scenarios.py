"""Scenarios about ARI: calls, their ends, and what surrounds them."""

from __future__ import annotations

from tests.contracts.ari_steps import SHORT, claimed, dialled, gone, left, party, reached
from tests.contracts.ari_world import World


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


async def variables_are_read_and_set(world: World) -> None:
    channel = await reached(world, "leg")
    await world.channels_set_channel_vars(channel, variables={"A": "one", "B": "two"})
    assert (await world.channels_get_channel_var(channel, variable="B")).value == "two"
    await world.status_of(world.channels_get_channel_var(channel, variable="NEVER_SET"))
    await world.asterisk_set_global_var(variable="MOKED_TEST", value="beat")
    assert (await world.asterisk_get_global_var(variable="MOKED_TEST")).value == "beat"
    await world.status_of(world.asterisk_get_global_var(variable="MOKED_NEVER_SET"))
    await gone(world, "leg")


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
