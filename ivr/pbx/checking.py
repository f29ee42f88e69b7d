"""Checks rendered configuration before a running Asterisk gets it, up to loading it for real."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ivr.errors import AsteriskUnavailable
from ivr.pbx.config_files import write
from ivr.pbx.documentation import read_vocabulary, unknown_words
from ivr.pbx.modules import MODULES
from ivr.pbx.places import PbxPlaces
from ivr.pbx.plan import PbxPlan
from ivr.pbx.process import AsteriskProcess
from ivr.pbx.rendering import SECRET_NAMES, render
from ivr.runtime import resolve
from ivr.settings import Settings

_LINT_SECONDS = 30
# asterisklint 0.4.3 knows neither StasisBroadcast nor CDR_PROP (check_words knows what there is);
# its hints (H_) are taste.
_LINT_IGNORES = "E_APP_MISSING,E_FUNC_MISSING,H_"
_TRIAL = {
    "asterisk_host": "", "sip_host": "127.0.0.1", "sip_port": 0, "http_port": 0, "ari_port": 0,
    "ami_port": 0, "agi_port": 0, "demo_port": 0, "rtp_start": 0, "rtp_ports": 40,
}  # fmt: skip
_FAULT = re.compile(r"(ERROR|WARNING)\[")
# Said by every healthy start: calls are not completed for busy callers (ccss.conf, on purpose).
ALLOWED = (
    "ccss declined to load",
    "Some non-required modules failed to load",
    "sending OPTIONS request to endpoint trunk-",  # it listens on loopback: no carrier is reached
    "registered during operation",  # pjproject, now and then on a busy machine: not our words
)


def lint(extensions: str) -> list[str]:
    """Return what asterisklint says against *extensions*; empty where it is not installed."""
    program = Path(sys.executable).with_name("asterisklint")
    if not program.exists():
        return []  # a development tool: sites have the other two checks
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "extensions.conf"
        path.write_text(extensions)
        done = subprocess.run(  # noqa: S603 - our own environment's program
            [program, "dialplan-check", path],
            capture_output=True,
            text=True,
            timeout=_LINT_SECONDS,
            check=False,
            env={**os.environ, "ALINT_IGNORE": _LINT_IGNORES},
        )
    said = (done.stdout + done.stderr).replace(f"{folder}/", "").strip()
    return said.splitlines() or ["asterisklint failed"] if done.returncode else []


def check_words(extensions: str, places: PbxPlaces) -> list[str]:
    """Return each application and function that the modules we load do not provide."""
    vocabulary = read_vocabulary(places.documentation, frozenset(MODULES))
    return unknown_words(extensions, vocabulary)


def check_by_loading(plan: PbxPlan, settings: Settings, secrets: Mapping[str, str]) -> list[str]:
    """Start a throw-away Asterisk with *plan*, own directories and free ports. Blocks seconds.

    Returns every error and warning of its log that not every start has.
    """
    with tempfile.TemporaryDirectory(prefix="mkd-") as folder:
        home = Path(folder)
        trial = settings.model_copy(update={"home": home, **_TRIAL})
        places = PbxPlaces.of(trial)
        places.lay_out()
        write(places.etc, render(plan, trial, resolve(trial), secrets))
        process = AsteriskProcess(places)
        try:
            process.start()
            process.wait_booted()
        except AsteriskUnavailable as error:
            return [str(error)]
        finally:
            process.stop()
        return faults_in((places.log / "messages.log").read_text(errors="replace"))


def faults_in(log: str) -> list[str]:
    """Return the errors and warnings of *log* but those every healthy start has."""
    return [
        line
        for line in log.splitlines()
        if _FAULT.search(line) and not any(known in line for known in ALLOWED)
    ]


def check_plan(plan: PbxPlan, settings: Settings, secrets: Mapping[str, str]) -> list[str]:
    """Return every fault of the configuration *plan* would give; empty: it may be used. Blocks.

    Raises:
        TextRefused: a value does not fit its field.
    """
    missing = [name for name in SECRET_NAMES if name not in secrets]
    if missing:
        return [f"no secret {name}" for name in missing]
    extensions = render(plan, settings, resolve(settings), secrets)["extensions.conf"]
    faults = [*lint(extensions), *check_words(extensions, PbxPlaces.of(settings))]
    return faults or check_by_loading(plan, settings, secrets)
