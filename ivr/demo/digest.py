"""SIP digest authentication, MD5 and SHA-256 (RFC 7616, RFC 8760): answer a challenge."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

_PARAM = re.compile(r'([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_ALGORITHMS = {"SHA-256": "sha256", "MD5": "md5"}  # the strongest first


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are to the server."""

    username: str
    password: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """One ``WWW-Authenticate`` or ``Proxy-Authenticate`` value."""

    realm: str
    nonce: str
    algorithm: str = "MD5"
    opaque: str = ""
    qop: str = ""
    stale: bool = False


def parse_challenge(value: str) -> Challenge | None:
    """Return the digest challenge, ``None`` if it is of another scheme or unknown algorithm."""
    scheme, _, rest = value.strip().partition(" ")
    if scheme.lower() != "digest":
        return None
    params = {name.lower(): quoted or plain for name, quoted, plain in _PARAM.findall(rest)}
    algorithm = params.get("algorithm", "MD5").upper()
    if algorithm not in _ALGORITHMS or "nonce" not in params:
        return None
    offered = [q.strip() for q in params.get("qop", "").split(",")]
    return Challenge(
        realm=params.get("realm", ""),
        nonce=params["nonce"],
        algorithm=algorithm,
        opaque=params.get("opaque", ""),
        qop="auth" if "auth" in offered else "",
        stale=params.get("stale", "").lower() == "true",
    )


def strongest(values: Iterable[str]) -> Challenge | None:
    """Return the strongest challenge that we can answer."""
    known = [challenge for value in values if (challenge := parse_challenge(value))]
    return min(known, key=lambda c: list(_ALGORITHMS).index(c.algorithm), default=None)


def authorization(
    challenge: Challenge, who: Credentials, method: str, uri: str, cnonce: str
) -> str:
    """Return the value of ``Authorization`` that answers *challenge* for this request."""

    def digest(text: str) -> str:
        return hashlib.new(_ALGORITHMS[challenge.algorithm], text.encode()).hexdigest()

    secret = digest(f"{who.username}:{challenge.realm}:{who.password}")
    request = digest(f"{method}:{uri}")
    count = "00000001"
    middle = f"{count}:{cnonce}:{challenge.qop}:" if challenge.qop else ""
    response = digest(f"{secret}:{challenge.nonce}:{middle}{request}")
    parts = [
        f'Digest username="{who.username}"', f'realm="{challenge.realm}"',
        f'nonce="{challenge.nonce}"', f'uri="{uri}"', f'response="{response}"',
        f"algorithm={challenge.algorithm}",
    ]  # fmt: skip
    if challenge.opaque:
        parts.append(f'opaque="{challenge.opaque}"')
    if challenge.qop:
        parts += [f"qop={challenge.qop}", f"nc={count}", f'cnonce="{cnonce}"']
    return ", ".join(parts)
