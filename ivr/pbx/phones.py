"""Desk phones as the objects the service pushes into Asterisk (ARI ``config/dynamic``)."""

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

from ivr.pbx.plan import PlanRefused

REALM = "moked"
_ENDPOINT = re.compile(r"[a-z][a-z0-9]*-[a-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True)
class PushedObject:
    """``PUT asterisk/config/dynamic/res_pjsip/{kind}/{name}`` with these fields."""

    kind: Literal["auth", "aor", "endpoint"]
    name: str
    fields: tuple[tuple[str, str], ...]

    @property
    def path(self) -> str:
        return f"asterisk/config/dynamic/res_pjsip/{self.kind}/{self.name}"

    @property
    def body(self) -> dict[str, list[dict[str, str]]]:
        return {"fields": [{"attribute": name, "value": value} for name, value in self.fields]}


def phone_objects(
    endpoint: str, password: str, *, media_host: str = ""
) -> tuple[PushedObject, ...]:
    """Return auth, aor and endpoint of one phone in the order they must be pushed.

    *endpoint* (``agent-201``) is also its SIP user name. Delete in reverse order. Asterisk forgets
    them when it restarts: whoever pushes also keeps them in the ``PhoneBook``.

    Raises:
        PlanRefused: a name that could be mistaken for a telephone number or a trunk.
    """
    if not _ENDPOINT.fullmatch(endpoint) or endpoint.startswith("trunk-"):
        raise PlanRefused(f"{endpoint!r} is not the name of a phone")
    fields = dict(_ENDPOINT_FIELDS, auth=endpoint, aors=endpoint)
    if media_host:
        fields |= {"media_address": media_host, "bind_rtp_to_media_address": "yes"}
    auth = {
        "auth_type": "digest",
        "username": endpoint,
        "realm": REALM,
        # ARI shows passwords to every ARI user; a digest opens nothing but this phone.
        "password_digest": f"MD5:{_digest(endpoint, password)}",
    }
    return (
        PushedObject("auth", endpoint, tuple(auth.items())),
        PushedObject("aor", endpoint, tuple(_AOR_FIELDS.items())),
        PushedObject("endpoint", endpoint, tuple(fields.items())),
    )


def _digest(user: str, password: str) -> str:
    """Return RFC 2617's HA1. Two challenges (SHA-256 beside it) make SIPp and old phones fail."""
    return hashlib.md5(f"{user}:{REALM}:{password}".encode(), usedforsecurity=False).hexdigest()


_AOR_FIELDS = {
    "max_contacts": "1",
    "remove_existing": "yes",
    "default_expiration": "120",
    "maximum_expiration": "120",  # a phone that died is known dead after two minutes
}
_ENDPOINT_FIELDS = {
    "context": "from-agents",
    "identify_by": "username",
    "disallow": "all",
    "allow": "alaw,ulaw,g722",
    "dtmf_mode": "auto",
    "direct_media": "no",
    "allow_transfer": "no",  # transfers go through the desk; REFER has crashed 22.10.1
    "allow_subscribe": "no",
    "rtp_symmetric": "yes",
    "force_rport": "yes",
    "rewrite_contact": "yes",
    "device_state_busy_at": "1",
    "rtp_timeout": "120",
    "rtp_timeout_hold": "1800",
    "send_pai": "yes",
    "trust_id_outbound": "yes",
    "language": "en",
}
