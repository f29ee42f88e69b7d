"""What browsers may send: every field bounded, nothing unknown accepted."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from ivr.console.access import Role


def _printable(text: str) -> str:
    """Refuse control characters (but line ends and tabs) and what no database stores."""
    for letter in text:
        code = ord(letter)
        if (code < 32 and letter not in "\n\r\t") or code == 127 or 0xD800 <= code <= 0xDFFF:
            raise ValueError("control characters are not text")
    return text


_check = AfterValidator(_printable)
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._@-]{0,63}$")]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), _check
]
MaybeLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120), _check]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), _check]
Secret = Annotated[str, StringConstraints(max_length=256)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32)]
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


class CloseBody(Body):
    note: Text = ""


class NewUserBody(Body):
    name: Name
    full_name: Line
    role: Role
    password: Secret
    agent_id: Id | None = None


class ChangeUserBody(Body):
    role: Role | None = None
    disabled: bool | None = None
