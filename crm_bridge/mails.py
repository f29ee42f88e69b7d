"""The mails departments get: what a ticket or a message says, Hebrew first (procedure C4)."""

import hashlib
from datetime import datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from ivr.crm import OutboxItem

_TICKET = """פנייה חדשה ממוקד הטלפון
מספר פנייה: {reference}
נושא: {subject}
מחלקה: {department}
פונה: {contact_name}
טלפון: {caller_number}
נפתחה: {at}

{text}

--
New ticket {reference} from the telephone centre, opened {at}.
Please answer by the end of today's work day.
"""

_MESSAGE = """הודעה קולית חדשה
תיבה: {box}
טלפון: {caller_number}
אורך: {seconds} שניות
הושארה: {at}

להאזנה ולטיפול: מסך ההודעות במערכת.

--
New voice message in box {box}, {seconds} s, left {at}.
"""


def ticket_mail(item: OutboxItem, zone: ZoneInfo) -> EmailMessage:
    """Return the mail that tells a department of a ticket, without its addresses."""
    words = _words(item, zone, "at")
    mail = _mail(item, f"פנייה {words['reference']}: {words['subject']}")
    mail.set_content(_TICKET.format_map(words))
    return mail


def message_mail(item: OutboxItem, zone: ZoneInfo) -> EmailMessage:
    """Return the mail that tells the owner of a box that a message was left."""
    words = _words(item, zone, "left_at")
    words["seconds"] = str(round(float(words.get("seconds") or 0)))
    mail = _mail(item, f"הודעה קולית חדשה בתיבה {words['box']}")
    mail.set_content(_MESSAGE.format_map(words))
    return mail


def _mail(item: OutboxItem, subject: str) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = " ".join(subject.split())  # a line end would begin another header
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Moked-Key"] = item.key
    return mail


def message_id(item: OutboxItem, sender: str) -> str:
    """Return the same Message-ID at every try, so that mail systems drop repeats."""
    name = hashlib.sha256(item.key.encode()).hexdigest()[:32]
    return f"<{name}@{sender.rpartition('@')[2] or 'moked.invalid'}>"


def _words(item: OutboxItem, zone: ZoneInfo, moment: str) -> dict[str, str]:
    words = {name: str(value or "") for name, value in item.payload.items()}
    at = datetime.fromisoformat(words[moment]).astimezone(zone)
    words["at"] = at.strftime("%d.%m.%Y %H:%M")
    return words
