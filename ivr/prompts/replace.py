"""Lets an online voice replace the offline ones, slowly, beside the calls."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import structlog
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater

from ivr.prompts.build import CACHE_NAME, Builder, locked
from ivr.prompts.engine import Engine, EngineFailed
from ivr.prompts.engines import ENGINES
from ivr.prompts.index import Index
from ivr.prompts.manifest import ManifestInvalid, load_manifests
from ivr.prompts.synthesis import Synthesis
from ivr.prompts.work import Work

log = structlog.get_logger(__name__)
T = TypeVar("T")

PAUSE = 5.0  # seconds between two prompts: bursts are answered with 429
GIVE_UP_AFTER = 5  # failures in a row: the service is not reachable, the next start tries again

InThread = Callable[[Callable[[], Any]], "Deferred[Any]"]


@dataclass(frozen=True)
class Places:
    """Where a site's manifests, the shared cache and the instance's media are."""

    site_prompts: Path
    tools: Path
    home: Path
    languages: Sequence[str]
    engines: Sequence[Engine] = ENGINES


async def replace_in_background(
    clock: Any,
    in_thread: InThread,
    places: Places,
    replaced: Callable[[str, str], object] = lambda language, name: None,
    pause: float = PAUSE,
) -> int:
    """Replace one prompt after another, *pause* seconds apart; return how many were.

    *clock* is an IReactorTime; *in_thread* runs blocking work off the reactor. *replaced* is called
    with language and name when Asterisk already plays the new voice: refresh the catalogue then.
    Cancel it at shutdown; it goes on from there at the next start.
    """
    try:
        waiting: list[Work] = await in_thread(lambda: _waiting(places))
    except ManifestInvalid:
        log.error("prompts are not replaced: a manifest is wrong")
        return 0
    done = failures = 0
    for work in waiting:
        try:
            await in_thread(lambda work=work: _replace(places, work))  # type: ignore[misc]
        except (EngineFailed, OSError) as error:
            failures += 1
            log.warning("prompt not replaced", prompt=work.label, reason=str(error))
            if failures == GIVE_UP_AFTER:
                log.warning("online voice given up until the next start", left=len(waiting) - done)
                break
        else:
            failures = 0
            done += 1
            replaced(work.request.language, work.request.name)
        await deferLater(clock, pause)
    return done


def _waiting(places: Places) -> list[Work]:
    """Return the prompts an online voice should speak and does not yet."""
    manifests = load_manifests(places.site_prompts, tuple(places.languages))
    builder = Builder(manifests, places.tools, places.home, online=True, engines=places.engines)
    return [work for work in builder.work() if work.engines and work.engines[0].is_online]


def _replace(places: Places, work: Work) -> None:
    """Fetch (slow, unlocked), then put in place (quick, locked against a build).

    Raises:
        EngineFailed: the voice did not answer, or nothing can be heard in what it sent.
    """
    best = work.engines[0]
    cache = places.tools / CACHE_NAME
    made = Synthesis(cache, [best]).make(best, work.request, work.kind)
    folder = places.home / "prompts"
    with locked(folder):
        index = Index(folder)
        work.install(folder, index, made)
        index.save()
