"""How the proof's cost grows with the plan: ``python -m tests.bench.proof_growth [steps …]``.

Plans are made of blocks as councils write them: hours, a menu of five keys, a queue, an outside
number, a condition, a counter, a ticket and a message; each block's failures lead to the next
block. Seen on one shared core (2026-11-25): 300 steps 0.25 s, 3,000 steps 3.1 s, 43–52 µs a state.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ivr.dialplan.check import load_site
from ivr.dialplan.loader import link, read_plan
from ivr.dialplan.outcomes import DayKind
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.proof.prove import Proof, Prover
from ivr.dialplan.proof.rules import Budgets

SIZES = (10, 30, 100, 300, 1000, 3000)
_BLOCK = 10  # steps
_SITE = load_site(Path(__file__).parents[2] / "dialplans").site


def plan_of(steps: int) -> Dialplan:
    """Return a plan of about so many steps."""
    blocks = max(1, steps // _BLOCK)
    body = "\n".join(line for block in range(blocks) for line in _block(block, blocks))
    head = "line: grown\nnumbers: ['+97229900777']\nlanguage: he\nstart: hours_0\non_error: last"
    end = "  last: {kind: voicemail, box: centre, accepted: end, empty: bye, impossible: bye}"
    bye = "  bye: {kind: hangup, allowed: measured only}"
    text = f"{head}\ncounters: {{again: 3}}\nsteps:\n{body}\n{end}\n{bye}\n"
    plan, problems = read_plan("grown.yaml", text)
    assert plan is not None
    assert not problems, problems
    return link(plan, {})


def _block(number: int, blocks: int) -> Iterator[str]:
    n, after = number, f"hours_{number + 1}" if number + 1 < blocks else "last"
    keys = {str(key): f"{name}_{n}" for key, name in enumerate(("q", "d", "c", "b", "s"), 1)}
    yield f"  hours_{n}: {{kind: hours, hours: billing_department, open: menu_{n}, closed: s_{n}}}"
    yield (
        f"  menu_{n}: {{kind: menu, prompt: billing_menu, digits: {json.dumps(keys)}, "
        f"repeat_key: '9', no_input: q_{n}, no_match: s_{n}, variable: choice}}"
    )
    yield f"  q_{n}: {{kind: queue, queue: billing, no_answer: t_{n}, empty: d_{n}, full: s_{n}}}"
    exits = "".join(f", {name}: t_{n}" for name in ("busy", "no_answer", "rejected", "unreachable"))
    yield f"  d_{n}: {{kind: dial, number: on_call{exits}}}"
    yield f"  c_{n}: {{kind: set, count: again, next: b_{n}}}"
    often = f"{{if: 'int(vars.again) >= 3', then: s_{n}}}"
    yield f"  b_{n}: {{kind: branch, when: [{often}], else: p_{n}}}"
    yield f"  p_{n}: {{kind: play, prompt: greeting, next: q_{n}}}"
    yield f"  s_{n}: {{kind: set, values: {{topic: block {n}}}, next: m_{n}}}"
    yield f"  m_{n}: {{kind: say, speech: [greeting], next: t_{n}}}"
    yield (
        f"  t_{n}: {{kind: ticket, department: centre, subject: '{{topic}}', text: '{{topic}}', "
        f"opened: {after}, impossible: {after}}}"
    )


def prover() -> Prover:
    """Return a prover that has no limits of time, so that nothing ends the walk early."""
    return Prover(
        site=_SITE,
        length=lambda _language, _name: 3.0,
        day_kind=lambda _moment: DayKind.WORKDAY,
        now=datetime(2026, 11, 22, 10, tzinfo=ZoneInfo("Asia/Jerusalem")),
        budgets=Budgets(first_person=1e9, in_all=1e9),
    )


def measure(steps: int) -> dict[str, Any]:
    plan = plan_of(steps)
    began = time.perf_counter()
    proof: Proof = prover().prove(plan)
    seconds = time.perf_counter() - began
    return {
        "steps": len(plan.steps),
        "worlds": proof.worlds,
        "states": proof.states,
        "seconds": round(seconds, 3),
        "µs per state": round(1e6 * seconds / max(1, proof.states), 1),
        "found": len(proof.counterexamples),
    }


def main() -> int:
    for steps in [int(word) for word in sys.argv[1:]] or SIZES:
        sys.stdout.write(json.dumps(measure(steps), ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
