"""A whole private Asterisk with the real configuration, for tests, benches and experiments."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ivr.pbx.configuring import configure, pbx_secrets
from ivr.pbx.places import PbxPlaces
from ivr.pbx.plan import AMI_SECRET, ARI_SECRET, FailsafeQueue, PbxLine, PbxPlan
from ivr.pbx.process import AsteriskProcess
from ivr.runtime import Runtime, resolve
from ivr.settings import Settings

# The default site's lines, as the published dialplans give them.
DEFAULT_PLAN = PbxPlan(
    lines=(
        PbxLine(name="billing", numbers=("+97229900200",), queue="centre",
                fallback_numbers=("+972500000106",), outbound_number="+97229900200"),
        PbxLine(name="council", numbers=("+97229900106", "106"), queue="centre",
                fallback_numbers=("+972500000106",), outbound_number="+97229900106"),
        PbxLine(name="whatsapp-only", numbers=("+972527250801",), message_only=True),
    ),
    queues=(FailsafeQueue(name="centre", members=("agent-301", "agent-302", "agent-303")),),
    emergency_caller="+97229900106",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PrivateAsterisk:
    """A running Asterisk and everything needed to reach it."""

    settings: Settings
    runtime: Runtime
    places: PbxPlaces
    process: AsteriskProcess
    ari_password: str
    ami_password: str


def start_private(
    settings: Settings, plan: PbxPlan = DEFAULT_PLAN, runtime: Runtime | None = None
) -> PrivateAsterisk:
    """Render, write and start; return when Asterisk is fully booted. Blocks; needs no reactor.

    Raises:
        AsteriskUnavailable: it did not start.
    """
    chosen = runtime or resolve(settings, Runtime.load(settings.run))
    chosen.save(settings.run)
    secrets = pbx_secrets(settings)
    places = PbxPlaces.of(settings)
    configure(plan, settings, chosen, secrets)
    process = AsteriskProcess(places)
    process.start()
    process.wait_booted()
    return PrivateAsterisk(
        settings, chosen, places, process, secrets[ARI_SECRET], secrets[AMI_SECRET]
    )


@contextmanager
def private_asterisk(home: Path, root: Path, **changes: object) -> Iterator[PrivateAsterisk]:
    """Run a private Asterisk from *root* with its state in *home* on free ports, then end it."""
    values: dict[str, object] = {"sip_port": 0, "http_port": 0, "rtp_ports": 400, **changes}
    settings = Settings.model_validate({"home": home, "tools": home / "tools", **values})
    settings.tools.mkdir(parents=True, exist_ok=True)
    link = settings.asterisk_root
    if not link.exists():
        link.symlink_to(root)
    running = start_private(settings)
    try:
        yield running
    finally:
        running.process.stop()
