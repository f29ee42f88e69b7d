"""FastAGI, as a real Asterisk speaks it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from ivr.asterisk.agi_server import AgiServer
from ivr.asterisk.agi_session import AgiSession
from ivr.asterisk.errors import AgiError, AgiHungUp, AgiRefused
from tests.calls.ari_real import APP, RealAri
from tests.calls.private_asterisk import PrivateAsterisk
from tests.reactor import ReactorThread

pytestmark = pytest.mark.calls


class Line:
    """Calls that are answered by AGI scripts; ``seen`` is what the scripts wrote down."""

    def __init__(self, asterisk: PrivateAsterisk, reactor: ReactorThread, ari: RealAri) -> None:
        self.seen: list[object] = []
        self._asterisk = asterisk
        self._reactor = reactor
        self._ari = ari
        scripts = {"all": self._all, "hangs": self._hangs, "fails": self._fails}
        self.server = AgiServer(reactor.reactor, scripts)

    def call(self, path: str, channel: str) -> None:
        """Ring the extension that runs the script at *path*; its half is named *channel*."""
        self._reactor.run(
            self._ari.client.channels_originate(
                endpoint="Local/fastagi@parties/n", app=APP, channel_id=f"ours-{channel}",
                other_channel_id=channel,
                variables={"__AGI_PORT": str(self.server.port), "__AGI_PATH": path},
            )
        )  # fmt: skip

    def hang_up(self, channel: str) -> None:
        self._reactor.run(self._ari.client.channels_hangup(f"ours-{channel}"))

    async def _all(self, session: AgiSession) -> None:
        self.seen.append((session.request.path, session.request.query, session.request.channel_id))
        await session.answer()
        await session.verbose('said "so" \\ far')
        await session.set_variable("SPOKEN", 'שלום "x" \\ (y)')
        self.seen.append(await session.get_variable("SPOKEN"))
        self.seen.append(await session.get_variable("NEVER_SET"))
        self.seen.append(await session.stream_file("digits/1"))
        self.seen.append(await session.wait_for_digit(0.1))
        self.seen.append(await session.get_data("digits/2", wait=0.1, digits=3))
        self.seen.append(await session.exec("NoSuchApplication"))
        self.seen.append(await session.exec("Playback", "digits/3", "noanswer"))
        try:
            await session.stream_file("no-such-file")
        except AgiError as error:
            self.seen.append(type(error))
        try:
            await session._command(5, "NONSENSE")
        except AgiRefused as error:
            self.seen.append(error.code)
        await session.set_variable("GLOBAL(AGI_DONE)", "1")
        self.seen.append("done")

    async def _hangs(self, session: AgiSession) -> None:
        self.seen.append("began")
        try:
            await session.wait_for_digit(60)
        except AgiHungUp:
            self.seen.append("hung up")
            raise

    async def _fails(self, session: AgiSession) -> None:
        self.seen.append("began")
        raise RuntimeError("a script may be wrong")


@pytest.fixture
def line(private_asterisk: PrivateAsterisk, reactor: ReactorThread) -> Iterator[Line]:
    ari = RealAri(private_asterisk, reactor)
    ari.connect()
    line = Line(private_asterisk, reactor, ari)
    reactor.run(line.server.listen())
    yield line
    reactor.run(line.server.close())
    ari.close()


def _until(line: Line, what: object) -> None:
    deadline = time.monotonic() + 15
    while what not in line.seen:
        assert time.monotonic() < deadline, line.seen
        time.sleep(0.02)  # the script runs in Asterisk: there is nothing here to wait on


def test_a_script_talks_with_asterisk(line: Line) -> None:
    line.call("all?line=billing", "agi-1")
    _until(line, "done")
    assert line.seen == [
        ("all", {"line": "billing"}, "agi-1"),
        'שלום "x" \\ (y)',
        None,
        "",
        "",
        "",
        "-2",
        "0",
        AgiError,
        510,
        "done",
    ]


def test_hang_up_ends_the_script_at_once(line: Line) -> None:
    line.call("hangs", "agi-2")
    _until(line, "began")
    line.hang_up("agi-2")
    _until(line, "hung up")


def test_a_failing_or_unknown_script_lets_the_dialplan_go_on(line: Line) -> None:
    for path in ("fails", "unknown"):
        line._reactor.run(line._ari.client.asterisk_set_global_var(variable="AGI_ENDED", value=""))
        line.call(path, f"agi-{path}")
        deadline = time.monotonic() + 10
        while not _ended(line):
            assert time.monotonic() < deadline
            time.sleep(0.02)  # as above


def _ended(line: Line) -> str:
    found = line._reactor.run(line._ari.client.asterisk_get_global_var(variable="AGI_ENDED"))
    return found.value
