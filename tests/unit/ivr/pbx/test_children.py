"""A child's life, seen through real processes but without waiting for them."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from ivr.pbx import children
from ivr.pbx.children import BEAT_LIMIT, FIRST_BEAT, Child, ChildKeeper, ChildState
from ivr.pbx.pid_files import ProcessIdentity


class Straw:
    """Stands in for processes: which are started, which live, what they were sent."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.started = 0
        self.living: set[int] = set()
        self.sent: list[signal.Signals] = []
        monkeypatch.setattr(children, "spawn", self._spawn)
        monkeypatch.setattr(ProcessIdentity, "lives", property(lambda one: one.pid in self.living))
        monkeypatch.setattr(
            ProcessIdentity, "of", classmethod(lambda cls, pid: cls(pid, 1, "boot"))
        )
        monkeypatch.setattr(ProcessIdentity, "signal_group", self._signal)

    def _spawn(self, *_args: object, **_more: object) -> "subprocess.Popen[bytes]":
        self.started += 1
        self.living.add(self.started)

        class Process:
            pid = self.started
            returncode = None

            def poll(self) -> None: ...

        return Process()  # type: ignore[return-value]

    def _signal(self, sign: signal.Signals) -> bool:
        self.sent.append(sign)
        if sign == signal.SIGKILL:
            self.living.clear()
        return True


class Time:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def straw(monkeypatch: pytest.MonkeyPatch) -> Straw:
    return Straw(monkeypatch)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def keeper(tmp_path: Path, time: Time, straw: Straw) -> ChildKeeper:
    child = Child(name="x", argv=("x",), run=tmp_path, log=tmp_path / "x.log", cwd=tmp_path,
                  beat=tmp_path / "beat")  # fmt: skip
    return ChildKeeper(child, time)


def pass_time(keeper: ChildKeeper, time: Time, seconds: float, *, beating: bool) -> None:
    beat = keeper.child.beat
    assert beat is not None
    for _ in range(round(seconds * 2)):
        time.now += 0.5
        if beating:
            beat.touch()
            os.utime(beat, ns=(0, round(time.now * 1e9)))
        keeper.look()


def test_ended_child_is_started_again(keeper: ChildKeeper, time: Time, straw: Straw) -> None:
    keeper.look()
    keeper.became_ready()
    assert keeper.state is ChildState.READY
    straw.living.clear()
    keeper.look()
    assert keeper.pid is None
    time.now += 1
    keeper.look()
    assert straw.started == 2
    assert keeper.history.total == 1


def test_running_child_is_adopted(keeper: ChildKeeper, straw: Straw, tmp_path: Path) -> None:
    straw.living.add(77)
    (tmp_path / "x.pid").write_text("77 1 boot\n")
    keeper.look()
    assert (straw.started, keeper.pid) == (0, 77)


def test_beating_child_is_left_alone(keeper: ChildKeeper, time: Time, straw: Straw) -> None:
    keeper.look()
    pass_time(keeper, time, 60, beating=True)
    assert not straw.sent


def test_child_that_stops_beating_is_killed(keeper: ChildKeeper, time: Time, straw: Straw) -> None:
    keeper.look()
    pass_time(keeper, time, 5, beating=True)
    pass_time(keeper, time, BEAT_LIMIT, beating=False)
    assert not straw.sent
    pass_time(keeper, time, 1, beating=False)
    assert straw.sent == [signal.SIGKILL]
    pass_time(keeper, time, 1, beating=False)
    assert straw.started == 2


def test_starting_child_has_longer(keeper: ChildKeeper, time: Time, straw: Straw) -> None:
    keeper.look()
    pass_time(keeper, time, FIRST_BEAT, beating=False)
    assert not straw.sent
    pass_time(keeper, time, 1, beating=False)
    assert straw.sent == [signal.SIGKILL]


def test_machine_that_slept_kills_nobody(keeper: ChildKeeper, time: Time, straw: Straw) -> None:
    keeper.look()
    pass_time(keeper, time, 5, beating=True)
    time.now += 3600
    keeper.look()
    pass_time(keeper, time, 2, beating=False)
    assert not straw.sent


def test_stopping_child_is_not_started_again(keeper: ChildKeeper, time: Time, straw: Straw) -> None:
    keeper.look()
    keeper.ask_to_end()
    assert straw.sent == [signal.SIGTERM]
    straw.living.clear()
    pass_time(keeper, time, 5, beating=False)
    assert straw.started == 1
    assert keeper.has_ended
