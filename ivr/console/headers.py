"""Security headers on every answer, a limit on every body, and no caching of what is private."""

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BIGGEST_BODY = 64 * 1024
BIGGEST_DRAFT = 2 * 1024 * 1024  # the largest dialplan, every letter of it escaped
_DRAFTS = "/api/dialplans/drafts/"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; media-src 'self' blob:; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'"
)  # style attributes: menus place themselves by them; no script or style sheet is inline
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
}
_YEAR = 31_536_000


class SecurityHeaders:
    """ASGI middleware; *secure* also asks browsers to stay on TLS for a year."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = dict(_HEADERS)
        if secure:
            self._headers["Strict-Transport-Security"] = f"max-age={_YEAR}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                if "cache-control" not in headers:
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, with_headers)


class BodyLimit:
    """ASGI middleware: a body of more than 64 KiB is cut off with 413, however it is sent.

    The text of a dialplan may be larger.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        biggest = BIGGEST_DRAFT if scope["path"].startswith(_DRAFTS) else BIGGEST_BODY
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > biggest:
                raise BodyTooLarge
            return message

        await self._app(scope, limited, send)


class BodyTooLarge(HTTPException):
    """More was sent than any form of ours holds."""

    def __init__(self) -> None:
        super().__init__(413)
