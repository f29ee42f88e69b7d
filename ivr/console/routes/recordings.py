"""Recordings: who may hear which, with a reason, and every listening in the audit table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from ivr.aio import to_asyncio
from ivr.console.access import Role
from ivr.console.auditing import note
from ivr.console.byte_range import RangeOutside, parse_range
from ivr.console.guard import GuardedRoute, Ports, Who
from ivr.console.problems import Problem
from ivr.console.rate_limit import RateLimit
from ivr.console.sign_in import Identity
from ivr.errors import MokedError
from ivr.ids import RecordingName
from ivr.storage.records import RecordingRecord

router = APIRouter(route_class=GuardedRoute, tags=["recordings"])

Limit = Annotated[int, Query(ge=1, le=200)]
Reason = Annotated[str, Query(min_length=3, max_length=120)]


@dataclass(frozen=True, slots=True)
class HeardRecording:
    """A recording as the console shows it: never its key or its place on the disk."""

    name: str
    call_id: str
    kind: str
    queue: str
    agent_id: str
    started_at: datetime
    seconds: float
    size: int
    retain_until: datetime


def heard(record: RecordingRecord) -> HeardRecording:
    names = HeardRecording.__dataclass_fields__
    return HeardRecording(**{name: getattr(record, name) for name in names})


@router.get("/api/recordings")
async def latest(who: Who, ports: Ports, limit: Limit = 50) -> list[HeardRecording]:
    found = await to_asyncio(ports.lists.recordings(who.user.authority_id, limit))
    return [heard(one) for one in found]


@router.get("/api/recordings/{name}/audio", response_class=Response)
async def audio(
    request: Request,
    who: Who,
    ports: Ports,
    name: Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,120}$")],
    reason: Reason,
) -> Response:
    """Return the WAV, whole or the part asked for by ``Range``; listening is audited."""
    recording = RecordingName(name)
    row = await to_asyncio(ports.recordings.get(recording))
    if row.authority_id != who.user.authority_id or row.state != "finished":
        raise Problem("not_found")
    if who.role is Role.AGENT and row.kind != "message":
        raise Problem("not_allowed")
    await _audit_once(request, who, recording, reason)
    sound = await to_asyncio(ports.vault.audio(row))
    return _part(sound, request.headers.get("range", ""))


async def _audit_once(
    request: Request, who: Identity, recording: RecordingName, reason: str
) -> None:
    """Audit this listening; the further parts that a player asks for belong to it."""
    listening: RateLimit = request.app.state.listening
    key = f"{who.user.user_id}|{recording}|{reason}"
    if listening.allows(key):
        try:
            await to_asyncio(note(request, "recording_heard", recording, reason=reason))
        except MokedError:
            listening.forget(key)
            raise


def _part(sound: bytes, wanted: str) -> Response:
    size = len(sound)
    headers = {"Accept-Ranges": "bytes", "Content-Disposition": "inline"}
    try:
        part = parse_range(wanted, size)
    except RangeOutside:
        raise Problem("no_range", headers={"Content-Range": f"bytes */{size}"}) from None
    if part is None:
        return Response(sound, media_type="audio/wav", headers=headers)
    headers["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    chunk = sound[part.first : part.last + 1]
    return Response(chunk, status_code=206, media_type="audio/wav", headers=headers)
