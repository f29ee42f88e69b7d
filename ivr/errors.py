"""Errors that cross layers: each says what happened, in words an operator can act on."""


class MokedError(Exception):
    """Root of our own errors."""


class CallerHungUp(MokedError):
    """The caller's channel went away; every wait of that call ends with this."""


class StepFailed(MokedError):
    """A dialplan step could not do its work; the plan's ``on_error`` step is next."""


class SettingsInvalid(MokedError):
    """A setting cannot be used as it is; the text says where, what and how to mend it."""


class AsteriskUnavailable(MokedError):
    """Asterisk does not answer on its control socket."""


class StorageUnavailable(MokedError):
    """The database did not answer in time."""


class RecordNotFound(MokedError):
    """No row with that id (for this authority)."""


class IllegalTransition(MokedError):
    """A state machine was given an event that its state does not allow."""


class ReservationLost(MokedError):
    """Somebody else took the agent or the call first (compare-and-set failed)."""


class CrmUnavailable(MokedError):
    """An outside system did not accept a message now; it may be tried again.

    ``retry_after``: seconds it asked us to wait, if it did.
    """

    def __init__(self, text: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class CrmRefused(MokedError):
    """An outside system refused a message for good; trying again will not help."""
