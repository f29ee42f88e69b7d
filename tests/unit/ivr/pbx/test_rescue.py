"""Who waits and who talks, read from Asterisk's own list."""

from ivr.pbx.rescue import parse_channels, waiting_callers


def row(name: str, context: str, bridge: str = "") -> str:
    return f"{name}!{context}!+97229900200!5!Up!Stasis!x!050!!!3!1!{bridge}!id-{name}"


def waiting(*rows: str) -> list[str]:
    return waiting_callers(parse_channels("\n".join((*rows, "", "2 active channels"))))


def test_caller_alone_waits() -> None:
    assert waiting(row("PJSIP/t-1", "moked-in")) == ["PJSIP/t-1"]


def test_callers_in_one_waiting_bridge_wait() -> None:
    rows = [row(f"PJSIP/t-{n}", "moked-in", "hold") for n in range(2)]
    assert waiting(*rows, row("Announcer/hold", "default", "hold")) == ["PJSIP/t-0", "PJSIP/t-1"]


def test_caller_who_talks_is_left_alone() -> None:
    assert not waiting(
        row("PJSIP/t-1", "moked-in", "talk"),
        row("PJSIP/agent-201-2", "from-agents", "talk"),
        row("Recorder/x", "default", "talk"),
    )


def test_caller_who_is_recorded_alone_still_waits() -> None:
    rows = row("PJSIP/t-1", "moked-in", "b"), row("Recorder/x", "default", "b")
    assert waiting(*rows) == ["PJSIP/t-1"]


def test_who_is_with_the_failsafe_already_is_left_there() -> None:
    assert not waiting(row("PJSIP/t-1", "failsafe"))
