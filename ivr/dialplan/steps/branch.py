"""``branch``: go where the first condition that is true points, else to ``else``.

Conditions are written in CEL. Known are ``caller``, ``called`` (numbers in E.164, text),
``language``, the call's variables as ``vars.name`` (text; empty if never set), the authority's
values as ``vars.site_name`` (``site.yaml``, under ``values``), and the functions
``is_open('hours')``, ``is_staffed('queue')``, ``queue_waiting('queue')`` (a number),
``holiday()``, ``is_emergency()``, ``strlen(text)``, ``text.startsWith('…')``,
``text.endsWith('…')``, ``text.contains('…')``, ``int(text)``, ``string(number)``. A condition that
fails on a call, such as ``int('')``, takes the caller to the plan's ``on_error``.

Exits: one for each condition, ``else``.

    staffed:
      kind: branch
      when:
        - {if: "is_staffed('billing')", then: department_queue}
        - {if: "caller.startsWith('+9725')", then: mobile}
      else: centre
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ivr.dialplan import expressions
from ivr.dialplan.context import StepContext
from ivr.dialplan.native import Decide, Go, NativeContext, Operations
from ivr.dialplan.step import Step, Target
from ivr.ids import Label


class Condition(BaseModel):
    """Where to go if something is true."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    condition: Annotated[str, AfterValidator(expressions.check)] = Field(alias="if")
    then: Target


class Branch(Step):
    """The first true condition decides."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    kind: Literal["branch"] = "branch"
    when: Annotated[tuple[Condition, ...], Field(min_length=1, max_length=20)]
    otherwise: Target = Field(alias="else")

    def exits(self) -> Mapping[str, Label]:
        conditions = {f"if {place}": case.then for place, case in enumerate(self.when, 1)}
        return {**conditions, "else": self.otherwise}

    def uses(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for case in self.when:
            for what, names in expressions.uses(case.condition).items():
                found[what] = found.get(what, ()) + names
        return found

    def reads(self) -> tuple[str, ...]:
        return tuple(
            name for case in self.when for name in expressions.variables_in(case.condition)
        )

    def native(self, at: NativeContext) -> Operations:
        decided = (Decide(case.condition, at.to(case.then), at.failed()) for case in self.when)
        return (*decided, Go(at.to(self.otherwise)))

    async def run(self, call: StepContext) -> Label:
        for case in self.when:
            if call.holds(case.condition):
                return case.then
        return self.otherwise
