"""Makes all prompts of a site: only what is new or changed, and never over a person's recording."""

import fcntl
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from ivr.prompts.engine import Engine, EngineFailed, SpeechRequest
from ivr.prompts.engines import ENGINES
from ivr.prompts.index import Entry, Index
from ivr.prompts.manifest import Manifest, Prompt, load_manifests
from ivr.prompts.media import FORMATS, write_atomically
from ivr.prompts.synthesis import Made, Synthesis, content_key

_RECORDING_SUFFIXES = (".wav", ".flac", ".ogg")

Progress = Callable[[int, int, str], None]  # how many are done, of how many, which one


@dataclass
class BuildReport:
    """What a build did; ``missing`` prompts are heard through the catalogue's fall-backs."""

    made: list[str] = field(default_factory=list)  # "he/welcome_billing by phonikud_espeak"
    kept: int = 0
    missing: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True)
class _Work:
    """One prompt that has to be made, and who may make it."""

    request: SpeechRequest
    prompt: Prompt
    engines: tuple[Engine, ...]

    @property
    def label(self) -> str:
        return f"{self.request.language}/{self.request.name}"


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


def requests_of(manifest: Manifest) -> Iterator[tuple[SpeechRequest, Prompt]]:
    """Yield what is asked of the engines for every prompt of *manifest*."""
    folder = manifest.path.parent
    for prompt in manifest.prompts.values():
        recording = _recording(folder, prompt)
        request = SpeechRequest(manifest.language, prompt.name, prompt.text, recording)
        yield request, prompt


def install(folder: Path, index: Index, request: SpeechRequest, made: Made) -> None:
    """Put the files where Asterisk plays them and write down where they came from."""
    digests = {}
    for suffix, data in made.files.items():
        write_atomically(folder / request.language / f"{request.name}.{suffix}", data)
        digests[suffix] = sha256(data).hexdigest()
    entry = Entry(made.engine, request.text, made.key, round(made.seconds, 3), digests)
    index.put(request.language, request.name, entry)


class Builder:
    """One run of the build over all manifests."""

    def __init__(
        self, manifests: dict[str, Manifest], tools: Path, home: Path, online: bool
    ) -> None:
        self._manifests = manifests
        self._folder = home / "prompts"
        self._index = Index(self._folder)
        self._synthesis = Synthesis(tools / "prompts", ENGINES)
        self._online = online
        self.report = BuildReport()

    def run(self, progress: Progress) -> None:
        work = list(self._work())
        self._forget_removed()
        try:
            self._make(work, progress)
        finally:
            if work:
                self._index.save()

    def _work(self) -> Iterator[_Work]:
        for manifest in self._manifests.values():
            for request, prompt in requests_of(manifest):
                engines = tuple(self._synthesis.candidates(request, self._online))
                if self._is_current(request, prompt, engines):
                    self.report.kept += 1
                else:
                    yield _Work(request, prompt, engines)

    def _is_current(
        self, request: SpeechRequest, prompt: Prompt, engines: tuple[Engine, ...]
    ) -> bool:
        entry = self._index.get(request.language, request.name)
        if entry is None or not self._index.is_intact(request.language, request.name):
            return False
        if not engines:
            return entry.text == request.text
        best = engines[0]
        return entry.key == content_key(best, request, prompt.kind) or (
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

    def _forget_removed(self) -> None:
        known = {f"{m.language}/{name}" for m in self._manifests.values() for name in m.prompts}
        for label in self._index.drop_all_but(known):
            for form in FORMATS:
                (self._folder / f"{label}.{form.suffix}").unlink(missing_ok=True)

    def _make(self, work: list[_Work], progress: Progress) -> None:
        if not work:
            return
        with ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2)) as pool:
            running: list[tuple[_Work, Future[Made | None]]] = [
                (item, pool.submit(self._first_that_can, item)) for item in work
            ]
            for done, (item, future) in enumerate(running, 1):
                made = future.result()
                if made is None:
                    self._left_out(item)
                else:
                    install(self._folder, self._index, item.request, made)
                    self.report.made.append(f"{item.label} by {made.engine}")
                progress(done, len(work), item.label)

    def _first_that_can(self, work: _Work) -> Made | None:
        for engine in work.engines:
            try:
                return self._synthesis.make(engine, work.request, work.prompt.kind)
            except EngineFailed as error:
                self.report.problems.append(f"{work.label}: {error}")
        return None

    def _left_out(self, work: _Work) -> None:
        """What was there stays: words of yesterday are better than silence."""
        if not work.engines:
            self.report.problems.append(f"{work.label}: no voice is installed for it")
        self.report.missing.append(work.label)


def _recording(folder: Path, prompt: Prompt) -> Path | None:
    if prompt.recording is not None:
        return folder / prompt.recording  # named in the manifest: if it lacks, that is a problem
    candidates = (folder / f"{prompt.name}{suffix}" for suffix in _RECORDING_SUFFIXES)
    return next((path for path in candidates if path.is_file()), None)


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
