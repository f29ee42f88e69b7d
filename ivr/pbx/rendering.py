"""Renders Asterisk's whole configuration from the plan, the settings and this start's ports."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ivr.pbx.dialled_forms import dialled_forms
from ivr.pbx.escaping import Allowed, allow, only_allowed
from ivr.pbx.modules import MODULES
from ivr.pbx.places import PbxPlaces
from ivr.pbx.plan import (
    AMI_SECRET,
    AMI_USER,
    ARI_SECRET,
    ARI_USER,
    CLAIM_MILLISECONDS,
    CONTROLLER_FILTER,
    DEMO_TRUNK,
    LEASE_SECONDS,
    PbxPlan,
    trunk_endpoints,
)
from ivr.runtime import Runtime
from ivr.settings import Settings, Trunk

TEMPLATES = Path(__file__).resolve().parent / "templates"
SECRET_NAMES = (ARI_SECRET, AMI_SECRET)
_ENTRANCES = (
    {"context": "from-trunk", "says_time": False},
    {"context": "from-demo", "says_time": True},
)
_ADDRESS = re.compile(r"[0-9.]+(/[0-9]+)?|[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(/[0-9]+)?")


def render(
    plan: PbxPlan, settings: Settings, runtime: Runtime, secrets: Mapping[str, str]
) -> dict[str, str]:
    """Return every file of the configuration directory by name.

    *secrets* holds the values of ``SECRET_NAMES``.

    Raises:
        TextRefused: a value holds characters its field does not take.
        SettingsInvalid: no Asterisk is unpacked where the settings say.
    """
    values = _values(plan, settings, runtime, secrets)
    environment = _environment()
    names = sorted(path.name for path in TEMPLATES.glob("*.conf.j2"))
    return {
        name.removesuffix(".j2"): environment.get_template(name).render(values) for name in names
    }


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        finalize=only_allowed,
        autoescape=False,  # noqa: S701 - not HTML: only_allowed refuses what was not checked
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["allow"] = allow
    environment.filters["dialled_forms"] = dialled_forms
    return environment


def _values(
    plan: PbxPlan, settings: Settings, runtime: Runtime, secrets: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "plan": plan,
        "places": PbxPlaces.of(settings),
        "runtime": runtime,
        "modules": MODULES,
        "ari_user": ARI_USER,
        "ari_password": secrets[ARI_SECRET],
        "ami_user": AMI_USER,
        "ami_password": secrets[AMI_SECRET],
        "lease": LEASE_SECONDS,
        "claim": CLAIM_MILLISECONDS,
        "short_claim": CLAIM_MILLISECONDS // 2,
        "controllers": _constant(CONTROLLER_FILTER),
        "trunks": _trunks(settings, runtime),
        "trunk_endpoints": trunk_endpoints(settings, demo=runtime.demo),
        "entrances": _ENTRANCES if runtime.demo else _ENTRANCES[:1],
        "public_host": _public_host(settings),
        "media_host": "" if runtime.sip_host in {"0.0.0.0", "::"} else runtime.sip_host,  # noqa: S104
        "on_loopback": runtime.sip_host.startswith("127."),
    }


def _constant(text: str) -> Allowed:
    """Mark a constant of our own source as checked."""
    from ivr.pbx.escaping import Allowed

    return Allowed(text)


def _public_host(settings: Settings) -> str:
    """Return the address to announce to carriers, empty where it is the one we listen on."""
    public = settings.public_host
    if public == settings.sip_host or public.startswith("127."):
        return ""
    return public


def _trunks(settings: Settings, runtime: Runtime) -> list[dict[str, Any]]:
    """Return what the template needs of each trunk; its addresses are also the endpoint's ACL."""
    if runtime.demo:
        return [_demo_trunk(runtime)]
    return [_trunk(trunk) for trunk in settings.trunks]


def _trunk(trunk: Trunk) -> dict[str, Any]:
    host = re.sub(r":\d+$", "", trunk.host)
    match = trunk.match or [host]
    addresses = [entry for entry in match if _ADDRESS.fullmatch(entry)]
    return {
        "name": f"trunk-{trunk.name}",
        "context": "from-trunk",
        "host": trunk.host,
        "domain": host,
        "username": trunk.username,
        "password": trunk.password,
        "register": trunk.register_with_carrier and trunk.username,
        "match": match,
        "permit": addresses if len(addresses) == len(match) else [],
        "ask_every": 15,
    }


def _demo_trunk(runtime: Runtime) -> dict[str, Any]:
    return {
        "name": DEMO_TRUNK,
        "context": "from-demo",
        "host": f"{runtime.demo_host}:{runtime.demo_port}",
        "domain": "",
        "username": "",
        "password": "",
        "register": False,
        "match": [runtime.demo_host],
        "permit": [runtime.demo_host],
        "ask_every": 0,  # it may start after Asterisk; a dead one fails the call at once anyway
    }
