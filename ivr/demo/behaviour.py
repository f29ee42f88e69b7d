"""How a demo party behaves when it is called; set by tests and by ``moked demo``."""

from typing import Annotated

import msgspec

Seconds = Annotated[float, msgspec.Meta(ge=0, le=3600)]


class Behaviour(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Answer, refuse or ignore a call, and what to do in it."""

    answer_after: Seconds | None = 1.0  # None: rings until the caller gives up
    refuse_with: Annotated[int, msgspec.Meta(ge=400, le=699)] | None = None  # instead, SIP status
    early_speech: bool = False  # 183 with speech before the answer
    speak: Seconds = 2.0  # length of the party's own melody; then it echoes or is silent
    wav: str = ""  # say this file instead of the melody
    echo: bool = False
    press: str = ""  # keys, once something has been heard
    press_after: Seconds = 1.0
    hang_up_after: Seconds | None = None  # counted from the answer


BUSY = Behaviour(refuse_with=486)
REJECT = Behaviour(refuse_with=403)
DECLINE = Behaviour(refuse_with=603)
UNAVAILABLE = Behaviour(refuse_with=503)
IGNORE = Behaviour(answer_after=None)
EXTERNAL_CENTRE = Behaviour(answer_after=1.0, speak=5.0, hang_up_after=5.0)
ON_CALL_PHONE = Behaviour(answer_after=1.0, speak=3.0, echo=True, press="1")
DESK_PHONE = Behaviour(answer_after=1.0, speak=3.0, echo=True)

NAMED = {
    "busy": BUSY,
    "reject": REJECT,
    "decline": DECLINE,
    "unavailable": UNAVAILABLE,
    "ignore": IGNORE,
    "external-centre": EXTERNAL_CENTRE,
    "on-call": ON_CALL_PHONE,
    "answer": DESK_PHONE,
}
