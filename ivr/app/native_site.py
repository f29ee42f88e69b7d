"""Compiles the site's plans for Asterisk: every line whose native form serves all callers.

A line that cannot be compiled, or whose native form is not proved, keeps the fail-safe's plain way
to a person; ``moked dialplan prove`` names the caller for whom it failed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from ivr.app.native_lines import Outside, context_of
from ivr.dialplan.check import LoadedSite
from ivr.dialplan.fallback import own_number
from ivr.dialplan.native import Dial, Fact
from ivr.dialplan.native_plan import NativePlan, NotCompilable, compile_plan
from ivr.dialplan.outcomes import DayKind
from ivr.dialplan.proof.prove import Proof, Prover
from ivr.dialplan.time_tables import TimeTable, beginning, hours_table, kinds_table
from ivr.ids import LineName, QueueName
from ivr.pbx.contexts import PbxContext, PbxExtension, PbxPriority
from ivr.pbx.escaping import Allowed, allow, written
from ivr.pbx.plan import FailsafeQueue, trunk_endpoints
from ivr.settings import Settings

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeSite:
    """What Asterisk is given besides the fail-safe."""

    starts: Mapping[LineName, str]  # line → extension at which its compiled plan begins
    contexts: tuple[PbxContext, ...] = ()
    queues: tuple[FailsafeQueue, ...] = ()


def native_site(settings: Settings, loaded: LoadedSite, prover: Prover) -> NativeSite:
    """Return the compiled form of all lines of *loaded* that have one."""
    plans = tuple(_usable(loaded, prover))
    tables = _tables(loaded, plans, prover)
    names = {fact: f"moked-table-{number}" for number, fact in enumerate(tables, 1)}
    lines = [context_of(plan, _outside(settings, loaded, plan, names)) for plan in plans]
    return NativeSite(
        starts={
            plan.line: context.extensions[0].name
            for plan, context in zip(plans, lines, strict=True)
        },
        contexts=(*lines, *(table_context(names[fact], fact, tables[fact]) for fact in tables)),
        queues=tuple(_queues(loaded, plans)),
    )


def proved(loaded: LoadedSite, prover: Prover) -> Iterable[tuple[NativePlan, Proof]]:
    """Yield the native form of each line that has one, with the proof that it serves callers."""
    for plan in loaded.plans.values():
        try:
            native = compile_plan(plan, loaded.site)
        except NotCompilable:
            continue  # refused before it is answered, or its first step already needs us
        yield native, prover.prove(native.as_dialplan())


def _usable(loaded: LoadedSite, prover: Prover) -> Iterable[NativePlan]:
    for native, proof in proved(loaded, prover):
        if proof.holds:
            yield native
        else:
            log.warning("native plan not proved: its callers go to a person", line=native.line)


def table_context(name: str, fact: Fact, table: TimeTable) -> PbxContext:
    """Return a context with a subroutine for each day, which returns what is so now."""
    extensions = tuple(
        PbxExtension(str(day), (PbxPriority(_now(table, day)),)) for day in table.days
    )
    usual = written("Return(<usual>)", usual=allow(table.usual, "word"))
    return PbxContext(name, f"{fact[0]}/{fact[1]}", extensions, usual)


def _now(table: TimeTable, day: int) -> Allowed:
    first, *later = table.days[day]
    value: Allowed = allow(first.value, "word")
    for one in later:
        value = written(
            "${IF($[${EPOCH} < <start>]?<before>:<after>)}",
            start=allow(one.start, "epoch"),
            before=value,
            after=allow(one.value, "word"),
        )
    return written("Return(<value>)", value=value)


def _tables(
    loaded: LoadedSite, plans: Iterable[NativePlan], prover: Prover
) -> Mapping[Fact, TimeTable]:
    start = beginning(prover.now)
    named = sorted({name for plan in plans for name in plan.facts("hours")})
    tables: dict[Fact, TimeTable] = {
        ("hours", name): hours_table(loaded.site.hours[name], start) for name in named
    }
    if any(plan.facts("day") for plan in plans):
        tables["day", ""] = kinds_table(_words(prover.day_kind), start, str(DayKind.WORKDAY))
    return tables


def _words(kind: Callable[[datetime], DayKind]) -> Callable[[datetime], str]:
    return lambda moment: str(kind(moment))


def _outside(
    settings: Settings, loaded: LoadedSite, plan: NativePlan, tables: Mapping[Fact, str]
) -> Outside:
    site, demo = loaded.site, settings.demo_wanted
    asked = {one.number for one in plan.operations() if isinstance(one, Dial)}
    numbers = {name: site.number_of(name) for name in asked}
    never = frozenset() if demo else site.demo_numbers  # as when our service calls outside
    return Outside(
        numbers={name: number for name, number in numbers.items() if number not in never},
        trunks=trunk_endpoints(settings, demo=demo),
        shown=own_number(plan.numbers),
        tables=tables,
        queue_waits={str(name): queue.wait for name, queue in site.queues.items()},
    )


def _queues(loaded: LoadedSite, plans: Iterable[NativePlan]) -> Iterable[FailsafeQueue]:
    for name in sorted({queue for plan in plans for queue in plan.queues()}):
        queue = loaded.site.queues[QueueName(name)]
        yield FailsafeQueue(
            name=name,
            members=tuple(loaded.site.agents[agent].endpoint for agent in queue.agents),
            ring_for=round(queue.ring_for),
            wait=min(round(queue.wait), 600),
            capacity=queue.capacity,
        )
