"""``ticket``: open a ticket and keep its reference number in the variable ``ticket``.

``subject`` and ``text`` may hold ``{name}``: ``caller``, ``called``, ``language`` or a variable of
the call. The step says nothing; a ``say`` step after it tells the number:
``{say: '{ticket}', as: digits}``. Open it before you ask for a message: callers hang up when they
have spoken, and the ticket is there all the same.

Exits: ``opened``, ``impossible`` (no ticket could be opened, the variable is empty; left out, the
plan's ``on_error`` is next).

    open_ticket:
      kind: ticket
      department: centre
      subject: 'שיחה שלא נענתה: {topic}'
      text: 'התקשרו ממספר {caller} אל {called}.'
      opened: message
      impossible: message
"""

from collections.abc import Mapping
from typing import Literal

from ivr.dialplan.context import StepContext
from ivr.dialplan.native import Go, NativeContext, Note, Operations
from ivr.dialplan.step import SiteName, Step, Target
from ivr.dialplan.template import TemplateLine, TemplateText, names_in, render, values_of
from ivr.errors import StepFailed
from ivr.ids import Label


class Ticket(Step):
    """Open a ticket."""

    kind: Literal["ticket"] = "ticket"
    department: SiteName
    subject: TemplateLine
    text: TemplateText
    opened: Target
    impossible: Target | None = None

    def exits(self) -> Mapping[str, Label]:
        failed = {"impossible": self.impossible} if self.impossible else {}
        return {"opened": self.opened, **failed}

    def uses(self) -> Mapping[str, tuple[str, ...]]:
        return {"department": (self.department,)}

    def reads(self) -> tuple[str, ...]:
        return (*names_in(self.subject), *names_in(self.text))

    def writes(self) -> tuple[str, ...]:
        return ("ticket",)

    def native(self, at: NativeContext) -> Operations:
        """Nobody is there to open it."""
        if self.impossible is None:
            return (Go(at.failed()),)
        return (Note("ticket", ""), Go(at.to(self.impossible)))

    async def run(self, call: StepContext) -> Label:
        known = values_of(call)
        try:
            reference = await call.open_ticket(
                subject=render(self.subject, known),
                text=render(self.text, known),
                department=self.department,
            )
        except StepFailed:
            if self.impossible is None:
                raise
            call.variables["ticket"] = ""
            return self.impossible
        call.variables["ticket"] = reference
        return self.opened
