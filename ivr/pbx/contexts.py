"""Contexts of the dialplan that come ready made: compiled plans, and tables of time."""

from dataclasses import dataclass

from ivr.pbx.escaping import Allowed


@dataclass(frozen=True, slots=True)
class PbxPriority:
    """One application with its arguments; *mark* names the priority."""

    application: Allowed
    mark: str = ""


@dataclass(frozen=True, slots=True)
class PbxExtension:
    """An extension from its first priority on; *note* is a comment."""

    name: str
    lines: tuple[PbxPriority, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class PbxContext:
    """A context; *otherwise* is done for numbers that no extension has."""

    name: str
    note: str
    extensions: tuple[PbxExtension, ...]
    otherwise: Allowed | None = None
