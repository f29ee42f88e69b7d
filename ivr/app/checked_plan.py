"""Lets a throw-away Asterisk load a plan before the real one gets it, once for each plan."""

import hashlib

from ivr.errors import SettingsInvalid
from ivr.pbx.checking import check_plan
from ivr.pbx.configuring import pbx_secrets
from ivr.pbx.plan import PbxPlan
from ivr.settings import Settings


def require_loadable(settings: Settings, plan: PbxPlan) -> None:
    """Let a throw-away Asterisk load what *plan* gives, unless it did so before.

    Raises:
        SettingsInvalid: with every fault it found; it must not be used.
    """
    if settings.asterisk_host:
        return
    stamp = settings.home / "etc" / "checked"
    versions = settings.tools / "versions.json"
    known = hashlib.sha256(
        repr((plan, settings.trunks)).encode()
        + (versions.read_bytes() if versions.exists() else b"")
    ).hexdigest()
    if stamp.exists() and stamp.read_text() == known:
        return
    faults = check_plan(plan, settings, pbx_secrets(settings))
    if faults:
        raise SettingsInvalid("Asterisk would not take this site:\n  " + "\n  ".join(faults))
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(known)
