"""What a condition can ask of a call: the call's values, and functions over the house."""

from ivr.dialplan import expressions
from ivr.dialplan.context import StepContext
from ivr.dialplan.outcomes import WORKING
from ivr.dialplan.template import BUILT_IN, values_of


def holds_on(call: StepContext, condition: str) -> bool:
    """Say whether *condition* is true of *call*; how contexts answer ``holds``.

    Raises:
        StepFailed: it failed on this call's values.
    """
    values = {name: value for name, value in values_of(call).items() if name in BUILT_IN}
    functions: dict[str, expressions.Function] = {
        "is_open": call.is_open,
        "is_staffed": call.is_staffed,
        "queue_waiting": call.queue_waiting,
        "is_emergency": call.is_emergency,
        "holiday": lambda: call.day_kind() not in WORKING,
    }
    variables = {**call.site_values, **call.variables}
    return expressions.holds(condition, values, variables, functions)
