"""``lookup``: ask one of the site's sources about the caller, and keep what it knows.

``source`` is declared in ``site.yaml`` under ``lookups``; ``about`` is what is looked up:
``{caller}`` or another text with names in it. ``keep`` says which of the values found go into which
variables; what was not found leaves them empty. A source of kind ``contacts`` (the council's
residents by their number) knows ``name``, ``address``, ``language`` and ``note``. A source has two
seconds; one that does not answer by then has failed, and the caller goes on.

Exits: ``found``, ``unknown``, ``failed``.

    who_calls:
      kind: lookup
      source: residents
      about: '{caller}'
      keep: {name: resident}
      found: note_topic
      unknown: person
      failed: person
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from ivr.dialplan.context import StepContext
from ivr.dialplan.native import Go, NativeContext, Note, Operations
from ivr.dialplan.step import SiteName, Step, Target
from ivr.dialplan.template import TemplateLine, VariableName, names_in, render, values_of
from ivr.ids import Label


class Lookup(Step):
    """Ask a source."""

    kind: Literal["lookup"] = "lookup"
    source: SiteName
    about: TemplateLine = "{caller}"
    keep: Annotated[dict[SiteName, VariableName], Field(default_factory=dict, max_length=20)]
    found: Target
    unknown: Target
    failed: Target

    def exits(self) -> Mapping[str, Label]:
        return {"found": self.found, "unknown": self.unknown, "failed": self.failed}

    def uses(self) -> Mapping[str, tuple[str, ...]]:
        values = tuple(f"{self.source}.{value}" for value in self.keep)
        return {"lookup": (self.source,), "value": values}

    def reads(self) -> tuple[str, ...]:
        return names_in(self.about)

    def writes(self) -> tuple[str, ...]:
        return tuple(self.keep.values())

    def native(self, at: NativeContext) -> Operations:
        """Nobody is there to be asked."""
        return (*(Note(name, "") for name in self.keep.values()), Go(at.to(self.failed)))

    async def run(self, call: StepContext) -> Label:
        known = await call.look_up(self.source, render(self.about, values_of(call)))
        for value, variable in self.keep.items():
            call.variables[variable] = known.values.get(value, "")
        return self.exits()[known.outcome.value]
