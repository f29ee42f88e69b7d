"""AGI's lines, without a socket."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.asterisk.agi_parser import AgiReply, ReplyReader, command_line, parse_reply, parse_request
from ivr.asterisk.errors import AgiMalformed

BLOCK = [
    "agi_network: yes",
    "agi_request: agi://127.0.0.1:4573/failsafe?line=billing&why=failed",
    "agi_channel: PJSIP/trunk-00000001",
    "agi_uniqueid: 1795.4",
    "agi_callerid: +97225550100",
    "agi_arg_1: first",
    "agi_arg_2: a: b",
]


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("200 result=0", AgiReply(200, "0", None)),
        ("200 result=1 (timeout)", AgiReply(200, "1", "timeout")),
        ("200 result= (timeout)", AgiReply(200, "", "timeout")),
        ("200 result=1 (a (b) c)", AgiReply(200, "1", "a (b) c")),
        ("200 result=0 endpos=12345", AgiReply(200, "0", None)),
        ("200 result=123 (timeout)", AgiReply(200, "123", "timeout")),
        ("200 result=-1", AgiReply(200, "-1", None)),
        ("510 Invalid or unknown command", AgiReply(510, "", None)),
        ("511 Command Not Permitted on a dead channel", AgiReply(511, "", None)),
    ],
)
def test_replies_are_read(line: str, reply: AgiReply) -> None:
    assert parse_reply(line) == reply


@pytest.mark.parametrize("line", ["", "HANGUP", "result=1", "2x0 result=1", "20", "200"])
def test_other_lines_are_no_replies(line: str) -> None:
    with pytest.raises(AgiMalformed):
        parse_reply(line)


def test_usage_is_one_reply_of_several_lines() -> None:
    reader = ReplyReader()
    lines = ["520-Invalid command syntax.  Proper usage follows:", "Usage: ANSWER", "200 result=0"]
    assert [reader.read(line) for line in lines] == [None, None, None]
    assert reader.read("520 End of proper usage.") == AgiReply(520, "", "End of proper usage.")
    assert reader.read("200 result=0") == AgiReply(200, "0", None)


def test_the_first_block_is_read() -> None:
    request = parse_request(BLOCK)
    assert request.path == "failsafe"
    assert request.query == {"line": "billing", "why": "failed"}
    assert request.arguments == ("first", "a: b")
    assert (request.channel, request.channel_id) == ("PJSIP/trunk-00000001", "1795.4")


def test_what_the_caller_sent_is_not_shown() -> None:
    assert "+97225550100" not in repr(parse_request(BLOCK))


@pytest.mark.parametrize(
    "lines",
    [[], ["agi_network: yes"], ["GET / HTTP/1.1"], ["agi_request"], ["agi_request: agi://[x/"]],
)
def test_other_blocks_are_refused(lines: list[str]) -> None:
    with pytest.raises(AgiMalformed):
        parse_request(lines)


def test_arguments_are_quoted() -> None:
    assert command_line("SET VARIABLE", "A", 'say "x" \\') == r'SET VARIABLE "A" "say \"x\" \\"'
    assert command_line("STREAM FILE", "a", "") == 'STREAM FILE "a" ""'


@pytest.mark.parametrize("argument", ["a\nHANGUP", "a\rb", "a\0b"])
def test_an_argument_cannot_begin_another_command(argument: str) -> None:
    with pytest.raises(ValueError, match="line break"):
        command_line("VERBOSE", argument)


@given(st.text(max_size=200))
def test_any_line_is_read_or_refused(line: str) -> None:
    reader = ReplyReader()
    try:
        reply = reader.read(line)
    except AgiMalformed:
        return
    assert reply is None or 0 <= reply.code <= 999


@given(st.lists(st.text(max_size=50), max_size=10))
def test_any_block_is_read_or_refused(lines: list[str]) -> None:
    try:
        request = parse_request([*BLOCK, *lines])
    except AgiMalformed:
        return
    assert request.path
