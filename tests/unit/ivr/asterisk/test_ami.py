"""What can be said about AMI without a socket."""

from __future__ import annotations

import pytest
from asterisk.manager import ManagerMsg
from twisted.internet.task import Clock

from ivr.asterisk.ami import Ami, AmiAddress
from ivr.asterisk.ami_connection import output_of
from tests.results import result_of


def test_a_commands_lines_are_all_kept() -> None:
    lines = ["Response: Success\r\n", "Message: Command output follows\r\n"]
    lines += ["Output: Processor   In Queue\r\n", "Output: \r\n", "Output: a: b\r\n"]
    assert output_of(ManagerMsg(lines)) == ["Processor   In Queue", "", "a: b"]


def test_a_value_with_a_line_break_is_refused_before_anything_is_sent() -> None:
    ami = Ami(Clock(), AmiAddress("127.0.0.1", 1, "user", "secret"))
    with pytest.raises(ValueError, match="line break"):
        result_of(ami.redirect("x", "in", "s\r\nAction: Originate"))
    with pytest.raises(ValueError, match="line break"):
        result_of(ami.command("core show channels\nAction: Originate"))


def test_the_secret_is_not_shown() -> None:
    assert "hunter2" not in repr(AmiAddress("127.0.0.1", 1, "user", "hunter2"))
