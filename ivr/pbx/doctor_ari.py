"""Asks a running Asterisk, ours or a site's own, through ARI whether it has what calls need."""

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

from ivr.pbx.findings import Check
from ivr.pbx.modules import NEEDED_ELSEWHERE
from ivr.pbx.pid_files import PidFile
from ivr.pbx.plan import ARI_SECRET, ARI_USER
from ivr.pbx.versions import is_supported, version_of
from ivr.runtime import Runtime
from ivr.secret_files import SecretFiles
from ivr.settings import Settings

_SECONDS = 5.0


def ari_checks(settings: Settings) -> Iterator[Check]:
    """Look at the Asterisk of *settings*, if it is a site's own or runs now."""
    runtime = Runtime.load(settings.run)
    if not settings.asterisk_host:
        if runtime is None or PidFile(settings.run / "asterisk.pid").living() is None:
            return
        yield from _examine(settings, "127.0.0.1", runtime.ari_port)
        return
    if not settings.ari_port:
        remedy = "set MOKED_ARI_PORT to the port of that Asterisk's http.conf (8088 as delivered)"
        yield Check("ARI", ok=False, found="ari_port is not set", remedy=remedy)
        return
    yield from _examine(settings, settings.asterisk_host, settings.ari_port)


def _examine(settings: Settings, host: str, port: int) -> Iterator[Check]:
    base = f"http://{host}:{port}/ari"
    password = SecretFiles(settings.home / "secrets").get(ARI_SECRET)
    try:
        info = _get(f"{base}/asterisk/info", password)
        modules = _get(f"{base}/asterisk/modules", password)
    except (OSError, ValueError) as error:
        yield Check("ARI", ok=False, found=f"{base}: {error}", remedy=_remedy(settings, error))
        return
    yield Check("ARI", ok=True, found=base)
    text = str(info.get("system", {}).get("version", ""))
    version = version_of(text)
    ok = version is not None and is_supported(version)
    yield Check("asterisk", ok, text or "no version", "22.10.1 or a later 22 is needed")
    running = {one["name"].removesuffix(".so") for one in modules if one["status"] == "Running"}
    missing = [name for name in NEEDED_ELSEWHERE if name not in running]
    found = f"not loaded: {', '.join(missing)}" if missing else "all that calls need are loaded"
    yield Check("modules", not missing, found, "load them in that Asterisk's modules.conf")


def _remedy(settings: Settings, error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError) and error.code == 401:
        return (
            f"in that Asterisk's ari.conf a user [{ARI_USER}] is needed, with the password in "
            f"{settings.home / 'secrets' / ARI_SECRET}"
        )
    return "enable http.conf and ari.conf there and let this machine in; is it running?"


def _get(url: str, password: str) -> Any:
    token = base64.b64encode(f"{ARI_USER}:{password}".encode()).decode()
    request = urllib.request.Request(url, headers={"Authorization": f"Basic {token}"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=_SECONDS) as reply:  # noqa: S310 - http by our own setting
        return json.loads(reply.read())
