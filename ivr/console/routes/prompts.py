"""What callers hear, to be listened to: each prompt as the telephone plays it."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from ivr.aio import to_asyncio
from ivr.console.guard import GuardedRoute, Ports
from ivr.prompts.listening import PromptSound

router = APIRouter(route_class=GuardedRoute, tags=["prompts"])


@router.get("/api/prompts/{language}/{name}", response_class=Response)
async def audio(
    request: Request,
    ports: Ports,
    language: Annotated[str, Path(pattern=r"^[a-z]{2,3}$")],
    name: Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,63}$")],
) -> Response:
    """Return the WAV; a browser that has it asks only whether it is still the same."""
    sound = await to_asyncio(_read(ports, language, name))
    headers = {"Cache-Control": "private, max-age=300", "ETag": sound.tag}
    if request.headers.get("if-none-match") == sound.tag:
        return Response(status_code=304, headers=headers)
    return Response(sound.wav, media_type="audio/wav", headers=headers)


async def _read(ports: Ports, language: str, name: str) -> PromptSound:
    sound: PromptSound = await ports.in_thread(ports.prompt_sound, language, name)
    return sound
