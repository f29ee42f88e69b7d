"""``pay``: take a payment by the keys of the telephone.

``account`` says what is paid; without it the caller is asked. Who gets to ``unknown`` may have
paid already and must reach a person, not pay again. Where no payments are set up the caller is
told so (``not_set_up_prompt``) and goes to ``not_set_up``, which leads to a person.

Exits: ``paid``, ``declined``, ``unknown`` (the bank did not say), ``cancelled`` (the caller gave
up), ``not_set_up``.

    take_payment:
      kind: pay
      account: '{account}'
      paid: thank
      declined: person
      unknown: person
      cancelled: person
      not_set_up: person
"""

from typing import ClassVar, Literal

from ivr.dialplan.context import StepContext
from ivr.dialplan.outcomes import PayOutcome
from ivr.dialplan.step import ServiceStep, Target
from ivr.dialplan.template import OptionalLine, names_in, render, values_of
from ivr.ids import Label


class Pay(ServiceStep):
    """Pay by keys."""

    outcomes: ClassVar = PayOutcome
    kind: Literal["pay"] = "pay"
    account: OptionalLine = ""
    paid: Target
    declined: Target
    unknown: Target
    cancelled: Target

    def reads(self) -> tuple[str, ...]:
        return names_in(self.account)

    async def run(self, call: StepContext) -> Label:
        account = render(self.account, values_of(call))
        return await self.exit_of(call, await call.pay(account))
