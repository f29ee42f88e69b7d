"""The one-time link by which the first administrator sets a password."""

import hmac
import secrets

from ivr.secret_files import SecretFiles

_SECRET = "first-link"  # noqa: S105 -- the name of a file, not a secret


class FirstLinkFile:
    """The link's token, kept in the secrets folder until it is spent."""

    def __init__(self, files: SecretFiles) -> None:
        self._files = files

    def issue(self) -> str:
        """Make a new token, in place of any older one, and return it."""
        token = secrets.token_urlsafe(24)
        self._files.put(_SECRET, token)
        return token

    def spend(self, token: str) -> bool:
        """Say whether *token* is the one-time link; if it is, it will never be again."""
        kept = self._files.take(_SECRET)
        if kept is None:
            return False
        if hmac.compare_digest(kept.encode(), token.encode()):
            return True
        self._files.put(_SECRET, kept)  # a wrong guess must not use the link up
        return False
