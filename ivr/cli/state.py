"""The state of an instance, from its supervisor, its service and what is installed."""

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from ivr.app.web import SERVICE_TOKEN, demo_password_secret
from ivr.dialplan.publish import told_of
from ivr.errors import MokedError
from ivr.runtime import Runtime
from ivr.secret_files import SecretFiles
from ivr.settings import Settings
from ivr.supervisor import read_status

_FIRST_LINK = "first-link"
_DEMO_USER = demo_password_secret("")


def gather(settings: Settings, *, secrets: bool = False) -> dict[str, Any]:
    """Return ``{ready, why, versions, sip, console, ari, lines, counts, …}``; never raises."""
    runtime = Runtime.load(settings.run)
    watched = read_status(settings)
    state: dict[str, Any] = {"ready": False, "why": [], "versions": versions(settings)}
    if runtime is None or not watched:
        state["why"] = ["it is not running: ./moked up"]
        return state | {"sip": None, "console": None, "ari": None, "lines": [], "counts": {}}
    service = ask_service(settings, runtime)
    state |= {
        "sip": {"host": runtime.sip_host, "port": runtime.sip_port},
        "console": runtime.console_url,
        "ari": {"host": runtime.asterisk_host, "port": runtime.ari_port},
        "lines": service.get("lines", []),
        "counts": service.get("counts", {}),
        "warnings": service.get("warnings", []),
        "children": watched.get("children", {}),
    }
    state["why"] = _why(watched, service)
    state["ready"] = not state["why"]
    if secrets:
        state["secrets"] = _secrets(settings, runtime)
    return state


def ask_service(
    settings: Settings,
    runtime: Runtime,
    path: str = "/api/status",
    put: dict[str, Any] | None = None,
) -> Any:
    """Return the service's own JSON answer, empty if it gives none; *put* is sent to it."""
    token = SecretFiles(settings.home / "secrets").get(SERVICE_TOKEN, length=64)
    request = urllib.request.Request(  # noqa: S310 - our own console
        f"{runtime.console_url}{path}",
        data=None if put is None else json.dumps(put).encode(),
        headers={"X-Moked-Service": token, "Content-Type": "application/json"},
        method="GET" if put is None else "PUT",
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - as above
            return json.load(answer)
    except (urllib.error.URLError, TimeoutError, ConnectionError, json.JSONDecodeError):
        return {}


def tell_service(
    settings: Settings, runtime: Runtime, path: str, body: dict[str, Any] | None = None
) -> Any:
    """Return the service's JSON answer to a request of the command line (*body*: a POST).

    Raises:
        MokedError: it does not answer, or refuses; the text says why.
    """
    token = SecretFiles(settings.home / "secrets").get(SERVICE_TOKEN, length=64)
    request = urllib.request.Request(  # noqa: S310 - our own console
        f"{runtime.console_url}{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "X-Moked-Service": token,
            "Content-Type": "application/json",
            "Accept-Language": "en",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310 - as above
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise MokedError(_refusal(error.read())) from None
    except (urllib.error.URLError, TimeoutError, ConnectionError, json.JSONDecodeError) as error:
        raise MokedError(f"the service does not answer: {error}; see ./moked status") from error


def _refusal(answer: bytes) -> str:
    """Return what a refusing answer says, with every problem that it lists."""
    try:
        said = json.loads(answer)
    except ValueError:
        return "the service answered with something else than JSON; see ./moked status"
    lines = [str(said.get("message", "refused"))]
    lines += [f"{one['file']}:{one['line']}: {one['text']}" for one in said.get("problems", [])]
    lines += told_of(said.get("failing", {}))
    return "\n".join(lines)


def versions(settings: Settings) -> dict[str, Any]:
    """Return what is installed: what the set-up recorded, and our own version."""
    from importlib.metadata import PackageNotFoundError, version

    found: dict[str, Any] = {"moked": _own_version()}
    for name in ("twisted", "sqlalchemy"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    recorded: Path = settings.tools / "versions.json"
    if recorded.exists():
        found |= json.loads(recorded.read_text())
    return found


def first_link(settings: Settings, runtime: Runtime) -> str:
    """Return the one-time link by which the first administrator signs in, ``""`` once used."""
    secret = settings.home / "secrets" / _FIRST_LINK
    return f"{runtime.console_url}/first/{secret.read_text()}" if secret.exists() else ""


def render(state: dict[str, Any]) -> str:
    """Return *state* for a person."""
    lines = ["ready" if state["ready"] else "not ready"]
    lines += [f"  because {reason}" for reason in state["why"]]
    if state.get("console"):
        lines.append(f"console  {state['console']}")
        lines.append(f"sip      {state['sip']['host']}:{state['sip']['port']}")
    lines += [f"line     {one['name']}: {', '.join(one['numbers'])}" for one in state["lines"]]
    lines += [f"count    {name}: {count}" for name, count in sorted(state["counts"].items())]
    lines += [f"warning  {text}" for text in state.get("warnings", [])]
    for name, value in state.get("secrets", {}).items():
        lines.append(f"secret   {name}: {value}")
    return "\n".join(lines)


def _why(watched: dict[str, Any], service: dict[str, Any]) -> list[str]:
    reasons = [
        f"{name} is {child['state']}"
        for name, child in watched.get("children", {}).items()
        if child["state"] != "ready"
    ]
    if watched.get("alarm"):
        reasons.append(str(watched["alarm"]))
    if not service:
        reasons.append("the service does not answer")
    return reasons + list(service.get("why", []))


def _secrets(settings: Settings, runtime: Runtime) -> dict[str, str]:
    folder = settings.home / "secrets"
    found = {
        path.name.removeprefix(_DEMO_USER): path.read_text().strip()
        for path in sorted(folder.glob(f"{_DEMO_USER}*"))
    }
    link = first_link(settings, runtime)
    return found | ({"first sign-in": link} if link else {})


def _own_version() -> str:
    import tomllib

    from ivr.settings import CHECKOUT

    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    return str(project["project"]["version"])
