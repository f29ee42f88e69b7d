"""Serves the built front end: assets for ever, known pages always fresh, nothing else."""

from mimetypes import guess_type
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from ivr.console.ports import ConsolePorts

PAGES = (
    "/",
    "/sign-in",
    "/first/{token}",
    "/desk",
    "/calls",
    "/calls/{call_id}",
    "/work",
    "/closures",
    "/dialplans",
    "/dialplans/{line}",
    "/dialplans/{line}/try",
    "/settings/users",
    "/settings/audit",
)
_FRESH = {"Cache-Control": "no-cache"}
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_PACKED = {**_FOR_EVER, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
_NOT_BUILT = (
    '<!doctype html><html lang="he" dir="rtl"><meta charset="utf-8"><title>מוקד</title>'
    "<p>המסכים עדיין לא נבנו. הריצו ‎<code dir=ltr>./moked up</code> ונסו שוב.</p>"
    '<p lang="en" dir="ltr">The pages are not built yet. Run <code>./moked up</code> '
    "and try again.</p></html>"
)

router = APIRouter()


def _file(request: Request, *parts: str) -> Path | None:
    """Return a built file, only if it really lies within the folder."""
    ports: ConsolePorts = request.app.state.ports
    folder = ports.web.resolve()
    path = folder.joinpath(*parts).resolve()
    return path if path.is_relative_to(folder) and path.is_file() else None


async def page(request: Request) -> Response:
    index = _file(request, "index.html")
    if index is None:
        return HTMLResponse(_NOT_BUILT, status_code=503)
    return FileResponse(index, headers=_FRESH)


@router.get("/assets/{path:path}", include_in_schema=False)
async def asset(request: Request, path: str) -> Response:
    """Return a built asset; its name carries the hash of its content."""
    found = _file(request, "assets", path) if "\0" not in path else None
    if found is None:
        return Response("not found", status_code=404, media_type="text/plain")
    packed = found.with_name(f"{found.name}.gz")
    if "gzip" in request.headers.get("accept-encoding", "") and packed.is_file():
        kind = guess_type(found.name)[0] or "application/octet-stream"
        return FileResponse(packed, media_type=kind, headers=_PACKED)
    return FileResponse(found, headers=_FOR_EVER)


@router.get("/favicon.svg", include_in_schema=False)
async def icon(request: Request) -> Response:
    found = _file(request, "favicon.svg")
    return FileResponse(found, headers=_FRESH) if found else Response(status_code=404)


for _path in PAGES:
    router.add_api_route(_path, page, include_in_schema=False, methods=["GET"])
