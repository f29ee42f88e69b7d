"""Brings a plan into Asterisk: ports resolved, files written, a running Asterisk reloaded."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.pbx.config_files import write
from ivr.pbx.pid_files import PidFile
from ivr.pbx.places import PbxPlaces
from ivr.pbx.plan import ARI_SECRET, PbxPlan
from ivr.pbx.process import AsteriskProcess
from ivr.pbx.rendering import SECRET_NAMES, render
from ivr.pbx.versions import require_supported
from ivr.runtime import Runtime, resolve
from ivr.secret_files import SecretFiles
from ivr.settings import Settings

ASTERISK, SERVICE, DEMO = "asterisk", "service", "demo"  # names of pid files


@dataclass(frozen=True, slots=True)
class Prepared:
    """What one start works with; nothing runs yet."""

    settings: Settings
    runtime: Runtime
    places: PbxPlaces
    ari_password: str


def prepare(settings: Settings, plan: PbxPlan) -> Prepared:
    """Resolve ports (those of running children are kept) and write Asterisk's configuration.

    Raises:
        SettingsInvalid: a port is taken, or no Asterisk that we know is unpacked.
    """
    before = Runtime.load(settings.run)
    children = [PidFile(settings.run / f"{name}.pid") for name in (ASTERISK, SERVICE, DEMO)]
    runs = any(child.living() for child in children)
    runtime = before if before is not None and runs else resolve(settings, before)
    runtime.save(settings.run)
    secrets = pbx_secrets(settings)
    if not settings.asterisk_host:
        require_supported(AsteriskProcess(PbxPlaces.of(settings)).version())
        configure(plan, settings, runtime, secrets)
    return Prepared(settings, runtime, PbxPlaces.of(settings), secrets[ARI_SECRET])


def pbx_secrets(settings: Settings) -> dict[str, str]:
    """Return the passwords of ARI and AMI, made at first use."""
    files = SecretFiles(settings.home / "secrets")
    return {name: files.get(name) for name in SECRET_NAMES}


def configure(
    plan: PbxPlan, settings: Settings, runtime: Runtime, secrets: Mapping[str, str]
) -> frozenset[str]:
    """Render and write; a running Asterisk reloads, its calls go on. Blocks.

    Returns the names of the files that changed.

    Raises:
        AsteriskUnavailable: it runs but does not take the new configuration.
    """
    places = PbxPlaces.of(settings)
    places.lay_out()
    changed = write(places.etc, render(plan, settings, runtime, secrets))
    asterisk = AsteriskProcess(places)
    if changed and asterisk.living():
        asterisk.reload()
    return changed
