"""ARI's requests on the fake Asterisk, continued: bridges, playbacks, recordings, applications."""

from __future__ import annotations

from tests.fakes.ari_routes import (
    NO_CHANNEL,
    Query,
    Refused,
    known_bridge,
    route,
    start_playing,
    start_recording,
    when_free,
)
from tests.fakes.asterisk import FakeAsterisk
from tests.fakes.asterisk_things import Bridge, Channel, Json, Playback, Recording


def _playback(asterisk: FakeAsterisk, playback: str) -> Playback:
    if playback not in asterisk.media.playbacks:
        raise Refused(404, "Playback not found")
    return asterisk.media.playbacks[playback]


def _live(asterisk: FakeAsterisk, name: str) -> Recording:
    if name not in asterisk.media.recordings:
        raise Refused(404, "Recording not found")
    return asterisk.media.recordings[name]


def _named(asterisk: FakeAsterisk, query: Query) -> list[Channel]:
    """The channels of addChannel and removeChannel; unknown: 400, elsewhere: 422."""
    names = query["channel"].split(",")
    if any(name not in asterisk.channels for name in names):
        raise Refused(400, NO_CHANNEL[1])
    found = [asterisk.channels[name] for name in names]
    if any(channel.app is None for channel in found):
        raise Refused(422, "Channel not in Stasis application")
    return found


@route("GET", "bridges")
async def _bridges(asterisk: FakeAsterisk, query: Query, body: Json) -> list[Json]:
    return [bridge.shown() for bridge in asterisk.bridges.values()]


@route("POST", "bridges")
async def _create_bridge(asterisk: FakeAsterisk, query: Query, body: Json) -> Json:
    return dict(await _create_with_id(asterisk, query["bridgeId"], query, body))


@route("POST", "bridges/{id}")
async def _create_with_id(asterisk: FakeAsterisk, bridge: str, query: Query, body: Json) -> Json:
    made = Bridge(bridge, query.get("type", "mixing").split(",")[0], query.get("name", ""))
    asterisk.bridges[bridge] = made
    return made.shown()


@route("GET", "bridges/{id}")
async def _get_bridge(asterisk: FakeAsterisk, bridge: str, query: Query, body: Json) -> Json:
    return known_bridge(asterisk, bridge).shown()


@route("DELETE", "bridges/{id}")
async def _destroy(asterisk: FakeAsterisk, bridge: str, query: Query, body: Json) -> None:
    asterisk.destroy_bridge(known_bridge(asterisk, bridge))


@route("POST", "bridges/{id}/addChannel")
async def _add(asterisk: FakeAsterisk, bridge: str, query: Query, body: Json) -> None:
    into = known_bridge(asterisk, bridge)
    for channel in _named(asterisk, query):
        await when_free(asterisk, channel)
        asterisk.bridge(into, channel)


@route("POST", "bridges/{id}/removeChannel")
async def _remove(asterisk: FakeAsterisk, bridge: str, query: Query, body: Json) -> None:
    source = known_bridge(asterisk, bridge)
    for channel in _named(asterisk, query):
        if channel.bridge is not source:
            raise Refused(422, "Channel not in this bridge")
        await when_free(asterisk, channel)
        asterisk.unbridge(channel)


@route("POST", "bridges/{id}/moh")
async def _moh(asterisk: FakeAsterisk, bridge: str, query: Query, body: Json) -> None:
    known_bridge(asterisk, bridge).moh = query.get("mohClass", "default")


@route("DELETE", "bridges/{id}/moh")
async def _moh_stop(asterisk: FakeAsterisk, bridge: str, query: Query, body: Json) -> None:
    known_bridge(asterisk, bridge).moh = None


@route("POST", "bridges/{id}/play")
async def _play(asterisk: FakeAsterisk, bridge: str, query: Query, body: Json) -> Json:
    found = known_bridge(asterisk, bridge)
    return start_playing(asterisk, found, query["playbackId"], query)


@route("POST", "bridges/{id}/play/{playback}")
async def _play_with_id(
    asterisk: FakeAsterisk, bridge: str, playback: str, query: Query, body: Json
) -> Json:
    return start_playing(asterisk, known_bridge(asterisk, bridge), playback, query)


@route("POST", "bridges/{id}/record")
async def _record(asterisk: FakeAsterisk, bridge: str, query: Query, body: Json) -> Json:
    return start_recording(asterisk, known_bridge(asterisk, bridge), query)


@route("GET", "playbacks/{id}")
async def _get_playback(asterisk: FakeAsterisk, playback: str, query: Query, body: Json) -> Json:
    return _playback(asterisk, playback).shown()


@route("DELETE", "playbacks/{id}")
async def _stop(asterisk: FakeAsterisk, playback: str, query: Query, body: Json) -> None:
    asterisk.media.stop(_playback(asterisk, playback))


@route("POST", "playbacks/{id}/control")
async def _control(asterisk: FakeAsterisk, playback: str, query: Query, body: Json) -> None:
    found = _playback(asterisk, playback)
    if query["operation"] == "unpause":
        asterisk.media.resume(found)


@route("GET", "recordings/live/{name}")
async def _get_live(asterisk: FakeAsterisk, name: str, query: Query, body: Json) -> Json:
    return _live(asterisk, name).shown()


@route("POST", "recordings/live/{name}/stop")
async def _stop_recording(asterisk: FakeAsterisk, name: str, query: Query, body: Json) -> None:
    asterisk.media.finish_recording(_live(asterisk, name))


@route("POST", "recordings/live/{name}/pause")
@route("POST", "recordings/live/{name}/mute")
async def _pause(asterisk: FakeAsterisk, name: str, query: Query, body: Json) -> None:
    _live(asterisk, name).paused = True


@route("DELETE", "recordings/live/{name}/pause")
@route("DELETE", "recordings/live/{name}/mute")
async def _unpause(asterisk: FakeAsterisk, name: str, query: Query, body: Json) -> None:
    _live(asterisk, name).paused = False


@route("GET", "recordings/stored/{name}")
async def _stored(asterisk: FakeAsterisk, name: str, query: Query, body: Json) -> Json:
    if name not in asterisk.media.stored:
        raise Refused(404, "Recording not found")
    return asterisk.media.stored[name]


@route("DELETE", "recordings/stored/{name}")
async def _delete_stored(asterisk: FakeAsterisk, name: str, query: Query, body: Json) -> None:
    if asterisk.media.stored.pop(name, None) is None:
        raise Refused(404, "Recording not found")


@route("POST", "events/claim")
async def _claim(asterisk: FakeAsterisk, query: Query, body: Json) -> None:
    channel = query["channelId"]
    if channel not in asterisk.broadcasts:
        raise Refused(404, "Channel not found or not in broadcast state")
    if asterisk.broadcasts[channel]:
        raise Refused(409, "Channel has already been claimed")
    asterisk.broadcasts[channel] = True
    found = asterisk.channels[channel]
    asterisk.enters(found, query["application"], ["in", found.called])


@route("GET", "applications/{name}")
async def _application(asterisk: FakeAsterisk, name: str, query: Query, body: Json) -> Json:
    if name not in asterisk.apps:
        raise Refused(404, "Application not found")
    inside = [channel for channel in asterisk.channels.values() if channel.app == name]
    return {
        "name": name,
        "channel_ids": [channel.id for channel in inside],
        "bridge_ids": sorted({c.bridge.id for c in inside if c.bridge is not None}),
        "endpoint_ids": [],
        "device_names": [],
        "events_allowed": [],
        "events_disallowed": [{"type": kind} for kind in asterisk.apps[name].disallowed],
    }


@route("PUT", "applications/{name}/eventFilter")
async def _filter(asterisk: FakeAsterisk, name: str, query: Query, body: Json) -> Json:
    kinds = [item["type"] for item in body["disallowed"]]
    if name in asterisk.apps:
        asterisk.apps[name].disallowed = frozenset(kinds)
    return dict(await _application(asterisk, name, query, body))


@route("GET", "deviceStates/{name}")
async def _lamp(asterisk: FakeAsterisk, name: str, query: Query, body: Json) -> Json:
    return {"name": name, "state": asterisk.device_states.get(name, "UNKNOWN")}


@route("PUT", "deviceStates/{name}")
async def _light(asterisk: FakeAsterisk, name: str, query: Query, body: Json) -> None:
    if not name.startswith("Stasis:"):
        raise Refused(409, "Uncontrolled device specified")
    asterisk.device_states[name] = query["deviceState"]


@route("DELETE", "deviceStates/{name}")
async def _extinguish(asterisk: FakeAsterisk, name: str, query: Query, body: Json) -> None:
    asterisk.device_states.pop(name, None)


@route("GET", "endpoints")
async def _endpoints(asterisk: FakeAsterisk, query: Query, body: Json) -> list[Json]:
    return [
        {
            "technology": name.split("/")[0],
            "resource": name.split("/")[1],
            "state": "online",
            "channel_ids": [],
        }
        for name in asterisk.endpoints
    ]
