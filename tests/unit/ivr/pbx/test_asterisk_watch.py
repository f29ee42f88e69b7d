"""When an Asterisk that answers nobody is taken for frozen."""

from dataclasses import dataclass, field

from ivr.pbx.asterisk_watch import CALL_EVERY, MISSED_CALLS, MISSES, MISSES_ALONE, AsteriskWatch
from tests.results import result_of


@dataclass
class Asterisk:
    """Answers as it is told, and counts how often it was killed."""

    sip: bool = True
    calls: bool = True
    console: bool = True
    killed: int = 0
    watch: AsteriskWatch = field(init=False)

    def __post_init__(self) -> None:
        self.watch = AsteriskWatch(self, self.answers_console, self.kill)

    async def options(self) -> bool:
        return self.sip

    async def call(self) -> bool:
        return self.calls

    async def answers_console(self) -> bool:
        return self.console

    def kill(self) -> None:
        self.killed += 1

    def ask(self, times: int) -> int:
        for _ in range(times):
            result_of(self.watch.ask())
        return self.killed


def test_well_asterisk_is_left_alone() -> None:
    assert Asterisk().ask(100) == 0


def test_frozen_asterisk_is_killed_once() -> None:
    asterisk = Asterisk()
    asterisk.ask(1)
    asterisk.sip = asterisk.console = False
    assert asterisk.ask(MISSES - 1) == 0
    assert asterisk.ask(1) == 1
    assert asterisk.ask(20) == 1, "the next one is not killed before it answered"


def test_overloaded_asterisk_gets_more_time() -> None:
    asterisk = Asterisk()
    asterisk.ask(1)
    asterisk.sip = False
    assert asterisk.ask(MISSES_ALONE - 1) == 0
    assert asterisk.ask(1) == 1


def test_one_answer_forgives_all_misses() -> None:
    asterisk = Asterisk(console=False)
    asterisk.ask(1)
    for _ in range(10):
        asterisk.sip = False
        asterisk.ask(MISSES - 1)
        asterisk.sip = True
        asterisk.ask(1)
    assert asterisk.killed == 0


def test_dialplan_that_answers_no_call_is_noticed() -> None:
    asterisk = Asterisk(calls=False)
    assert asterisk.ask(CALL_EVERY * MISSED_CALLS - 1) == 0
    assert asterisk.ask(1) == 1
