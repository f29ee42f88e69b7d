"""Asking the site's sources about a caller, within two seconds."""

from collections.abc import Mapping
from typing import Any

import structlog
from twisted.internet.defer import Deferred
from twisted.internet.defer import TimeoutError as DeferredTimeout

from ivr.crm import Contact, Contacts
from ivr.dialplan.outcomes import LookedUp, LookupOutcome
from ivr.dialplan.site import LookupSource
from ivr.errors import StorageUnavailable
from ivr.ids import AuthorityId
from ivr.routing.numbers import normalise_caller

log = structlog.get_logger(__name__)

BUDGET = 2.0  # seconds; a caller hears silence meanwhile


class Lookups:
    """The sources that ``site.yaml`` declares; so far all are the council's contacts."""

    def __init__(
        self,
        reactor: Any,
        authority_id: AuthorityId,
        contacts: Contacts,
        sources: Mapping[str, LookupSource],
    ) -> None:
        self._reactor = reactor
        self._authority_id = authority_id
        self._contacts = contacts
        self._sources = sources

    async def ask(self, source: str, about: str) -> LookedUp:
        """Return what *source* knows under *about*; one that is late or away has failed."""
        known = self._sources[source].values
        number = normalise_caller(about).number
        looking = Deferred.fromCoroutine(self._contacts.find(self._authority_id, number))
        looking.addTimeout(BUDGET, self._reactor)
        try:
            contact = await looking
        except (DeferredTimeout, StorageUnavailable) as error:
            log.warning("look-up failed", source=source, error=type(error).__name__)
            return LookedUp(LookupOutcome.FAILED)
        return _found(contact, known) if contact else LookedUp(LookupOutcome.UNKNOWN)


def _found(contact: Contact, known: tuple[str, ...]) -> LookedUp:
    return LookedUp(LookupOutcome.FOUND, {name: getattr(contact, name) for name in known})
