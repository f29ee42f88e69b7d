"""Writes to the audit table what a signed-in user did."""

from fastapi import Request

from ivr.console.guard import address_of
from ivr.console.ports import ConsolePorts
from ivr.console.sign_in import Identity
from ivr.storage.records import AuditEntry


async def note(request: Request, action: str, subject: str, **details: object) -> None:
    """Keep who did *action* to *subject*; awaited before the answer, so none is lost."""
    ports: ConsolePorts = request.app.state.ports
    who: Identity = request.state.who
    await ports.audit.add(
        AuditEntry(
            authority_id=who.user.authority_id,
            at=ports.clock.now(),
            who=who.user.user_id,
            action=action,
            subject=subject,
            address=address_of(request),
            details=details,
        )
    )
