"""What may be published: the whole house as it would be, problems, proofs, and written reasons."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from ivr.dialplan.bundle import (
    SITE_UNIT,
    assemble,
    bundle_of,
    differs,
    files_of,
    understand,
    units_of,
)
from ivr.dialplan.check import load_site
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.problem import SiteInvalid
from ivr.dialplan.publish import Approved, Prove, PublishRefused, approve
from ivr.dialplan.site import Site
from ivr.dialplan.usage import used_live, where_used
from ivr.ids import LineName

SHIPPED = Path(__file__).parents[4] / "dialplans"
FILES = {path.name: path.read_text() for path in sorted(SHIPPED.glob("*.yaml"))}
LIVE = {unit: bundle_of(unit, FILES) for unit in units_of(FILES)}


@dataclass(frozen=True)
class Result:
    holds: bool = True

    def to_json(self) -> str:
        return "{}"


HOLDS: Prove = lambda _plan, _site: Result()  # noqa: E731


def look(changed: dict[str, str], *, prove: Prove = HOLDS, override: str = "") -> Approved:
    return approve(LIVE, changed, known_prompts=None, prove=prove, override_reason=override)


def drafted(unit: str, old: str, new: str, file: str = "") -> dict[str, str]:
    name = file or (unit if unit == SITE_UNIT else f"{unit}.yaml")
    assert old in FILES[name]
    return {unit: bundle_of(unit, {**FILES, name: FILES[name].replace(old, new)})}


def test_the_shipped_house_is_the_same_by_its_files_and_by_its_bundles() -> None:
    assert set(LIVE) == {SITE_UNIT, "billing", "council", "whatsapp-only"}
    loaded = load_site(SHIPPED)
    for read in (assemble(LIVE), understand(LIVE)):
        assert read.plans == loaded.plans
        assert (read.site.queues, read.site.numbers) == (loaded.site.queues, loaded.site.numbers)
    assert {line: plan.text for line, plan in loaded.plans.items()} == {
        line: text for line, text in LIVE.items() if line != SITE_UNIT
    }


def test_a_draft_differs_with_any_of_its_files_and_only_then() -> None:
    files = {**FILES, "centre.yaml": FILES["centre.yaml"] + "# x\n"}
    changed = [unit for unit, text in LIVE.items() if differs(unit, text, files)]
    assert changed == ["billing", "council"]
    broken = {**FILES, "billing.yaml": "steps: ["}
    assert differs("billing", LIVE["billing"], broken)
    assert files_of(bundle_of("billing", broken)) == {"billing.yaml": "steps: ["}


def test_a_line_is_looked_at_with_the_site_that_is_live() -> None:
    with pytest.raises(PublishRefused) as refused:
        look(drafted("billing", "queue: billing", "queue: new_one"))
    assert "no queue 'new_one'" in str(refused.value)


def test_a_site_is_looked_at_with_the_lines_that_are_live() -> None:
    taken = drafted(SITE_UNIT, "external_payment_centre:", "another_centre:")
    with pytest.raises(PublishRefused) as refused:
        look(taken)
    assert "billing.yaml:" in str(refused.value)


def test_two_lines_never_answer_one_number() -> None:
    with pytest.raises(PublishRefused) as refused:
        look(drafted("council", "+97229900106", "+97229900200"))
    assert "belongs to billing.yaml already" in str(refused.value)


def test_the_line_the_emergency_services_see_stays() -> None:
    emergency = load_site(SHIPPED).site.emergency_line
    with pytest.raises(PublishRefused) as refused:
        look({emergency: ""})
    assert "emergency_line" in str(refused.value)


def test_what_is_changed_is_proved_and_a_new_site_proves_every_line() -> None:
    proved: list[str] = []

    def prove(plan: Dialplan, _site: Site) -> Result:
        proved.append(plan.line)
        return Result()

    look(drafted("billing", "ring_for: 30", "ring_for: 31"), prove=prove)
    assert proved == ["billing"]
    look(drafted(SITE_UNIT, "ring_for: 15", "ring_for: 16"), prove=prove)
    assert sorted(proved) == ["billing", "billing", "council", "whatsapp-only"]


def test_a_failing_proof_needs_a_written_reason() -> None:
    changed = drafted("billing", "ring_for: 30", "ring_for: 31")
    prove: Prove = lambda _plan, _site: Result(holds=False)  # noqa: E731
    with pytest.raises(PublishRefused) as refused:
        look(changed, prove=prove, override=" \n")
    assert refused.value.failing == {"billing": "{}"}
    approved = look(changed, prove=prove, override="asked for by the mayor")
    assert approved.proofs == {"billing": "{}"}


def test_no_reason_publishes_what_has_problems() -> None:
    with pytest.raises(PublishRefused):
        look(drafted("billing", "queue: billing", "queue: new_one"), override="I insist")


def test_a_published_line_that_is_not_understood_any_more_says_so() -> None:
    old = {**LIVE, **drafted("billing", "kind: queue", "kind: quue")}
    with pytest.raises(SiteInvalid):
        understand(old)
    with pytest.raises(PublishRefused):
        approve(old, {}, known_prompts=None, prove=HOLDS, override_reason="")
    mended = {"billing": LIVE["billing"]}
    assert approve(old, mended, known_prompts=None, prove=HOLDS, override_reason="")


def test_a_file_that_names_another_line_is_no_version_of_this_one() -> None:
    with pytest.raises(PublishRefused):
        look(drafted("council", "line: council", "line: other"))


def test_uses_are_found_in_steps_and_in_the_site() -> None:
    found = where_used(FILES, "queue", "centre")
    assert {use.file for use in found} == {"centre.yaml", SITE_UNIT}
    assert FILES["centre.yaml"].splitlines()[found[0].line - 1].strip() == f"{found[0].step}:"
    live = used_live(LIVE, "queue", "centre")
    assert {(use.file, use.live) for use in live} == {(SITE_UNIT, True), ("centre.yaml", True)}
    assert where_used(FILES, "prompt", "no_such_prompt") == []


def handing_over(line: str) -> dict[str, str]:
    by_centre = "  centre:\n    kind: subroutine\n    dialplan: centre\n    next: end\n"
    assert by_centre in FILES["council.yaml"]
    to_line = f"  centre:\n    kind: transfer\n    line: {line}\n"
    return {**FILES, "council.yaml": FILES["council.yaml"].replace(by_centre, to_line)}


def test_a_line_that_hands_over_pins_the_other_one_too() -> None:
    files = handing_over("billing")
    bundle = bundle_of("council", files)
    assert set(files_of(bundle)) == {"council.yaml", "billing.yaml", "centre.yaml"}
    approved = look({"council": bundle})
    assert files_of(approved.loaded.plans[LineName("council")].text) == files_of(bundle)
    later = {**files, "billing.yaml": FILES["billing.yaml"] + "# x\n"}
    assert differs("council", bundle, later)
    assert {use.file for use in used_live({"council": bundle}, "line", "billing")} == {
        "council.yaml"
    }


def test_nobody_hands_over_to_a_line_that_takes_no_calls() -> None:
    with pytest.raises(PublishRefused, match="takes no voice calls"):
        look({"council": bundle_of("council", handing_over("whatsapp-only"))})
