"""Reads ``demo_contacts.yaml``: residents that a demo site knows by their numbers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ivr.dialplan.problem import SiteInvalid
from ivr.dialplan.site_file import Number
from ivr.dialplan.template import PlainLine
from ivr.dialplan.yaml_model import fit
from ivr.dialplan.yaml_text import read_yaml

CONTACTS_FILE = "demo_contacts.yaml"


@dataclass(frozen=True, slots=True)
class DemoContact:
    """A resident; *number* in E.164."""

    contact_id: str
    name: str
    number: str
    address: str
    language: str


class _ContactText(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: PlainLine
    number: Number
    address: str = ""
    language: str = "he"


class _ContactsText(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    note: str = ""
    contacts: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")], _ContactText]


def read_contacts(folder: Path) -> tuple[DemoContact, ...]:
    """Return the demo residents of the site in *folder*; none if it has no such file.

    Raises:
        SiteInvalid: with every problem of the file.
    """
    path = folder / CONTACTS_FILE
    if not path.exists():
        return ()
    file = read_yaml(path.name, path.read_text(encoding="utf-8"))
    written = fit(_ContactsText, file, (), file.data) if file.data is not None else None
    if written is None or file.problems:
        raise SiteInvalid(file.problems)
    return tuple(
        DemoContact(key, one.name, one.number, one.address, one.language)
        for key, one in written.contacts.items()
    )
