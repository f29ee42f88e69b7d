"""What can go wrong, said in the reader's language: what happened and what to do."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from ivr.calls.drafts import DraftChanged, DraftRefused
from ivr.dialplan.problem import SiteInvalid
from ivr.dialplan.publish import PublishRefused
from ivr.errors import (
    AsteriskUnavailable,
    IllegalTransition,
    MokedError,
    RecordNotFound,
    ReservationLost,
    StorageUnavailable,
)

_TEXTS: dict[str, tuple[int, str, str]] = {
    "not_signed_in": (401, "צריך להיכנס למערכת. היכנסו ונסו שוב.", "Please sign in and try again."),
    "wrong_password": (
        401,
        "השם או הסיסמה אינם נכונים. בדקו את שפת המקלדת ונסו שוב.",
        "The name or the password is wrong. Check the keyboard language and try again.",
    ),
    "too_many_tries": (
        429,
        "יותר מדי ניסיונות. המתינו דקה ונסו שוב.",
        "Too many tries. Wait a minute and try again.",
    ),
    "not_allowed": (
        403,
        "אין לכם הרשאה לפעולה הזאת. פנו לאחראי המשמרת או למנהל המערכת.",
        "You may not do this. Ask the shift lead or the administrator.",
    ),
    "wrong_origin": (
        403,
        "הבקשה לא הגיעה מדף של המערכת. טענו את הדף מחדש ונסו שוב.",
        "The request did not come from a page of this system. Reload the page and try again.",
    ),
    "not_found": (
        404,
        "זה לא נמצא. ייתכן שנמחק או ששייך לרשות אחרת.",
        "This was not found. It may be deleted or belong to another authority.",
    ),
    "not_now": (
        409,
        "אי אפשר לעשות זאת במצב הנוכחי. המצב המעודכן מוצג במסך.",
        "This cannot be done in the present state. The screen shows the state as it is now.",
    ),
    "name_taken": (409, "השם כבר בשימוש. בחרו שם אחר.", "This name is taken. Choose another."),
    "last_administrator": (
        409,
        "זה המנהל היחיד. מנו מנהל נוסף לפני השינוי.",
        "This is the only administrator. Appoint another one first.",
    ),
    "link_used": (
        410,
        "הקישור כבר נוצל או שאינו תקף. הריצו שוב ‎./moked up כדי לקבל קישור חדש.",
        "This link was used or is not valid. Run ./moked up again for a new one.",
    ),
    "weak_password": (
        422,
        "הסיסמה קלה לניחוש. בחרו לפחות 10 תווים שאינם השם שלכם או סיסמה נפוצה.",
        "The password is easy to guess. Use at least 10 characters, not your name or a common one.",
    ),
    "bad_number": (
        422,
        "זה לא מספר טלפון שאפשר לקרוא. כתבו למשל 02-990-0200.",
        "This is not a telephone number we can read. Write it like 02-990-0200.",
    ),
    "no_such_hours": (
        422,
        "אין שעות פתיחה בשם הזה. בחרו מהרשימה, או השאירו ריק לכל השעות.",
        "There are no opening hours of this name. Choose from the list, or none for all of them.",
    ),
    "closure_backwards": (
        422,
        "היום האחרון קודם ליום הראשון. תקנו את התאריכים.",
        "The last day is before the first. Correct the dates.",
    ),
    "closure_over": (
        422,
        "הימים האלה כבר עברו. בחרו יום אחרון מהיום והלאה.",
        "These days are over already. Choose a last day from today on.",
    ),
    "closure_too_far": (
        422,
        "סגירה נמשכת שנה לכל היותר ומתחילה תוך שלוש שנים. לשינוי קבוע שנו את שעות הפתיחה.",
        "A closure lasts a year at most and begins within three. To change the hours for good, "
        "change the opening hours.",
    ),
    "bad_input": (
        422,
        "חלק מהשדות אינם תקינים. תקנו את המסומן ונסו שוב.",
        "Some fields are not valid. Correct those marked and try again.",
    ),
    "publish_refused": (
        422,
        "לא פורסם: יש בעיות שצריך לתקן, או שההוכחה או בדיקה נכשלה ולא נכתבה סיבה לפרסם בכל זאת.",
        "Not published: there are problems to mend, or the proof or a test fails and no reason was "
        "written.",
    ),
    "draft_changed": (
        409,
        "מישהו אחר שמר את הטיוטה בינתיים. שני הנוסחים כאן: אחדו אותם ושמרו שוב.",
        "Somebody else has saved the draft meanwhile. Both texts are here: merge and save again.",
    ),
    "draft_refused": (
        422,
        "אי אפשר לשמור טיוטה כזאת: השם או הגודל אינם מתאימים.",
        "This cannot be saved as a draft: its name or its size does not fit.",
    ),
    "draft_unfit": (
        422,
        "בטיוטה יש בעיות, ולכן אי אפשר עדיין לנסות אותה. תקנו את הרשום ונסו שוב.",
        "The draft has problems, so it cannot be tried yet. Mend what is listed and try again.",
    ),
    "still_working": (
        429,
        "עוד עובדים על הבקשות הקודמות שלכם. המתינו רגע ונסו שוב.",
        "Your earlier requests are still being worked on. Wait a moment and try again.",
    ),
    "in_use": (
        409,
        "זה עדיין בשימוש. הסירו קודם את השימוש בשלבים הרשומים.",
        "This is still in use. First change the steps that are listed.",
    ),
    "too_large": (413, "נשלח יותר מדי מידע בבת אחת.", "Too much was sent at once."),
    "no_range": (416, "החלק המבוקש אינו קיים בהקלטה.", "The recording has no such part."),
    "busy": (
        503,
        "המערכת עסוקה כרגע. שיחות ממשיכות כרגיל; נסו שוב בעוד רגע.",
        "The system is busy. Calls go on as usual; try again in a moment.",
    ),
    "broken": (
        500,
        "קרתה תקלה אצלנו. נסו שוב; אם זה חוזר, פנו למנהל המערכת.",
        "Something failed on our side. Try again; if it returns, tell the administrator.",
    ),
}

_OF_ERROR: Mapping[type[MokedError], str] = {
    RecordNotFound: "not_found",
    IllegalTransition: "not_now",
    ReservationLost: "not_now",
    StorageUnavailable: "busy",
    PublishRefused: "publish_refused",
    DraftChanged: "draft_changed",
    DraftRefused: "draft_refused",
    SiteInvalid: "draft_unfit",
    AsteriskUnavailable: "busy",
}
_OF_STATUS = {
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "not_found",
    413: "too_large",
}


class Problem(Exception):
    """A request that cannot be done, by its name in the catalogue."""

    def __init__(
        self,
        code: str,
        *,
        headers: dict[str, str] | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.headers = headers
        self.more = more or {}


def language_of(accept: str) -> str:
    """Return ``en`` where the browser asks for it before Hebrew, else ``he``."""
    first = accept.split(",", 1)[0].strip().lower()
    return "en" if first.startswith("en") else "he"


def answer(request: HTTPConnection, code: str, **more: object) -> JSONResponse:
    """Return the answer for problem *code* in the language the browser asked for."""
    status, hebrew, english = _TEXTS[code]
    language = language_of(request.headers.get("accept-language", "he"))
    text = english if language == "en" else hebrew
    return JSONResponse({"code": code, "message": text, **more}, status_code=status)


def codes() -> dict[str, tuple[int, str, str]]:
    """Return the whole catalogue: code → (status, Hebrew, English)."""
    return dict(_TEXTS)


async def on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 -- registered for this type only
    response = answer(request, error.code, **error.more)
    response.headers.update(error.headers or {})
    return response


async def on_moked_error(request: Request, error: Exception) -> Response:
    code = next((code for kind, code in _OF_ERROR.items() if isinstance(error, kind)), "broken")
    return answer(request, code, **_more(error))


def _more(error: Exception) -> dict[str, Any]:
    """Return what an editor needs beside the sentence."""
    match error:
        case PublishRefused():
            failing = {line: json.loads(proof) for line, proof in error.failing.items()}
            return {"problems": [asdict(one) for one in error.problems], "failing": failing}
        case DraftChanged():
            return {"now": error.now, "yours": error.yours, "revision": error.revision}
        case SiteInvalid():
            return {"problems": [asdict(one) for one in error.problems]}
        case DraftRefused():
            return {"detail": str(error)}
    return {}


async def on_invalid(request: Request, error: Exception) -> Response:
    """Name the fields that are wrong; never echo what was sent."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 -- registered for this type only
    fields = sorted({".".join(str(part) for part in e["loc"][1:]) for e in error.errors()})
    return answer(request, "bad_input", fields=fields)


async def on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for this type only
    code = _OF_STATUS.get(error.status_code, "bad_input" if error.status_code < 500 else "broken")
    response = answer(request, code)
    response.status_code = error.status_code
    response.headers.update(error.headers or {})
    return response


async def on_crash(request: Request, _error: Exception) -> Response:
    return answer(request, "broken")
