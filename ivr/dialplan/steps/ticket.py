"""``ticket``: open a ticket and keep its reference number in the variable ``ticket``.

``subject`` and ``text`` may hold ``{name}``: ``caller``, ``called``, ``language`` or a variable of
the call. The step says nothing; a ``say`` step after it tells the number:
``{say: '{ticket}', as: digits}``. If no ticket can be opened, the plan's ``on_error`` is next.

Exits: ``opened``.

    open_ticket:
      kind: ticket
      department: centre
      subject: 'שיחה שלא נענתה: {topic}'
      text: 'התקשרו ממספר {caller} אל {called}.'
      opened: tell_reference
"""

from collections.abc import Mapping
from typing import Literal

from ivr.dialplan.step import SiteName, Step, StepContext, Target
from ivr.dialplan.template import TemplateText, names_in, render, values_of
from ivr.ids import Label


class Ticket(Step):
    """Open a ticket."""

    kind: Literal["ticket"] = "ticket"
    department: SiteName
    subject: TemplateText
    text: TemplateText
    opened: Target

    def exits(self) -> Mapping[str, Label]:
        return {"opened": self.opened}

    def uses(self) -> Mapping[str, tuple[str, ...]]:
        return {"department": (self.department,)}

    def reads(self) -> tuple[str, ...]:
        return (*names_in(self.subject), *names_in(self.text))

    def writes(self) -> tuple[str, ...]:
        return ("ticket",)

    async def run(self, call: StepContext) -> Label:
        known = values_of(call)
        call.variables["ticket"] = await call.open_ticket(
            subject=render(self.subject, known),
            text=render(self.text, known),
            department=self.department,
        )
        return self.opened
