"""``moked dialplan publish`` and its like: by the running service, else on the database itself."""

import getpass
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import asdict
from typing import Any, TypeVar
from urllib.parse import quote

from twisted.internet.defer import Deferred

from ivr.app.site import ensure_site
from ivr.app.workshop import publish_alone
from ivr.calls.plan_views import PlanViews
from ivr.calls.publishing import Publication, Publisher, Workshop
from ivr.cli.state import tell_service
from ivr.pbx.configuring import SERVICE
from ivr.pbx.pid_files import PidFile
from ivr.runtime import Runtime
from ivr.settings import Settings
from ivr.storage.records import PublishOrder

T = TypeVar("T")
Rows = list[dict[str, Any]]


def publish(settings: Settings, lines: Sequence[str], note: str, override: str) -> str:
    """Publish drafts (none named: all that differ) and return what to tell.

    Raises:
        MokedError: refused, with every problem; or the service runs but does not answer.
    """
    if runtime := _running(settings):
        body = {"lines": list(lines), "note": note, "override": override, "by": _me()}
        return _told(tell_service(settings, runtime, "/api/dialplans/publish", body))
    order = PublishOrder(by=_me(), note=note, override_reason=override)
    done = _alone(settings, lambda publisher, _shop: publisher.publish(lines, order))
    return _told(_plain(done))


def roll_back(settings: Settings, line: str, version: int, note: str, override: str) -> str:
    """Publish an old version again and return what to tell.

    Raises:
        MokedError: as for ``publish``; or there is no such version.
    """
    if runtime := _running(settings):
        body = {"version": version, "note": note, "override": override, "by": _me()}
        return _told(tell_service(settings, runtime, f"{_path(line)}/roll-back", body))
    order = PublishOrder(by=_me(), note=note, override_reason=override)
    done = _alone(settings, lambda publisher, _shop: publisher.roll_back(line, version, order))
    return _told(_plain(done))


def states(settings: Settings) -> Rows:
    """Return every line with what is live and how the draft stands to it."""
    if runtime := _running(settings):
        rows: Rows = tell_service(settings, runtime, "/api/dialplans")
        return rows
    found = _alone(settings, lambda _publisher, shop: PlanViews(shop).states())
    return [asdict(one) for one in found]


def versions(settings: Settings, line: str) -> Rows:
    """Return every version of *line*, the newest first."""
    if runtime := _running(settings):
        rows: Rows = tell_service(settings, runtime, f"{_path(line)}/versions")
        return rows
    found = _alone(settings, lambda _publisher, shop: PlanViews(shop).versions(line))
    return [asdict(one) for one in found]


def render_states(rows: Rows) -> str:
    lines = []
    for one in rows:
        live = f"version {one['version']}" if one["version"] else "never published"
        said = f"{one['name']}: {live}, draft {one['draft']}"
        said += f", {one['problems']} problems" if one["problems"] else ""
        due = one["scheduled_for"]
        lines.append(said + (f", publishes at {due}" if due else ""))
    return "\n".join(lines)


def render_versions(rows: Rows) -> str:
    lines = []
    for one in rows:
        said = f"{one['version']}  {str(one['published_at'])[:16]}  {one['published_by']}"
        said += f"  (from {one['based_on']})" if one["based_on"] else ""
        said += f"  {one['note']}" if one["note"] else ""
        said += f"  override: {one['override_reason']}" if one["override_reason"] else ""
        lines.append(said)
    return "\n".join(lines)


def _alone(
    settings: Settings, work: "Callable[[Publisher, Workshop], Coroutine[Deferred[Any], Any, T]]"
) -> T:
    ensure_site(settings)
    return publish_alone(settings, work)


def _running(settings: Settings) -> Runtime | None:
    """Return where the service runs; while it does, it alone changes what is live."""
    runtime = Runtime.load(settings.run)
    return runtime if PidFile(settings.run / f"{SERVICE}.pid").living() else None


def _path(line: str) -> str:
    return f"/api/dialplans/lines/{quote(line, safe='')}"


def _told(done: dict[str, Any]) -> str:
    said = [f"published: {one['line']}, version {one['version']}" for one in done["versions"]]
    return "\n".join([*(said or ["nothing differs from what is live"]), *done["remarks"]])


def _plain(done: Publication) -> dict[str, Any]:
    return {"versions": [asdict(one) for one in done.versions], "remarks": done.remarks}


def _me() -> str:
    """Return who is at the command line, as the audit table names them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in a container
        return "command line"
