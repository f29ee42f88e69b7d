"""What `./moked test` runs once set-up is done: the static checks, then the tests."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
SOME_FAILED = 1  # pytest's exit status when a test failed
NO_TESTS = 5  # pytest's exit status when it collected nothing
CALLS = "tests/calls"
"""Real calls: each file has an instance of its own, and its callers mostly wait."""
BROWSER = "tests/browser"
"""Two at a time: a browser wants a processor."""
ALONE = ("tests/drills", "tests/bench")
"""Tests that measure time or break things, so nothing else runs beside them."""


def checks() -> list[list[str]]:
    """Name the static checks, each a program of the environment with its arguments."""
    sources = [name for name in ("ivr", "crm_bridge", "tests") if (CHECKOUT / name).is_dir()]
    wanted = [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy", *sources]]
    if "[tool.importlinter]" in (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"):
        wanted.append(["lint-imports"])
    return wanted


def pytest_runs(arguments: Sequence[str]) -> Iterator[list[str]]:
    """Split the tests into those that may run side by side, real calls, and what runs alone.

    The person's own *arguments* are taken as they are, in one run.
    """
    everything = "--all" in arguments
    own = [argument for argument in arguments if argument != "--all"]
    chosen = ["--continue-on-collection-errors", *([] if everything else ["-m", "not full"])]
    if own:
        yield [*chosen, *own]
        return
    apart = [f"--ignore={name}" for name in (CALLS, BROWSER, *ALONE)]
    yield [*chosen, "--numprocesses=2", "--dist=loadfile", *apart, "tests"]
    yield [*chosen, "--durations=10", "--numprocesses=3", "--dist=loadfile", CALLS]
    yield [*chosen, "--durations=10", "--numprocesses=2", "--dist=loadfile", BROWSER]
    yield [*chosen, "--durations=10", *ALONE]


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Drop the instance that a person may have set, so that no test touches it."""
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith("MOKED_") or name == "MOKED_TOOLS"
    }
    tools = str(CHECKOUT / ".moked" / "tools")
    programs = f"{kept.setdefault('MOKED_TOOLS', tools)}/venv/bin"
    return kept | {"PATH": f"{programs}:{kept.get('PATH', os.defpath)}"}


def say(text: str) -> None:
    """Show one line at once, in order with what the tools print."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def run(words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run one program of the environment in the checkout and return its exit status."""
    say(f"== {' '.join(words)}")
    began = time.monotonic()
    command = [str(Path(sys.executable).parent / words[0]), *words[1:]]
    status = subprocess.run(command, cwd=CHECKOUT, env=dict(environment), check=False).returncode
    say(f"== {words[0]}: exit status {status} after {time.monotonic() - began:.0f} s")
    return status


def run_pytest(words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run pytest; what failed is run once more, by itself.

    Real calls on a machine that others use fail now and then for want of a processor. What fails
    twice fails the run; what failed once stays in the output.
    """
    status = run(["pytest", *words], environment)
    if status != SOME_FAILED:
        return status
    say("== what failed is run once more, by itself; failing twice fails the run")
    alone = [word for word in words if not word.startswith(("--numprocesses", "--dist"))]
    return run(["pytest", "--last-failed", *alone], environment)


def run_tests(arguments: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """Run pytest, once or twice; return what failed."""
    statuses = {tuple(words): run_pytest(words, environment) for words in pytest_runs(arguments)}
    if set(statuses.values()) == {NO_TESTS}:
        return ["pytest, which ran no test"]
    return [
        f"pytest {words[-1]}" for words, status in statuses.items() if status not in (0, NO_TESTS)
    ]


def main(arguments: Sequence[str]) -> int:
    """Run everything even when something fails, so that one run shows all there is to mend."""
    environment = clean_environment(os.environ)
    failed = [words[0] for words in checks() if run(words, environment)]
    failed += run_tests(arguments, environment)
    if failed:
        say(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
