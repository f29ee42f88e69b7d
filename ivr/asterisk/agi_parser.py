"""Reads and writes the lines of AGI, without a socket.

Asterisk 22.10.1 (``res_agi.c``): a block of ``agi_…: value`` lines, then one reply per command.
A wrong command is answered over several lines (``520-…`` to ``520 …``). A line ``HANGUP`` may come
after any reply and answers nothing; from then on most commands are answered with 511.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from ivr.asterisk.errors import AgiMalformed

LONGEST_LINE = 8192
MOST_VARIABLES = 256
HANGUP = "HANGUP"

_REPLY = re.compile(r"(?P<code>\d{3})[ -](?:result=(?P<result>\S*))?(?:.*? ?\((?P<data>.*)\))?")
_FORBIDDEN = re.compile(r"[\r\n\0]")


@dataclass(frozen=True)
class AgiReply:
    """One reply; ``200 result=1 (timeout)`` has code 200, result ``1`` and data ``timeout``."""

    code: int
    result: str
    data: str | None


@dataclass(frozen=True)
class AgiRequest:
    """What Asterisk says when it calls: ``agi://host/path?query`` and the call's variables."""

    path: str
    query: Mapping[str, str]
    arguments: tuple[str, ...]
    variables: Mapping[str, str] = field(repr=False)

    @property
    def channel(self) -> str:
        """The channel's name, such as ``PJSIP/trunk-00000001``."""
        return self.variables.get("agi_channel", "")

    @property
    def channel_id(self) -> str:
        """The channel's unique id, as ARI knows it."""
        return self.variables.get("agi_uniqueid", "")


def parse_reply(line: str) -> AgiReply:
    """Read ``200 result=1 (timeout)`` and its relatives.

    Raises:
        AgiMalformed: the line is not an AGI reply.
    """
    match = _REPLY.match(line)
    if match is None:
        # The line may hold what the caller typed: it is not quoted.
        raise AgiMalformed("not an AGI reply")
    return AgiReply(int(match["code"]), match["result"] or "", match["data"])


def parse_request(lines: Iterable[str]) -> AgiRequest:
    """Read the block that begins a session.

    Raises:
        AgiMalformed: a line is not ``name: value``, or there is no request in it.
    """
    variables: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name.startswith("agi_"):
            raise AgiMalformed("not a line of AGI's first block")
        variables[name] = value.strip()
    if "agi_request" not in variables:
        raise AgiMalformed("no agi_request")
    try:
        address = urlsplit(variables["agi_request"])
    except ValueError as problem:
        raise AgiMalformed("agi_request is not an address") from problem
    path = unquote(address.path).strip("/")
    return AgiRequest(path, dict(parse_qsl(address.query)), _arguments(variables), variables)


def command_line(verb: str, *arguments: str) -> str:
    """Write one command; every argument is quoted.

    Raises:
        ValueError: an argument holds a line break, which AGI has no way to carry.
    """
    return " ".join([verb, *(_quoted(argument) for argument in arguments)])


class ReplyReader:
    """Turns lines into replies; those of a several-line reply are swallowed until its last."""

    def __init__(self) -> None:
        self._usage: int | None = None

    def read(self, line: str) -> AgiReply | None:
        """The reply that *line* completes; None while more lines of it are to come.

        Raises:
            AgiMalformed: the line belongs to no reply.
        """
        if self._usage is not None:
            return self._read_usage(line, self._usage)
        reply = parse_reply(line)
        if line[3] == "-":
            self._usage = reply.code
            return None
        return reply

    def _read_usage(self, line: str, code: int) -> AgiReply | None:
        if not line.startswith(f"{code} "):
            return None
        self._usage = None
        return AgiReply(code, "", line[4:])


def _arguments(variables: Mapping[str, str]) -> tuple[str, ...]:
    found: list[str] = []
    while (name := f"agi_arg_{len(found) + 1}") in variables:
        found.append(variables[name])
    return tuple(found)


def _quoted(argument: str) -> str:
    if _FORBIDDEN.search(argument):
        raise ValueError("an AGI argument must not hold a line break")
    escaped = argument.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
