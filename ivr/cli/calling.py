"""``moked call``: a real call by the demonstration's carrier, with the server's trace beside it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure

from ivr.app.published import read_live
from ivr.cli.state import ask_service
from ivr.demo.call import CallPlan, CallReport, PlacedCall, place_call, render
from ivr.demo.call_report import ServerTrace, TracePrompt, TraceStep
from ivr.demo.prompt_library import load_library
from ivr.errors import MokedError
from ivr.runtime import Runtime
from ivr.settings import Settings

_NUMBER = re.compile(r"[+*#0-9]{2,20}")
_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked on the command line."""

    line: str
    caller: str
    press: str
    seconds: float
    at: str


def make_call(settings: Settings, wish: Wish) -> int:
    """Make the call, print the report, return the exit code.

    Raises:
        MokedError: nothing runs here, or there is no such line.
    """
    runtime = Runtime.load(settings.run)
    if runtime is None:
        raise MokedError("nothing is running here: ./moked up")
    if not runtime.demo:
        raise MokedError("calls are made by the demonstration's carrier; this site has a trunk")
    plan = _plan(settings, runtime, wish)
    report = _in_reactor(plan)
    print(render(report))
    return report.exit_code


def _in_reactor(plan: CallPlan) -> CallReport:
    from twisted.internet import reactor

    running: Any = reactor
    results: list[CallReport | Failure] = []

    def finished(result: CallReport | Failure) -> None:
        results.append(result)
        running.stop()

    running.callWhenRunning(
        lambda: Deferred.fromCoroutine(place_call(running, plan)).addBoth(finished)
    )
    running.run()
    result = results[0] if results else None
    if isinstance(result, Failure):
        result.raiseException()
    if not isinstance(result, CallReport):
        raise MokedError("the call was broken off")
    return result


def _plan(settings: Settings, runtime: Runtime, wish: Wish) -> CallPlan:
    if wish.at and not _AT.fullmatch(wish.at):
        raise MokedError(f"--at {wish.at!r}: write it like 2026-11-24T15:30")
    headers = (("X-Moked-At", re.sub(r"\D", "", wish.at)),) if wish.at else ()
    began = datetime.now(UTC)

    async def fetch(placed: PlacedCall) -> ServerTrace | None:
        return await deferToThread(_fetch, settings, runtime, placed, began)

    return CallPlan(
        server=(runtime.sip_host, runtime.sip_port),
        called_number=_called(settings, wish.line),
        caller_number=wish.caller,
        press=wish.press,
        seconds=wish.seconds,
        bind_host=runtime.demo_host,
        library=load_library(settings.home / "prompts", _parties(settings)),
        fetch_trace=fetch,
        headers=headers,
    )


def _called(settings: Settings, line: str) -> str:
    plans = read_live(settings).loaded.plans
    for name, plan in plans.items():
        if name == line:
            return plan.numbers[0]
    if _NUMBER.fullmatch(line):
        return line
    raise MokedError(f"no line {line!r}; there are {', '.join(plans)}")


def _parties(settings: Settings) -> list[str]:
    """Return the names of the melodies that the demonstration's people speak."""
    phones = [agent.endpoint for agent in read_live(settings).loaded.site.agents.values()]
    return ["external-centre", "on-call", "emergency", *phones]


def _fetch(
    settings: Settings, runtime: Runtime, placed: PlacedCall, began: datetime
) -> ServerTrace | None:
    """Find the call among the latest ones: what the caller sent is kept as it was received."""
    sent = placed.caller_number
    asked = {"limit": 20} | ({"number": sent} if _NUMBER.fullmatch(sent) else {})
    listed = ask_service(settings, runtime, f"/api/calls?{urlencode(asked)}") or []
    for row in listed:
        call = row["call"]
        is_new = datetime.fromisoformat(call["arrived_at"]) >= began
        if is_new and call["caller_received"] == sent:
            return _trace(ask_service(settings, runtime, f"/api/calls/{call['call_id']}"))
    return None


def _trace(found: Mapping[str, Any]) -> ServerTrace | None:
    call = found.get("call")
    if call is None:
        return None
    language = call.get("language", "he")
    rows = found.get("trace", [])
    began = datetime.fromisoformat(call["arrived_at"])
    steps = tuple(
        TraceStep(
            label=row["label"],
            kind=row["kind"],
            at=(datetime.fromisoformat(row["at"]) - began).total_seconds(),
            prompts=tuple(
                TracePrompt(name if "/" in name else f"{language}/{name}") for name in row["heard"]
            ),
            pressed=row["pressed"],
            went_to=row["went_to"],
        )
        for row in rows
    )
    return ServerTrace(steps=steps, outcome=call.get("outcome", ""))
