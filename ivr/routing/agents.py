"""An agent's state: an enum, an event enum and a pure table."""

from enum import StrEnum

from ivr.errors import IllegalTransition


class AgentState(StrEnum):
    """Where an agent stands; only ``AVAILABLE`` ones are offered calls."""

    SIGNED_OUT = "signed_out"
    AVAILABLE = "available"
    RINGING = "ringing"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"


class AgentEvent(StrEnum):
    """What can happen to an agent."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    OFFER = "offer"
    ANSWER = "answer"
    NO_ANSWER = "no_answer"  # rang out, rejected, or the phone could not be reached
    WITHDRAW = "withdraw"  # the caller left, or was answered elsewhere
    TOO_MANY_MISSED = "too_many_missed"
    HANG_UP = "hang_up"
    WRAP_UP_DONE = "wrap_up_done"
    PAUSE = "pause"
    RESUME = "resume"


_S, _E = AgentState, AgentEvent
_NEXT: dict[tuple[AgentState, AgentEvent], AgentState] = {
    (_S.SIGNED_OUT, _E.SIGN_IN): _S.AVAILABLE,
    (_S.AVAILABLE, _E.OFFER): _S.RINGING,
    (_S.AVAILABLE, _E.PAUSE): _S.PAUSED,
    (_S.AVAILABLE, _E.SIGN_OUT): _S.SIGNED_OUT,
    (_S.RINGING, _E.ANSWER): _S.ON_CALL,
    (_S.RINGING, _E.NO_ANSWER): _S.AVAILABLE,
    (_S.RINGING, _E.TOO_MANY_MISSED): _S.PAUSED,
    (_S.RINGING, _E.WITHDRAW): _S.AVAILABLE,
    (_S.RINGING, _E.PAUSE): _S.PAUSED,
    (_S.RINGING, _E.SIGN_OUT): _S.SIGNED_OUT,
    (_S.ON_CALL, _E.HANG_UP): _S.WRAP_UP,
    (_S.WRAP_UP, _E.WRAP_UP_DONE): _S.AVAILABLE,
    (_S.WRAP_UP, _E.PAUSE): _S.PAUSED,
    (_S.WRAP_UP, _E.SIGN_OUT): _S.SIGNED_OUT,
    (_S.PAUSED, _E.RESUME): _S.AVAILABLE,
    (_S.PAUSED, _E.SIGN_OUT): _S.SIGNED_OUT,
}


def next_state(state: AgentState, event: AgentEvent) -> AgentState:
    """Return the state that *event* leads to.

    Raises:
        IllegalTransition: the event cannot happen in that state.
    """
    try:
        return _NEXT[state, event]
    except KeyError:
        raise IllegalTransition(f"{event} while {state}") from None


def events_of(state: AgentState) -> set[AgentEvent]:
    """Return the events that can happen in *state*: what a desk may offer as buttons."""
    return {event for at, event in _NEXT if at is state}
