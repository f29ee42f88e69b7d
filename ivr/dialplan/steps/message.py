"""``message``: send the caller a written message.

``template`` is the name of a text that the authority has had approved; ``number`` is whom it goes
to, by default the caller. Where no messages are set up the caller is told so
(``not_set_up_prompt``) and goes to ``not_set_up``, which leads to a person.

Exits: ``sent``, ``failed``, ``not_set_up``.

    send_link:
      kind: message
      template: payment_link
      number: '{caller}'
      sent: thank
      failed: person
      not_set_up: person
"""

from typing import ClassVar, Literal

from ivr.dialplan.context import StepContext
from ivr.dialplan.outcomes import SendOutcome
from ivr.dialplan.step import ServiceStep, SiteName, Target
from ivr.dialplan.template import TemplateLine, names_in, render, values_of
from ivr.ids import Label


class Message(ServiceStep):
    """Send a text."""

    outcomes: ClassVar = SendOutcome
    kind: Literal["message"] = "message"
    template: SiteName
    number: TemplateLine = "{caller}"
    sent: Target
    failed: Target

    def reads(self) -> tuple[str, ...]:
        return names_in(self.number)

    async def run(self, call: StepContext) -> Label:
        number = render(self.number, values_of(call))
        return await self.exit_of(call, await call.send_message(self.template, number))
