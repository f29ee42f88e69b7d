"""Which addresses we connect to: never our own machine or network by way of a setting (SSRF)."""

import ipaddress
import socket
from typing import Any

from twisted.internet.threads import deferToThreadPool

from ivr.errors import CrmUnavailable

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_allowed(address: str, *, allow_loopback: bool) -> bool:
    """Say whether *address* is on the public internet (or loopback, where that is allowed).

    Asterisk's control socket listens on loopback, so a request of ours to there could move calls.
    """
    known = _plain(ipaddress.ip_address(address))
    if known.is_loopback:
        return allow_loopback
    return known.is_global and not known.is_multicast


async def resolve(reactor: Any, host: str, *, allow_loopback: bool) -> str:
    """Return one address of *host* to connect to; the check holds because nobody asks again.

    Raises:
        CrmUnavailable: the name is unknown now, or leads to an address that is not allowed.
    """
    pool = reactor.getThreadPool()
    try:
        found = await deferToThreadPool(
            reactor, pool, socket.getaddrinfo, host, None, type=socket.SOCK_STREAM
        )
    except (OSError, UnicodeError) as error:
        raise CrmUnavailable(f"the name {host} is not known now") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(
        is_allowed(address, allow_loopback=allow_loopback) for address in addresses
    ):
        raise CrmUnavailable(f"{host} leads to an address that is not allowed")
    return addresses[0]


def _plain(address: _Address) -> _Address:
    """Return the IPv4 address inside an IPv6 one, where there is one."""
    if isinstance(address, ipaddress.IPv6Address):
        return address.ipv4_mapped or address.sixtofour or address
    return address
