"""What browsers may send: every field bounded, nothing unknown accepted."""

import re
from datetime import date
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from ivr.console.access import Role
from ivr.dialplan.yaml_text import LONGEST
from ivr.routing.schedule import parse_interval


def _printable(text: str) -> str:
    """Refuse control characters (but line ends and tabs) and what no database stores."""
    for letter in text:
        code = ord(letter)
        if (code < 32 and letter not in "\n\r\t") or code == 127 or 0xD800 <= code <= 0xDFFF:
            raise ValueError("control characters are not text")
    return text


def _day(sent: object) -> date:
    """Read ``2026-12-31`` and nothing else; numbers would be taken for seconds."""
    if not isinstance(sent, str) or not _DAY.fullmatch(sent):
        raise ValueError("not a day like 2026-12-31")
    return date.fromisoformat(sent)


def _times(text: str) -> str:
    parse_interval(text)
    return text


_check = AfterValidator(_printable)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Day = Annotated[date, BeforeValidator(_day)]
Times = Annotated[str, StringConstraints(max_length=11), AfterValidator(_times)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._@-]{0,63}$")]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), _check
]
MaybeLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120), _check]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), _check]
Secret = Annotated[str, StringConstraints(max_length=256)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32)]
Unit = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_-]{0,63}|site\.yaml)$")]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,80}$")]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SignInBody(Body):
    name: Name
    password: Secret


class FirstLinkBody(Body):
    name: Name = "admin"
    password: Secret


class PasswordBody(Body):
    old: Secret
    new: Secret


class NewPasswordBody(Body):
    password: Secret


class ReasonBody(Body):
    reason: MaybeLine = ""


class TicketBody(Body):
    subject: Line
    text: Text = ""
    department: MaybeLine = ""
    number: Annotated[str, StringConstraints(max_length=64), _check] = ""
    contact_name: MaybeLine = ""
    call_id: Id | None = None
    key: Id  # made by the page once per form, so that a second click opens nothing twice


class ContactBody(Body):
    number: Number
    name: Line
    address: MaybeLine = ""
    language: Annotated[str, Field(pattern=r"^(he|en|ar|ru)$")] = "he"
    note: Text = ""


class EmergencyBody(Body):
    is_on: bool


class DraftBody(Body):
    text: Annotated[str, StringConstraints(max_length=LONGEST)]
    revision: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{0,64}$")] = ""


class PublishBody(Body):
    """*lines*: which drafts, none for all that differ; *by*: who, if it is the command line."""

    lines: Annotated[list[Unit], Field(max_length=500)] = []
    note: Text = ""
    override: Text = ""
    by: MaybeLine = ""


class ScheduleBody(PublishBody):
    at: AwareDatetime


class RollBackBody(Body):
    version: Annotated[int, Field(ge=1)]
    note: Text = ""
    override: Text = ""
    by: MaybeLine = ""


class CloseBody(Body):
    note: Text = ""


class ClosureBody(Body):
    hours: Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_]{0,63})?$")] = ""  # all
    first_day: Day
    last_day: Day
    times: Annotated[tuple[Times, ...], Field(max_length=8)] = ()  # closed
    why: Line


class NewUserBody(Body):
    name: Name
    full_name: Line
    role: Role
    password: Secret
    agent_id: Id | None = None


class ChangeUserBody(Body):
    role: Role | None = None
    disabled: bool | None = None
