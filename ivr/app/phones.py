"""The agents' desk phones in Asterisk: pushed after every connect, seen registered or not."""

from collections.abc import Iterable

import structlog
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import LoopingCall

from ivr.asterisk.ari_client import AriClient
from ivr.asterisk.ari_request import AriRequest
from ivr.asterisk.errors import AriError
from ivr.background import Background
from ivr.pbx.phone_book import PhoneBook
from ivr.pbx.phones import phone_objects
from ivr.secret_files import SecretFiles

log = structlog.get_logger(__name__)

LOOK_EVERY = 5.0


def phone_secret(endpoint: str) -> str:
    """Return the name of the secret that is the phone's SIP password."""
    return f"sip-{endpoint}"


class Phones:
    """Keeps Asterisk's memory of the phones right, and ours of which are registered."""

    def __init__(
        self,
        ari: AriClient,
        secrets: SecretFiles,
        endpoints: Iterable[str],
        media_host: str,
        book: PhoneBook,
        background: Background,
    ) -> None:
        self._ari = ari
        self._secrets = secrets
        self._endpoints = tuple(endpoints)
        self._media_host = media_host
        self._book = book
        self._background = background
        self._looking = LoopingCall(self._look_later)
        self._online: frozenset[str] = frozenset()

    def start(self, reactor: IReactorTime) -> None:
        self._looking.clock = reactor
        self._looking.start(LOOK_EVERY, now=True)

    def stop(self) -> None:
        if self._looking.running:
            self._looking.stop()

    def is_registered(self, endpoint: str) -> bool:
        return endpoint in self._online

    async def push(self) -> None:
        """Tell Asterisk of every phone; what it has of them already is replaced.

        Raises:
            AriError: Asterisk did not take one.
        """
        things = [
            thing
            for endpoint in self._endpoints
            for thing in phone_objects(
                endpoint,
                self._secrets.get(phone_secret(endpoint)),
                media_host=self._media_host,
            )
        ]
        self._book.save(things)  # the supervisor pushes them when we are not there
        for thing in things:
            await self._ari.request(AriRequest("PUT", thing.path, body=thing.body))
        log.info("phones pushed", phones=len(self._endpoints))

    def _look_later(self) -> None:
        if self._ari.connected:
            self._background.start("look at phones", self._look())

    async def _look(self) -> None:
        try:
            found = await self._ari.endpoints_list()
        except AriError as error:
            log.info("phones not looked at", error=type(error).__name__)
            return
        self._online = frozenset(one.resource for one in found if one.state == "online")
