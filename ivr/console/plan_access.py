"""What routes of dialplans share: the ports of this house's own people, and who gives an order."""

from typing import Annotated

from fastapi import Depends, Path, Request

from ivr.calls.drafts import FILE_NAME
from ivr.console.bodies import PublishBody, RollBackBody
from ivr.console.guard import Ports, Who, address_of
from ivr.console.ports import DialplanPorts
from ivr.console.problems import Problem
from ivr.console.sign_in import Identity
from ivr.storage.records import PublishOrder

UnitPath = Annotated[str, Path(pattern=r"^([a-z][a-z0-9_-]{0,63}|site\.yaml)$")]
FilePath = Annotated[str, Path(pattern=FILE_NAME)]


def _dialplans(who: Who, ports: Ports) -> DialplanPorts:
    """Return the ports; another authority's people have no dialplans in this house."""
    if who.user.authority_id != ports.authority_id:
        raise Problem("not_found")
    return ports.dialplans


Dialplans = Annotated[DialplanPorts, Depends(_dialplans)]


def order_of(
    request: Request, who: Identity, body: PublishBody | RollBackBody | None = None
) -> PublishOrder:
    """Return who orders it, and what they say of it."""
    by: str = who.user.user_id
    if body and body.by and who.is_machine:
        by = f"{by}: {body.by}"
    return PublishOrder(
        by=by,
        address=address_of(request),
        note=body.note if body else "",
        override_reason=body.override if body else "",
    )
