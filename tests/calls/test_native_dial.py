"""Native forms: who does not press 1 does not get the call, the caller goes on; hours, emergency.

That pressing 1 takes the call is seen in ``test_native_plan``: keys of a called SIPp do not count.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.app.native_lines import Outside, context_of
from ivr.app.native_site import table_context
from ivr.dialplan.check import load_site
from ivr.dialplan.native_plan import compile_plan
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.step import Step
from ivr.dialplan.steps.dial import Dial
from ivr.dialplan.steps.emergency import Emergency
from ivr.dialplan.steps.hangup import Hangup
from ivr.dialplan.steps.hours import Hours
from ivr.dialplan.steps.voicemail import Voicemail
from ivr.dialplan.time_tables import beginning, hours_table
from ivr.ids import Label, LineName
from ivr.pbx.configuring import configure, pbx_secrets
from ivr.pbx.plan import PbxLine, PbxPlan
from ivr.pbx.private import PrivateAsterisk, private_asterisk
from ivr.routing.schedule import Schedule, parse_interval
from tests.calls.house import until
from tests.calls.pbx_ari import ari
from tests.calls.private_asterisk import CHECKOUT, asterisk_root
from tests.calls.sipp_runner import Phone, SippFarm
from tests.fakes.caller import NOON

pytestmark = [pytest.mark.calls, pytest.mark.timeout(120)]
SHORT = bytes([0x10, 0x90] * 800)  # a fifth of a second of A-law
SITE = load_site(CHECKOUT / "dialplans").site
NUMBER = "+97229900201"
_MESSAGE, _OUT = Label("message"), Label("out")


def _plan() -> Dialplan:
    """Closed: out at once. Emergency: a message. Else the on-call phone, which presses 1."""
    steps: dict[str, Step] = {
        "open": Hours(hours="billing_department", open=Label("alarm"), closed=_OUT),
        "alarm": Emergency(on=_MESSAGE, off=Label("on_call")),
        "on_call": Dial(
            number="on_call", ring_for=5, confirm="on_call_accept", busy=_MESSAGE,
            no_answer=_MESSAGE, rejected=_MESSAGE, unreachable=_MESSAGE,
        ),
        "message": Voicemail(box="centre", accepted=_OUT, empty=_OUT, impossible=_OUT),
        "out": Hangup(allowed="a test"),
    }  # fmt: skip
    return Dialplan(
        line=LineName("dials"),
        numbers=(NUMBER,),
        language="he",
        start=Label("open"),
        on_error=_MESSAGE,
        steps={Label(label): step for label, step in steps.items()},
        languages={"dials": ("he",)},
    )


def _pbx_plan(schedule: Schedule) -> PbxPlan:
    native = compile_plan(_plan(), SITE)
    outside = Outside(
        numbers={"on_call": "+972509990400"},
        trunks=("trunk-demo",),
        shown=NUMBER,
        tables={("hours", "billing_department"): "moked-table-1"},
        queue_waits={},
    )
    context = context_of(native, outside)
    hours = hours_table(schedule, beginning(NOON))
    table = table_context("moked-table-1", ("hours", "billing_department"), hours)
    line = PbxLine(name="dials", numbers=(NUMBER,), plan_start=context.extensions[0].name)
    return PbxPlan(lines=(replace(line, outbound_number=NUMBER),), contexts=(context, table))


def _hours(*times: str) -> Schedule:
    zone = SITE.authority.timezone
    return Schedule(zone, dict.fromkeys(range(7), tuple(parse_interval(one) for one in times)))


@pytest.fixture(scope="module")
def pbx() -> Iterator[PrivateAsterisk]:
    root = asterisk_root()
    assert root is not None
    with (
        tempfile.TemporaryDirectory(prefix="dial-") as folder,
        private_asterisk(Path(folder), root) as running,
    ):
        prompts = running.places.prompts / "he"
        prompts.mkdir(parents=True)
        for name in ("on_call_accept", "leave_message", "failsafe_apology"):
            (prompts / f"{name}.alaw").write_bytes(SHORT)
        _configure(running, _hours("00:00-24:00"))
        yield running


def _configure(pbx: PrivateAsterisk, schedule: Schedule) -> None:
    configure(_pbx_plan(schedule), pbx.settings, pbx.runtime, pbx_secrets(pbx.settings))


@pytest.fixture
def farm(pbx: PrivateAsterisk, tmp_path: Path) -> Iterator[SippFarm]:
    server = (pbx.runtime.sip_host, pbx.runtime.sip_port)
    with SippFarm(tmp_path, server, host=pbx.runtime.demo_host) as made:
        yield made


def _mobile(pbx: PrivateAsterisk, farm: SippFarm) -> Phone:
    return Phone(farm, "mobile", "", pbx.runtime.demo_host, pbx.runtime.demo_port)


def _record(pbx: PrivateAsterisk, caller: str) -> list[str]:
    """Return the last of the call's records: what was done with it in the end."""

    def found() -> list[str] | None:
        text = pbx.places.cdr.read_text() if pbx.places.cdr.exists() else ""
        rows = [row for row in csv.reader(text.splitlines()) if len(row) == 21]
        return next((row for row in reversed(rows) if row[17].endswith(f":{caller}")), None)

    return until(found, 10, "the call's record")


@pytest.mark.parametrize(
    ("caller", "presses", "talk"),
    [("0501110002", [(0.3, "2")], 4.0), ("0501110003", [], 1.0)],
    ids=["another key", "hangs up without one"],
)
def test_who_does_not_press_1_does_not(
    pbx: PrivateAsterisk,
    farm: SippFarm,
    caller: str,
    presses: list[tuple[float, str]],
    talk: float,
) -> None:
    mobile = _mobile(pbx, farm).answer(presses=presses, talk=talk)
    call = farm.call(NUMBER, caller=caller, talk=8.0)
    mobile.wait()
    assert call.wait().ok
    assert _record(pbx, caller)[7:9] == ["VoiceMail", "dials@moked,s"]


@pytest.mark.parametrize(
    ("status", "caller"), [(486, "0501110004"), (603, "0501110005"), (503, "0501110006")]
)
def test_who_refuses_does_not(
    pbx: PrivateAsterisk, farm: SippFarm, status: int, caller: str
) -> None:
    mobile = _mobile(pbx, farm).refuse(status)
    assert farm.call(NUMBER, caller=caller, talk=4.0).wait().ok
    assert mobile.wait().ok
    assert _record(pbx, caller)[7] == "VoiceMail"


def test_emergency_is_a_global_that_we_set(pbx: PrivateAsterisk, farm: SippFarm) -> None:
    ari(pbx, "POST", "asterisk/variable?variable=MOKED_EMERGENCY&value=1")
    try:
        assert farm.call(NUMBER, caller="0501110007", talk=4.0).wait().ok
    finally:
        ari(pbx, "POST", "asterisk/variable?variable=MOKED_EMERGENCY&value=0")
    row = _record(pbx, "0501110007")
    assert row[7] == "VoiceMail"
    assert int(row[13]) <= 6, "nobody was called before"


def test_hours_come_from_the_table(pbx: PrivateAsterisk, farm: SippFarm) -> None:
    _configure(pbx, _hours())
    call = farm.call(NUMBER, caller="0501110008", talk=4.0, then_hang_up=False)
    assert call.wait().ok
    assert _record(pbx, "0501110008")[7] == "Hangup"
