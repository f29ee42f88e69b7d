"""One desk's live connection: messages wait in a bounded queue, a slow browser is let go."""

from typing import Any

import orjson
from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect
from twisted.internet.defer import DeferredQueue, QueueOverflow

from ivr.aio import from_asyncio, to_asyncio
from ivr.console.guard import Guard
from ivr.console.problems import Problem, answer
from ivr.console.sign_in import Identity

_WAITING = 64  # messages; a page that is that far behind had better reload
SESSION_OVER, TOO_SLOW, GOING_AWAY = 4401, 4408, 1001

router = APIRouter()


class DeskConnection:
    """Who is connected and what has still to be sent to them."""

    def __init__(self, who: Identity) -> None:
        self.who = who
        self.close_code = 0
        self._waiting: DeferredQueue[bytes | None] = DeferredQueue(size=_WAITING)

    def send(self, message: bytes) -> None:
        """Queue *message* (JSON); one too many ends the connection instead."""
        if self.close_code:
            return
        try:
            self._waiting.put(message)
        except QueueOverflow:
            self._waiting.pending.clear()
            self.close(TOO_SLOW)

    def close(self, code: int) -> None:
        if not self.close_code:
            self.close_code = code
            self._waiting.put(None) if len(self._waiting.pending) < _WAITING else self._cut()

    async def deliver(self, websocket: WebSocket) -> None:
        """Send what is queued until the connection is closed, here or there."""
        try:
            while (message := await self._waiting.get()) is not None:
                await from_asyncio(websocket.send_text(message.decode()))
            await from_asyncio(websocket.close(self.close_code))
        except (WebSocketDisconnect, RuntimeError):  # the latter: starlette's "already closed"
            self.close_code = self.close_code or GOING_AWAY

    def _cut(self) -> None:
        self._waiting.pending[-1:] = [None]


def encode(kind: str, **fields: Any) -> bytes:
    """Return a message as JSON; dataclasses and datetimes are written as they are."""
    return orjson.dumps({"type": kind, **fields})


@router.websocket("/ws/desk")
async def desk(websocket: WebSocket) -> None:
    """Push what a desk shows; what the browser sends is read and ignored."""
    guard: Guard = websocket.app.state.guard
    try:
        who = await to_asyncio(guard.admit(websocket, "WS", "/ws/desk"))
    except Problem as problem:
        await websocket.send_denial_response(answer(websocket, problem.code))
        return
    if who is None or not who.token:  # the service token reads, it has no desk
        await websocket.send_denial_response(answer(websocket, "not_allowed"))
        return
    await websocket.accept()
    await _serve(websocket, DeskConnection(who))


async def _serve(websocket: WebSocket, connection: DeskConnection) -> None:
    state = websocket.app.state
    sending = state.ports.background.start("desk socket", connection.deliver(websocket))
    try:
        await to_asyncio(state.hub.join(connection))
        while True:
            await websocket.receive_text()
    except WebSocketDisconnect:
        pass
    finally:
        state.hub.leave(connection)
        connection.close(GOING_AWAY)
        del sending
