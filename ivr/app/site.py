"""The site: its files copied from the shipped ones at first start, read, made native."""

import shutil

from ivr.app.native_site import NativeSite
from ivr.dialplan.check import LoadedSite, load_site
from ivr.dialplan.fallback import fallback_plan
from ivr.ids import LineName
from ivr.pbx.plan import FailsafeQueue, PbxLine, PbxPlan
from ivr.prompts.languages import LANGUAGES
from ivr.prompts.manifest import Manifest, load_manifests
from ivr.routing.queues import QueueRules
from ivr.settings import CHECKOUT, Settings

SHIPPED = ("dialplans", "prompts")


def ensure_site(settings: Settings) -> None:
    """Copy the shipped dialplans and prompts to ``$MOKED_HOME/site`` if they are not there."""
    for name in SHIPPED:
        target = settings.site / name
        if target.exists():
            continue
        settings.site.mkdir(parents=True, exist_ok=True)
        new = settings.site / f".{name}.new"
        shutil.rmtree(new, ignore_errors=True)
        shutil.copytree(CHECKOUT / name, new, ignore=shutil.ignore_patterns("examples", "*.md"))
        new.rename(target)


def read_prompts(settings: Settings) -> dict[str, Manifest]:
    """Return the site's prompt manifests by language.

    Raises:
        ManifestInvalid: with every problem of all of them.
    """
    return load_manifests(settings.site / "prompts", tuple(one.code for one in LANGUAGES))


def read_site(settings: Settings) -> LoadedSite:
    """Load the site's files: the draft. What callers get is what was published of it.

    Raises:
        SiteInvalid, ManifestInvalid: with every problem of all its files.
    """
    return load_site(settings.site / "dialplans", read_known_prompts(settings))


def read_known_prompts(settings: Settings) -> dict[str, frozenset[str]]:
    """Return the names of the site's prompts by language.

    Raises:
        ManifestInvalid: with every problem of all manifests.
    """
    return {code: frozenset(one.prompts) for code, one in read_prompts(settings).items()}


def queue_rules(loaded: LoadedSite) -> list[QueueRules]:
    """Return the queues as routing takes them."""
    return [
        QueueRules(
            name=queue.name,
            ring_for=queue.ring_for,
            wrap_up=queue.wrap_up,
            wait=queue.wait,
            capacity=queue.capacity,
            record=queue.record,
            retention_days=queue.retention_days,
        )
        for queue in loaded.site.queues.values()
    ]


def message_only_numbers(loaded: LoadedSite) -> frozenset[str]:
    """Return the numbers that take no voice calls and that no call may show."""
    lines = fallback_plan(loaded.site, loaded.plans).lines
    return frozenset(number for line in lines if line.message_only for number in line.numbers)


def emergency_caller(loaded: LoadedSite) -> str:
    """Return the number shown where a line has none of its own to show."""
    return fallback_plan(loaded.site, loaded.plans).emergency_caller


def pbx_plan(settings: Settings, loaded: LoadedSite, compiled: NativeSite) -> PbxPlan:
    """Return what Asterisk needs to serve every line while our service is dead."""
    native = fallback_plan(loaded.site, loaded.plans)
    dialled: tuple[str, ...] = (native.number,)
    if not settings.demo_wanted and native.number in loaded.site.demo_numbers:
        dialled = ()  # a demonstration's number is never dialled through a real trunk
    lines = tuple(
        PbxLine(
            name=line.line,
            numbers=line.numbers,
            message_only=line.message_only,
            refusal_cause=line.refuse_cause or 21,
            language=line.language,
            queue="" if line.message_only else native.queue,
            fallback_numbers=() if line.message_only else dialled,
            outbound_number=line.outbound_number,
            plan_start=compiled.starts.get(line.line, ""),
        )
        for line in native.lines
    )
    queue = FailsafeQueue(
        name=native.queue,
        members=native.endpoints,
        ring_for=round(native.ring_for),
        wait=round(native.wait),
    )
    return PbxPlan(
        lines=lines,
        queues=(queue, *(one for one in compiled.queues if one.name != queue.name)),
        emergency_numbers=native.emergency_numbers,
        emergency_caller=native.emergency_caller,
        contexts=compiled.contexts,
    )


def first_answered(loaded: LoadedSite) -> LineName:
    """Return a line that takes calls: where a call goes of which nothing else is known."""
    lines = fallback_plan(loaded.site, loaded.plans).lines
    return next(line.line for line in lines if not line.message_only)
