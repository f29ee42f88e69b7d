"""``email``: mails tickets and messages to their department, when the caller has gone."""

from email.utils import format_datetime
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

import aiosmtplib

from crm_bridge.connector import Surroundings
from crm_bridge.mails import message_id, message_mail, ticket_mail
from ivr.aio import from_asyncio
from ivr.clock import Clock
from ivr.crm import OutboxItem
from ivr.errors import CrmRefused, CrmUnavailable, SettingsInvalid
from ivr.settings import EmailSettings

DEADLINE = 10.0
_MAILS = {
    "ticket_opened": (ticket_mail, "department"),
    "message_left": (message_mail, "box"),
}


class EmailConnector:
    """One mail an item; its Message-ID is the same at every try."""

    name: ClassVar[str] = "email"
    kinds: ClassVar[frozenset[str]] = frozenset(_MAILS)
    after_call: ClassVar[bool] = True  # C4: as soon as the talk with the resident ends

    def __init__(self, settings: EmailSettings, zone: ZoneInfo, clock: Clock) -> None:
        self._settings = settings
        self._zone = zone
        self._clock = clock

    @classmethod
    def build(cls, surroundings: Surroundings) -> Self:
        settings = surroundings.settings.email
        if settings is None:
            raise SettingsInvalid("connectors names email: set email.host and email.sender")
        zone = ZoneInfo(surroundings.settings.timezone)
        return cls(settings, zone, surroundings.clock)

    async def deliver(self, item: OutboxItem) -> None:
        if item.kind not in _MAILS:
            raise CrmRefused(f"there is no mail for {item.kind}")
        write, addressed_by = _MAILS[item.kind]
        mail = write(item, self._zone)
        mail["From"] = self._settings.sender
        mail["To"] = self._recipient(str(item.payload.get(addressed_by) or ""))
        mail["Date"] = format_datetime(self._clock.now())
        mail["Message-ID"] = message_id(item, self._settings.sender)
        settings = self._settings
        try:
            await from_asyncio(
                aiosmtplib.send(
                    mail,
                    hostname=settings.host,
                    port=settings.port,
                    start_tls=settings.starttls,
                    username=settings.username or None,
                    password=settings.password or None,
                    timeout=DEADLINE,
                )
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            _judge(min(refused.code for refused in error.recipients))
        except aiosmtplib.SMTPAuthenticationError as error:
            raise CrmUnavailable("the mail server does not take our password") from error
        except aiosmtplib.SMTPResponseException as error:
            _judge(error.code)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise CrmUnavailable(f"no mail server: {type(error).__name__}") from error

    def _recipient(self, department: str) -> str:
        recipients = self._settings.recipients
        address = recipients.get(department) or recipients.get("")
        if not address:
            raise CrmRefused(f"no address for {department!r}: set email.recipients")
        return address


def _judge(code: int) -> None:
    """Raise what an SMTP code means for the item (RFC 5321, 4.2.1)."""
    if code >= 500:
        raise CrmRefused(f"the mail server answered {code}")
    raise CrmUnavailable(f"the mail server answered {code}")
