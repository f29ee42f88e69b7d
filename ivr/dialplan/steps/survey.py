"""``survey``: ask the caller for an opinion, by keys.

``survey`` is the name of the questions. Where no surveys are set up the caller is told so
(``not_set_up_prompt``) and goes to ``not_set_up``, which leads to a person.

Exits: ``done``, ``no_input``, ``not_set_up``.

    opinion:
      kind: survey
      survey: service
      done: thank
      no_input: thank
      not_set_up: person
"""

from typing import ClassVar, Literal

from ivr.dialplan.context import StepContext
from ivr.dialplan.outcomes import SurveyOutcome
from ivr.dialplan.step import ServiceStep, SiteName, Target
from ivr.ids import Label


class Survey(ServiceStep):
    """Ask for an opinion."""

    outcomes: ClassVar = SurveyOutcome
    kind: Literal["survey"] = "survey"
    survey: SiteName
    done: Target
    no_input: Target

    async def run(self, call: StepContext) -> Label:
        return await self.exit_of(call, await call.survey(self.survey))
