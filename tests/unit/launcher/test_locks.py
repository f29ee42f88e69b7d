"""The lock files: complete, hashed, and naming no place on the network or on a disk."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).resolve().parents[3]
LOCKS = sorted(CHECKOUT.glob("requirements-*.lock"))
PINNED = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(\[[a-z0-9,_-]+\])?==(?P<version>\S+)", re.MULTILINE
)


def pins(lock: Path) -> dict[str, str]:
    """Return name and version of every package in *lock*."""
    text = lock.read_text(encoding="utf-8")
    return {canonicalize_name(found["name"]): found["version"] for found in PINNED.finditer(text)}


def wanted() -> dict[str, list[str]]:
    """Return what pyproject.toml asks for, by lock file."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    run, groups = project["project"]["dependencies"], project["dependency-groups"]
    return {"run": run, "test": [*run, *groups["dev"]], "setup": groups["setup"]}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_pinned_with_hashes_and_nothing_else_is_said(lock: Path) -> None:
    for block in re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip()):
        assert PINNED.match(block), block
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block
        assert not re.search(r"://|@ |--index|--find-links|file:", block), block


@pytest.mark.parametrize("name", ["run", "test", "setup"])
def test_lock_answers_to_the_project_file(name: str) -> None:
    """Run docker/lock.sh after changing dependencies."""
    locked = pins(CHECKOUT / f"requirements-{name}.lock")
    for line in wanted()[name]:
        requirement = Requirement(line)
        version = locked.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} is not in requirements-{name}.lock: run docker/lock.sh"
        assert requirement.specifier.contains(version, prereleases=True), (
            f"{line}: locked {version}"
        )


def test_tests_run_what_is_run() -> None:
    run, test = pins(CHECKOUT / "requirements-run.lock"), pins(CHECKOUT / "requirements-test.lock")
    assert {name: test.get(name) for name in run} == run


@pytest.fixture
def npm_packages() -> dict[str, Any]:
    lock = CHECKOUT / "ivr" / "console" / "web" / "package-lock.json"
    packages: dict[str, Any] = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    assert packages.pop("")["devDependencies"]
    return packages


def test_npm_lock_has_hashes_and_no_download_address(npm_packages: dict[str, Any]) -> None:
    for name, package in npm_packages.items():
        assert "resolved" not in package, name
        assert "integrity" in package or package.get("inBundle"), name


def test_npm_lock_holds_the_builds_for_every_platform(npm_packages: dict[str, Any]) -> None:
    """A lock file written where some platform's package was not to be had makes `npm ci` refuse."""
    held = {name.rsplit("node_modules/", 1)[-1] for name in npm_packages}
    for name, package in npm_packages.items():
        assert set(package.get("optionalDependencies", {})) <= held, name
