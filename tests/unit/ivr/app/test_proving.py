"""The path proof as publishing takes it: what is kept, and what is said of a lost caller."""

from __future__ import annotations

import json
from pathlib import Path

from ivr.app.proving import path_proof
from ivr.app.site import ensure_site
from ivr.clock import SystemClock
from ivr.dialplan.check import load_site
from ivr.dialplan.loader import link, read_plan
from ivr.dialplan.publish import PublishRefused
from ivr.ids import LineName
from ivr.settings import CHECKOUT, Settings

SITE = load_site(CHECKOUT / "dialplans").site
LOSES = """\
line: loses
numbers: ['+97229900777']
language: he
start: bye
on_error: bye
steps:
  bye:
    kind: hangup
    prompt: goodbye
"""


def test_a_lost_caller_is_kept_with_the_version_and_told_with_file_and_line(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    ensure_site(settings)
    plan, _ = read_plan("loses.yaml", LOSES)
    assert plan is not None
    proved = path_proof(settings, SystemClock())(link(plan, {}), SITE)
    assert proved.holds is False
    said = json.loads(proved.to_json())
    assert said["holds"] is False
    assert {one["label"] for one in said["counterexamples"]} == {"bye"}
    assert said["told"][0].startswith("loses.yaml:7: steps.bye: ")
    refused = PublishRefused(failing={LineName("loses"): proved.to_json()})
    assert f"loses: {said['told'][0]}" in str(refused)
