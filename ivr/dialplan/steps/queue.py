"""``queue``: let the caller wait for an agent of a queue.

While waiting, the caller hears where they stand, and music. ``wait`` seconds at most; without it,
the queue's own limit from ``site.yaml``. When an agent has answered and the talk is over, the call
ends; the exits are for callers nobody talked to.

Exits: ``no_answer`` (nobody answered in time), ``empty`` (nobody is signed in), ``full``.

    department_queue:
      kind: queue
      queue: billing
      wait: 25
      no_answer: centre
      empty: centre
      full: centre
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from ivr.dialplan import native
from ivr.dialplan.context import StepContext
from ivr.dialplan.native import NativeContext, Operations
from ivr.dialplan.outcomes import QueueOutcome
from ivr.dialplan.step import END, SiteName, Step, Target
from ivr.ids import Label


class Queue(Step):
    """Wait for an agent."""

    kind: Literal["queue"] = "queue"
    queue: SiteName
    wait: Annotated[float, Field(ge=5, le=3600)] | None = None
    no_answer: Target
    empty: Target
    full: Target

    def exits(self) -> Mapping[str, Label]:
        return {"no_answer": self.no_answer, "empty": self.empty, "full": self.full}

    def uses(self) -> Mapping[str, tuple[str, ...]]:
        return {"queue": (self.queue,)}

    def native(self, at: NativeContext) -> Operations:
        wait = native.Queue(
            queue=self.queue,
            wait=self.wait,
            no_answer=at.to(self.no_answer),
            empty=at.to(self.empty),
            full=at.to(self.full),
        )
        return (wait,)

    async def run(self, call: StepContext) -> Label:
        outcome = await call.enqueue(self.queue, wait=self.wait)
        return END if outcome is QueueOutcome.TALKED else self.exits()[outcome.value]
