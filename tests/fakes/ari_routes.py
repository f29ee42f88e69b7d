"""ARI's requests, carried out on the fake Asterisk with the real one's statuses.

The statuses are those recorded from Asterisk 22.10.1 (``contracts/recordings``).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

from twisted.internet.defer import Deferred

from ivr.asterisk.ari_request import AriRequest
from tests.fakes.asterisk import NORMAL, SOFT_HANGUP, FakeAsterisk
from tests.fakes.asterisk_things import Bridge, Channel, Json, Playback, Recording

Query = dict[str, str]
Handler = Callable[..., Awaitable[Any]]
NO_CHANNEL = (404, "Channel not found")
NOT_IN_STASIS = (409, "Channel not in Stasis application")

_ROUTES: list[tuple[str, re.Pattern[str], Handler]] = []


class Refused(Exception):
    """The request is answered with an error status."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def route(method: str, path: str) -> Callable[[Handler], Handler]:
    """Mark what answers *method* on *path*; ``{…}`` in it are passed as arguments."""
    pattern = re.compile(re.sub(r"\{\w+\}", "([^/]+)", path) + "$")

    def marked(handler: Handler) -> Handler:
        _ROUTES.append((method, pattern, handler))
        return handler

    return marked


async def carry_out(asterisk: FakeAsterisk, request: AriRequest) -> Any:
    """Do what *request* asks; return what is to be shown, None for an empty answer.

    Raises:
        Refused: with the status the real one gives.
    """
    query = {**dict(request.pairs())}
    for method, pattern, handler in _ROUTES:
        found = pattern.match(request.uri)
        if found is not None and method == request.method:
            ids = [unquote(part) for part in found.groups()]
            return await handler(asterisk, *ids, query=query, body=request.body or {})
    raise Refused(404, f"Invalid method: the fake has no {request.method} {request.uri}")


def known_channel(asterisk: FakeAsterisk, channel: str, *, stasis: bool = True) -> Channel:
    found = asterisk.channels.get(channel)
    if found is None:
        raise Refused(*NO_CHANNEL)
    if stasis and found.app is None:
        raise Refused(*NOT_IN_STASIS)
    return found


def known_bridge(asterisk: FakeAsterisk, bridge: str) -> Bridge:
    if bridge not in asterisk.bridges:
        raise Refused(404, "Bridge not found")
    return asterisk.bridges[bridge]


async def when_free(asterisk: FakeAsterisk, channel: Channel) -> None:
    """Wait while something is played or recorded, as the real one makes these requests wait."""
    if channel.blocked:
        free: Deferred[None] = Deferred()
        channel.free.append(free)
        await free
        known_channel(asterisk, channel.id)


@route("GET", "asterisk/ping")
async def _ping(_: FakeAsterisk, query: Query, body: Json) -> Json:
    return {"asterisk_id": "00:11:22:33:44:55", "ping": "pong", "timestamp": ""}


@route("GET", "asterisk/variable")
async def _get_global(asterisk: FakeAsterisk, query: Query, body: Json) -> Json:
    return {"value": asterisk.variables.get(query["variable"], "")}


@route("POST", "asterisk/variable")
async def _set_global(asterisk: FakeAsterisk, query: Query, body: Json) -> None:
    asterisk.variables[query["variable"]] = query.get("value", "")


@route("PUT", "asterisk/modules/{name}")
async def _reload(_: FakeAsterisk, name: str, query: Query, body: Json) -> None: ...


@route("PUT", "asterisk/config/dynamic/{class}/{type}/{id}")
async def _push(asterisk: FakeAsterisk, *where: str, query: Query, body: Json) -> list[Json]:
    asterisk.config["/".join(where)] = body["fields"]
    return list(body["fields"])


@route("GET", "asterisk/config/dynamic/{class}/{type}/{id}")
async def _pushed(asterisk: FakeAsterisk, *where: str, query: Query, body: Json) -> list[Json]:
    if "/".join(where) not in asterisk.config:
        raise Refused(404, "{configClass} not found")
    return asterisk.config["/".join(where)]


@route("DELETE", "asterisk/config/dynamic/{class}/{type}/{id}")
async def _pull(asterisk: FakeAsterisk, *where: str, query: Query, body: Json) -> None:
    if asterisk.config.pop("/".join(where), None) is None:
        raise Refused(404, "Object not found")


@route("GET", "channels")
async def _channels(asterisk: FakeAsterisk, query: Query, body: Json) -> list[Json]:
    return [channel.shown() for channel in asterisk.channels.values()]


@route("POST", "channels/create")
async def _create(asterisk: FakeAsterisk, query: Query, body: Json) -> Json:
    endpoint, channel = query["endpoint"], query["channelId"]
    technology, _, resource = endpoint.partition("/")
    if not resource:
        raise Refused(400, "Invalid endpoint specified")
    if channel in asterisk.channels:
        raise Refused(409, "Channel with given unique ID already exists")
    behaviour = asterisk.endpoints.get(endpoint)
    if behaviour is None:
        behaviour = resource.partition("@")[0] if technology == "Local" else "rings"
    if behaviour == "unreachable":
        raise Refused(500, "Allocation failed")
    made = Channel(channel, f"{endpoint}-00000000", ours=True, behaviour=behaviour)
    made.variables.update(body.get("variables", {}))
    asterisk.channels[channel] = made
    args = query["appArgs"].split(",") if query.get("appArgs") else []
    asterisk.enters(made, query["app"], args)
    return made.shown()


@route("GET", "channels/{id}")
async def _get(asterisk: FakeAsterisk, channel: str, query: Query, body: Json) -> Json:
    return known_channel(asterisk, channel, stasis=False).shown()


@route("DELETE", "channels/{id}")
async def _hang_up(asterisk: FakeAsterisk, channel: str, query: Query, body: Json) -> None:
    cause = int(query.get("reason_code", NORMAL))
    found = known_channel(asterisk, channel, stasis=False)
    asterisk.end(found, requested=SOFT_HANGUP, cause=cause)


@route("POST", "channels/{id}/dial")
async def _dial(asterisk: FakeAsterisk, channel: str, query: Query, body: Json) -> None:
    asterisk.dial(known_channel(asterisk, channel), int(query.get("timeout", 0)))


@route("POST", "channels/{id}/answer")
async def _answer(asterisk: FakeAsterisk, channel: str, query: Query, body: Json) -> None:
    found = known_channel(asterisk, channel)
    await when_free(asterisk, found)
    asterisk.change_state(found, "Up")


@route("POST", "channels/{id}/ring")
async def _ring(asterisk: FakeAsterisk, channel: str, query: Query, body: Json) -> None:
    known_channel(asterisk, channel).ringing = True


@route("DELETE", "channels/{id}/ring")
async def _ring_stop(asterisk: FakeAsterisk, channel: str, query: Query, body: Json) -> None:
    known_channel(asterisk, channel).ringing = False


@route("POST", "channels/{id}/moh")
async def _moh(asterisk: FakeAsterisk, channel: str, query: Query, body: Json) -> None:
    known_channel(asterisk, channel).moh = query.get("mohClass", "default")


@route("DELETE", "channels/{id}/moh")
async def _moh_stop(asterisk: FakeAsterisk, channel: str, query: Query, body: Json) -> None:
    known_channel(asterisk, channel).moh = None


@route("POST", "channels/{id}/progress")
@route("POST", "channels/{id}/hold")
@route("DELETE", "channels/{id}/hold")
@route("POST", "channels/{id}/mute")
@route("DELETE", "channels/{id}/mute")
@route("POST", "channels/{id}/dtmf")
@route("POST", "channels/{id}/silence")
@route("DELETE", "channels/{id}/silence")
async def _quiet(asterisk: FakeAsterisk, channel: str, query: Query, body: Json) -> None:
    known_channel(asterisk, channel)


@route("GET", "channels/{id}/variable")
async def _get_variable(asterisk: FakeAsterisk, channel: str, query: Query, body: Json) -> Json:
    found = known_channel(asterisk, channel, stasis=False)
    if query["variable"] not in found.variables:
        raise Refused(404, "Provided variable was not found")
    return {"value": found.variables[query["variable"]]}


@route("POST", "channels/{id}/variable")
async def _set_variable(asterisk: FakeAsterisk, channel: str, query: Query, body: Json) -> None:
    found = known_channel(asterisk, channel)
    await when_free(asterisk, found)
    found.variables[query["variable"]] = query.get("value", "")


@route("POST", "channels/{id}/variables")
async def _set_variables(asterisk: FakeAsterisk, channel: str, query: Query, body: Json) -> None:
    found = known_channel(asterisk, channel)
    await when_free(asterisk, found)
    found.variables.update(body["variables"])


@route("POST", "channels/{id}/continue")
async def _continue(asterisk: FakeAsterisk, channel: str, query: Query, body: Json) -> None:
    found = known_channel(asterisk, channel)
    found.variables["went to"] = f"{query.get('context')},{query.get('extension')}"
    asterisk.leaves(found)


@route("POST", "channels/{id}/move")
async def _move(asterisk: FakeAsterisk, channel: str, query: Query, body: Json) -> None:
    found = known_channel(asterisk, channel)
    asterisk.leaves(found)
    asterisk.enters(found, query["app"], query.get("appArgs", "").split(","))


@route("POST", "channels/{id}/snoop/{snoop}")
async def _snoop(
    asterisk: FakeAsterisk, channel: str, snoop: str, query: Query, body: Json
) -> Json:
    known_channel(asterisk, channel, stasis=False)
    made = Channel(snoop, f"Snoop/{channel}-00000000", state="Up", snoops_on=channel)
    asterisk.channels[snoop] = made
    asterisk.enters(made, query["app"], [])
    return made.shown()


@route("POST", "channels/{id}/snoop")
async def _snoop_unnamed(asterisk: FakeAsterisk, channel: str, query: Query, body: Json) -> Json:
    return dict(
        await _snoop(asterisk, channel, query.get("snoopId", f"snoop-{channel}"), query, body)
    )


@route("POST", "channels/{id}/play")
async def _play(asterisk: FakeAsterisk, channel: str, query: Query, body: Json) -> Json:
    return start_playing(asterisk, known_channel(asterisk, channel), query["playbackId"], query)


@route("POST", "channels/{id}/play/{playback}")
async def _play_with_id(
    asterisk: FakeAsterisk, channel: str, playback: str, query: Query, body: Json
) -> Json:
    return start_playing(asterisk, known_channel(asterisk, channel), playback, query)


@route("POST", "channels/{id}/record")
async def _record(asterisk: FakeAsterisk, channel: str, query: Query, body: Json) -> Json:
    return start_recording(asterisk, known_channel(asterisk, channel), query)


def start_playing(
    asterisk: FakeAsterisk, owner: Channel | Bridge, playback: str, query: Query
) -> Json:
    made = Playback(playback, query["media"].split(","), owner)
    shown = made.shown()
    asterisk.media.play(made)
    return shown


def start_recording(asterisk: FakeAsterisk, owner: Channel | Bridge, query: Query) -> Json:
    name, media = query["name"], asterisk.media
    exists = name in media.stored and query.get("ifExists", "fail") == "fail"
    if exists or name in media.recordings:
        raise Refused(409, f"Recording '{name}' already exists and can not be overwritten")
    made = Recording(name, query["format"], owner, asterisk.clock.seconds())
    made.terminate_on = query.get("terminateOn", "none")
    shown = {**made.shown(), "state": "queued"}
    media.record(made, int(query.get("maxDurationSeconds", 0)))
    return shown
