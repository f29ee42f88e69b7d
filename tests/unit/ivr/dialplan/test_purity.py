"""The language knows nothing of Twisted, storage or sockets, and step kinds not of one another."""

import grimp
import pytest

from ivr.dialplan.loader import KINDS

PURE = ("ivr.dialplan", "ivr.routing.numbers", "ivr.routing.schedule", "ivr.routing.calendar")
IMPURE = {"twisted", "treq", "sqlalchemy", "asyncio", "socket", "ivr.telephony", "ivr.storage"}
SEEN_BY_STEPS = {
    "ivr.dialplan.context",
    "ivr.dialplan.native",
    "ivr.dialplan.outcomes",
    "ivr.dialplan.step",
    "ivr.dialplan.template",
    "ivr.dialplan.expressions",
}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("ivr", include_external_packages=True, cache_dir=None)


@pytest.mark.parametrize("package", PURE)
def test_never_reaches_the_world(graph: grimp.ImportGraph, package: str) -> None:
    reached = graph.find_upstream_modules(package, as_package=True)
    assert not reached & IMPURE


def test_steps_see_the_contract_only(graph: grimp.ImportGraph) -> None:
    for kind in KINDS.values():
        imported = graph.find_modules_directly_imported_by(kind.__module__)
        inside = {name for name in imported if name.startswith("ivr.dialplan")}
        assert inside <= SEEN_BY_STEPS | {"ivr.dialplan"}, kind
