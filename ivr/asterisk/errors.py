"""What can go wrong between us and Asterisk; each error says what happened."""

from __future__ import annotations

from ivr.errors import MokedError


class AriError(MokedError):
    """A request to ARI did not succeed.

    ``status`` is Asterisk's HTTP status, 0 where no answer came. ``uri`` carries ids only, for
    values travel as query strings; so the text of this error is safe to log.
    """

    def __init__(self, method: str, uri: str, reason: str, status: int = 0) -> None:
        super().__init__(f"{method} {uri}: {status or type(self).__name__} {reason}".rstrip())
        self.method = method
        self.uri = uri
        self.reason = reason
        self.status = status


class AriNotFound(AriError):
    """404: no such channel, bridge, playback, recording (any more)."""


class AriConflict(AriError):
    """409: not in a Stasis application, claimed by another, or the id is taken."""


class AriRejected(AriError):
    """Any other 4xx: the request itself was wrong or is not allowed."""


class AriFailed(AriError):
    """5xx: Asterisk could not do it, such as ``Allocation failed`` for an unreachable endpoint."""


class AriTimeout(AriError):
    """No answer within the request's deadline; whether it was carried out is unknown."""


class AriUnavailable(AriError):
    """The connection is down, or went down before the answer; the outcome may be unknown."""


class AriOverloaded(AriError):
    """Too many requests wait for answers already; this one was not sent."""


class AriTooLarge(AriError):
    """The request exceeds what Asterisk reads from a WebSocket (it would close with 1009)."""


class AriUnreadable(AriError):
    """Asterisk answered with something that does not fit its own Swagger files."""


def error_for(method: str, uri: str, status: int, reason: str) -> AriError:
    """The error that answers *status* (400 or more)."""
    kinds = {404: AriNotFound, 409: AriConflict}
    kind = kinds.get(status) or (AriFailed if status >= 500 else AriRejected)
    return kind(method, uri, reason, status)


class AgiError(MokedError):
    """A FastAGI session could not do what was asked."""


class AgiHungUp(AgiError):
    """The channel hung up, or Asterisk closed the session."""


class AgiRefused(AgiError):
    """Asterisk refused a command (510, 511, 520); ``code`` says which way."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"AGI {code}: {text}")
        self.code = code


class AgiTimeout(AgiError):
    """No reply to an AGI command within its deadline."""


class AgiMalformed(AgiError):
    """The peer does not speak AGI, or sent more than a line may hold."""


class AmiError(MokedError):
    """The manager interface could not do what was asked."""


class AmiUnavailable(AmiError):
    """AMI cannot be reached, refused the login, or the connection ended."""


class AmiTimeout(AmiError):
    """No answer from AMI within the deadline; the connection is given up."""


class AmiRefused(AmiError):
    """AMI answered ``Error``; the text is Asterisk's message."""
