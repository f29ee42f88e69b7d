"""Makes all prompts of a site: only what is new or changed, and never over a person's recording."""

import fcntl
import itertools
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ivr.prompts.engine import Engine, EngineFailed, SpeechRequest
from ivr.prompts.engines import ENGINES
from ivr.prompts.index import Index
from ivr.prompts.manifest import Kind, Manifest, load_manifests
from ivr.prompts.media import FORMATS
from ivr.prompts.synthesis import Made, Synthesis, content_key
from ivr.prompts.work import Work, requests_of

CACHE_NAME = "prompts"  # under $MOKED_TOOLS, shared by instances
# An online voice that failed so often in one build is left alone for the rest of it.
_ONLINE_FAILURES = 3

Progress = Callable[[int, int, str], None]  # how many are done, of how many, which one


@dataclass
class BuildReport:
    """What a build did; ``missing`` prompts are heard through the catalogue's fall-backs."""

    made: list[str] = field(default_factory=list)  # "he/welcome_billing by phonikud_espeak"
    kept: int = 0
    missing: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0


def build(
    site_prompts: Path,
    tools: Path,
    home: Path,
    languages: Sequence[str],
    online: bool = False,
    progress: Progress = lambda done, of, label: None,
) -> BuildReport:
    """Bring ``<home>/prompts`` up to date with ``<site_prompts>/<language>/manifest.yaml``.

    Blocking, some 10 s the first time: run it in set-up or in a worker thread.

    Raises:
        ManifestInvalid: a manifest is wrong; nothing was changed.
        OSError: the disk cannot be written.
    """
    started = time.monotonic()
    manifests = load_manifests(site_prompts, tuple(languages))
    with locked(home / "prompts"):
        builder = Builder(manifests, tools, home, online)
        builder.run(progress)
    builder.report.seconds = time.monotonic() - started
    return builder.report


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep two builds of the same folder apart (set-up and the running service)."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / ".lock", os.O_CREAT | os.O_RDWR, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


class Builder:
    """One run of the build over all manifests."""

    def __init__(
        self,
        manifests: dict[str, Manifest],
        tools: Path,
        home: Path,
        online: bool,
        engines: Sequence[Engine] = ENGINES,
    ) -> None:
        self._manifests = manifests
        self._folder = home / "prompts"
        self._index = Index(self._folder)
        self._synthesis = Synthesis(tools / CACHE_NAME, engines)
        self._online = online
        self._online_failures = 0
        self.report = BuildReport()

    def run(self, progress: Progress) -> None:
        work = list(self.work())
        removed = self._forget_removed()
        try:
            self._make(work, progress)
        finally:
            if work or removed:
                self._index.save()

    def work(self) -> Iterator[Work]:
        """Yield what is new or changed, or could be spoken by a better voice."""
        for manifest in self._manifests.values():
            for request, kind in requests_of(manifest):
                engines = tuple(self._synthesis.candidates(request, self._online))
                if self._is_current(request, kind, engines):
                    self.report.kept += 1
                else:
                    yield Work(request, kind, engines)

    def _is_current(self, request: SpeechRequest, kind: Kind, engines: tuple[Engine, ...]) -> bool:
        entry = self._index.get(request.language, request.name)
        if entry is None or not self._index.is_intact(request.language, request.name):
            return False
        if not engines:
            return entry.text == request.text
        best = engines[0]
        return entry.key == content_key(best, request, kind) or (
            entry.text == request.text and self._is_better(entry.engine, best)
        )

    def _is_better(self, engine: str, than: Engine) -> bool:
        """Whether the voice we have comes from an online engine that is only switched off now."""
        for known in self._synthesis.engines:
            if known is than:
                return False
            if known.name == engine:
                return known.is_online
        return False

    def _forget_removed(self) -> bool:
        known = {f"{m.language}/{name}" for m in self._manifests.values() for name in m.prompts}
        removed = self._index.drop_all_but(known)
        for label, form in itertools.product(removed, FORMATS):
            (self._folder / f"{label}.{form.suffix}").unlink(missing_ok=True)
        return bool(removed)

    def _make(self, work: list[Work], progress: Progress) -> None:
        if not work:
            return
        with ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2)) as pool:
            running: list[tuple[Work, Future[Made | None]]] = [
                (item, pool.submit(self._first_that_can, item)) for item in work
            ]
            for done, (item, future) in enumerate(running, 1):
                made = future.result()
                if made is None:
                    self._left_out(item)
                else:
                    item.install(self._folder, self._index, made)
                    self.report.made.append(f"{item.label} by {made.engine}")
                progress(done, len(work), item.label)

    def _first_that_can(self, work: Work) -> Made | None:
        for engine in work.engines:
            if engine.is_online and self._online_failures >= _ONLINE_FAILURES:
                continue
            try:
                return self._synthesis.make(engine, work.request, work.kind)
            except EngineFailed as error:
                self._online_failures += engine.is_online
                self.report.problems.append(f"{work.label}: {error}")
        return None

    def _left_out(self, work: Work) -> None:
        """What was there stays: words of yesterday are better than silence."""
        if not work.engines:
            self.report.problems.append(f"{work.label}: no voice is installed for it")
        self.report.missing.append(work.label)


def main() -> int:
    """Run the build from a shell: ``python -m ivr.prompts.build --home … --tools …``."""
    import argparse

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--tools", type=Path, required=True)
    parser.add_argument("--site-prompts", type=Path, default=Path("prompts"))
    parser.add_argument("--languages", default="he,en")
    parser.add_argument("--online", action="store_true")
    options = parser.parse_args()
    report = build(
        options.site_prompts,
        options.tools,
        options.home,
        options.languages.split(","),
        online=options.online,
    )
    for line in (*report.problems, *(f"missing: {label}" for label in report.missing)):
        sys.stderr.write(f"{line}\n")
    sys.stdout.write(f"{len(report.made)} made, {report.kept} kept, {report.seconds:.2f} s\n")
    return 1 if report.missing else 0


if __name__ == "__main__":
    sys.exit(main())
