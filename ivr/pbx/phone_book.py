"""Keeps the pushed phones on disk, so that they can be pushed again without our service."""

import base64
import json
import os
import urllib.request
from collections.abc import Iterable

import msgspec

from ivr.errors import AsteriskUnavailable
from ivr.pbx.phones import PushedObject
from ivr.pbx.plan import ARI_USER
from ivr.runtime import Runtime
from ivr.settings import Settings

_SECONDS = 5.0


class PhoneBook:
    """``$MOKED_HOME/secrets/phones.json``: what Asterisk was told of phones, in order."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.home / "secrets" / "phones.json"

    def save(self, phones: Iterable[PushedObject]) -> None:
        """Keep *phones*: all there are now. It holds digests, so only its owner may read it."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = self._path.with_suffix(f".{os.getpid()}")
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(list(phones)))
        new.replace(self._path)

    def load(self) -> list[PushedObject]:
        if not self._path.exists():
            return []
        return msgspec.json.decode(self._path.read_bytes(), type=list[PushedObject])


def push_all(phones: Iterable[PushedObject], runtime: Runtime, ari_password: str) -> int:
    """Push *phones* into Asterisk; return how many objects. Blocks.

    Raises:
        AsteriskUnavailable: ARI does not take them.
    """
    token = base64.b64encode(f"{ARI_USER}:{ari_password}".encode()).decode()
    pushed = 0
    for phone in phones:
        request = urllib.request.Request(
            f"http://{runtime.asterisk_host}:{runtime.ari_port}/ari/{phone.path}",
            method="PUT",
            data=json.dumps(phone.body).encode(),
            headers={"Authorization": f"Basic {token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS):  # noqa: S310 - as above
                pushed += 1
        except OSError as error:
            raise AsteriskUnavailable("ARI does not take the phones") from error
    return pushed
