"""Golden facts of the rendered configuration, and texts that must never reach it."""

import re
from collections.abc import Callable

import pytest

from ivr.pbx.escaping import TextRefused
from ivr.pbx.plan import FailsafeQueue, PbxLine, PbxPlan, PlanRefused
from ivr.pbx.private import DEFAULT_PLAN

Rendered = Callable[..., dict[str, str]]
TRUNK = {
    "name": "bezeq",
    "host": "sip.example.net:5060",
    "username": "97229900",
    "password": "p;w#d",
    "register_with_carrier": True,
    "match": ["198.51.100.0/28"],
}


def section(text: str, name: str, kind: str = "") -> dict[str, str]:
    """Return the options of ``[name]`` (whose ``type`` is *kind*), the last of each."""
    for part in re.split(r"(?m)^(?=\[)", text):
        options = dict(re.findall(r"(?m)^([a-z_]+) *= *(.*)$", part))
        if part.startswith(f"[{name}]") and (not kind or options.get("type") == kind):
            return options
    raise AssertionError(f"no [{name}] {kind}")


def context(extensions: str, name: str) -> str:
    return next(
        part for part in re.split(r"(?m)^(?=\[)", extensions) if part.startswith(f"[{name}]")
    )


def lines_of(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith(";"))


def test_digits_are_logged_nowhere(rendered: Rendered) -> None:
    assert "dtmf" not in rendered()["logger.conf"]
    assert "verbose" not in rendered()["logger.conf"]
    assert "debug" not in rendered()["logger.conf"]


def test_nobody_enters_without_a_name(rendered: Rendered) -> None:
    pjsip = rendered(changes={"trunks": [TRUNK]}, demo=False)["pjsip.conf"]
    assert "anonymous" not in lines_of(pjsip)
    assert section(pjsip, "global")["endpoint_identifier_order"] == "username,ip"
    assert section(pjsip, "global")["taskprocessor_overload_trigger"] == "pjsip_only"


def test_trunk_is_known_by_its_address_only(rendered: Rendered) -> None:
    pjsip = rendered(changes={"trunks": [TRUNK]}, demo=False)["pjsip.conf"]
    trunk = section(pjsip, "trunk-bezeq", "endpoint")
    assert trunk["identify_by"] == "ip"
    assert trunk["allow_transfer"] == "no"
    assert trunk["context"] == "from-trunk"
    assert trunk["permit"] == "198.51.100.0/28"
    assert trunk["deny"] == "0.0.0.0/0"
    assert section(pjsip, "trunk-bezeq", "identify")["match"] == "198.51.100.0/28"
    assert section(pjsip, "trunk-bezeq", "registration")["line"] == "yes"


def test_carrier_password_keeps_its_semicolon(rendered: Rendered) -> None:
    pjsip = rendered(changes={"trunks": [TRUNK]}, demo=False)["pjsip.conf"]
    assert section(pjsip, "trunk-bezeq", "auth")["password"] == r"p\;w#d"


def test_a_real_trunk_has_no_demo_beside_it(rendered: Rendered) -> None:
    files = rendered(changes={"trunks": [TRUNK]}, demo=False)
    assert "trunk-demo" not in files["pjsip.conf"]
    assert "X-Moked-At" not in files["extensions.conf"]
    assert "@trunk-demo" not in files["extensions.conf"]


@pytest.mark.parametrize("name", ["from-trunk", "from-demo"])
def test_trunk_contexts_reach_no_outbound_pattern(rendered: Rendered, name: str) -> None:
    text = context(rendered()["extensions.conf"], name)
    assert "Dial(" not in text
    assert "include" not in text
    assert not re.search(r"(?m)^exten => _", text)
    assert set(re.findall(r"Goto\(([^,]+),", text)) == {"moked-in"}


def test_message_only_number_is_refused_before_all_else(rendered: Rendered) -> None:
    text = context(rendered()["extensions.conf"], "from-trunk")
    for form in ("+972527250801", "972527250801", "00972527250801", "0527250801"):
        steps = text.split(f"exten => {form},1,")[1].split("exten")[0]
        assert "Hangup(21)" in steps
        assert "Stasis" not in steps
        assert "Answer" not in steps
    assert text.index("Hangup(21)") < text.index("Goto(moked-in")


def test_lease_stands_before_the_broadcast_and_failsafe_behind_it(rendered: Rendered) -> None:
    text = context(rendered()["extensions.conf"], "moked-in")
    order = [text.index(word) for word in ("TIMEOUT(absolute)=15", "StasisBroadcast", "failsafe")]
    assert order == sorted(order)
    assert "exten => T,1,Set(MOKED_ENTRY=" in text
    lost = text.partition("exten => T,1,")[2]
    assert '${MOKED_WAITS}" = "1"]?given-up:lost' in lost, "who waited goes to a person"
    assert " same => n,Goto(failsafe" in lost


def test_failsafe_uses_nothing_that_fails_on_touched_channels(rendered: Rendered) -> None:
    text = lines_of(context(rendered()["extensions.conf"], "failsafe"))
    calls = set(re.findall(r"\b([A-Z][A-Z_]*)\(", text))
    assert not calls & {"DB", "STAT", "FILE", "SHELL", "CURL", "LOCK", "REALTIME"}
    assert "AGI(" not in text, "no AGI stands on the way to a person"
    assert text.index("Playback") < text.index("Queue(") < text.index("VoiceMail(")


def test_doors_stand_on_loopback_only(rendered: Rendered) -> None:
    files = rendered(sip_host="0.0.0.0")  # noqa: S104 - the SIP port may be
    assert section(files["http.conf"], "general")["bindaddr"] == "127.0.0.1"
    assert section(files["http.conf"], "general")["enable_static"] == "no"
    assert section(files["http.conf"], "/ari")["deny"] == "0.0.0.0/0"
    assert section(files["manager.conf"], "general")["bindaddr"] == "127.0.0.1"
    rights = section(files["manager.conf"], "moked")["write"].split(",")
    assert not {"system", "command", "originate"} & set(rights)
    assert "live_dangerously = no" in files["asterisk.conf"]
    assert "media_address" not in files["pjsip.conf"]


def test_slow_readers_are_given_time(rendered: Rendered) -> None:
    files = rendered()
    assert section(files["ari.conf"], "general")["websocket_write_timeout"] == "2000"
    assert section(files["http.conf"], "general")["sessionlimit"] == "1000"


def test_only_listed_modules_are_loaded(rendered: Rendered) -> None:
    text = rendered()["modules.conf"]
    assert "autoload = no" in text
    for unwanted in ("func_shell", "func_curl", "app_system", "chan_iax2", "func_db", "cdr_custom"):
        assert unwanted not in text


def test_queue_rings_the_centre(rendered: Rendered) -> None:
    text = rendered()["queues.conf"]
    assert re.findall(r"member => (\S+)", text) == [
        "PJSIP/agent-301", "PJSIP/agent-302", "PJSIP/agent-303",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"name": "x,1,System(rm)"},
        {"name": "שלום"},
        {"numbers": ("+97229900200)\nexten => x,1,System(id)",)},
        {"numbers": ("+97229900200&PJSIP/x",)},
        {"fallback_numbers": ("+1900555&PJSIP/trunk-a",)},
        {"language": "../../etc"},
        {"refusal_cause": 16},
        {"queue": "nowhere"},
    ],
)
def test_hostile_plan_is_refused(change: dict[str, object]) -> None:
    line = {"name": "billing", "numbers": ("+97229900200",), **change}
    with pytest.raises(PlanRefused):
        PbxPlan(lines=(PbxLine(**line),))  # type: ignore[arg-type]


@pytest.mark.parametrize("member", ["301", "agent-1,2", "Local/x@y", "agent-1\n[x]"])
def test_hostile_member_is_refused(member: str) -> None:
    with pytest.raises(PlanRefused):
        PbxPlan(lines=(), queues=(FailsafeQueue(name="q", members=(member,)),))


@pytest.mark.parametrize("where", ["outbound_number", "emergency_caller"])
def test_message_only_number_is_never_shown(where: str) -> None:
    number = "+972527250801"
    silent = PbxLine(name="whatsapp", numbers=(number,), message_only=True)
    shown = number if where == "outbound_number" else ""
    line = PbxLine(name="council", numbers=("106",), outbound_number=shown)
    with pytest.raises(PlanRefused, match="cannot show"):
        PbxPlan(
            lines=(silent, line), emergency_caller=number if where == "emergency_caller" else ""
        )


def test_foreign_number_is_never_shown() -> None:
    line = PbxLine(name="council", numbers=("106",), outbound_number="+97221234567")
    with pytest.raises(PlanRefused, match="cannot show"):
        PbxPlan(lines=(line,))


def test_number_of_two_lines_is_refused() -> None:
    lines = (PbxLine(name="one", numbers=("106",)), PbxLine(name="two", numbers=("106",)))
    with pytest.raises(PlanRefused, match="belongs to"):
        PbxPlan(lines=lines)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(PlanRefused) as refused:
        PbxPlan(lines=(PbxLine(name="A", numbers=("x",), queue="none"),))
    assert str(refused.value).count(";") == 2


def test_password_outside_its_list_is_refused(rendered: Rendered) -> None:
    with pytest.raises(TextRefused):
        rendered(changes={"trunks": [{**TRUNK, "password": "a\\b"}]}, demo=False)


def test_home_with_a_semicolon_is_refused(rendered: Rendered) -> None:
    with pytest.raises(TextRefused):
        rendered(changes={"home": "/srv/a;b"})


def test_default_plan_is_whole() -> None:
    assert {line.name for line in DEFAULT_PLAN.answered} == {"billing", "council"}
    assert {line.name for line in DEFAULT_PLAN.refused} == {"whatsapp-only"}
