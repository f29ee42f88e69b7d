"""The manager interface of a real Asterisk, through our client."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator

import pytest

from ivr.asterisk.ami import Ami, AmiAddress
from ivr.asterisk.errors import AmiRefused, AmiTimeout, AmiUnavailable
from tests.calls.ari_real import RealAri
from tests.calls.private_asterisk import PrivateAsterisk, asterisk_root
from tests.contracts.ari_steps import claimed
from tests.contracts.ari_world import World
from tests.reactor import ReactorThread

# pyst2 uses old names of `threading`.
pytestmark = [
    pytest.mark.calls,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:asterisk.manager"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ivr.asterisk.ami"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ivr.asterisk.ami_connection"),
]


def _ami(asterisk: PrivateAsterisk, reactor: ReactorThread, deadline: float = 5.0) -> Ami:
    address = AmiAddress("127.0.0.1", asterisk.ami_port, asterisk.user, asterisk.password)
    return reactor.call(Ami, reactor.reactor, address, deadline)


@pytest.fixture
def ami(private_asterisk: PrivateAsterisk, reactor: ReactorThread) -> Iterator[Ami]:
    ami = _ami(private_asterisk, reactor)
    yield ami
    reactor.run(ami.close())


def test_asks_how_asterisk_is(ami: Ami, reactor: ReactorThread) -> None:
    reactor.run(ami.ping())
    assert "CoreStartupTime" in reactor.run(ami.core_status())
    queued = reactor.run(ami.queued_tasks())
    assert any("ari" in name or "stasis" in name for name in queued)
    assert all(tasks >= 0 for tasks in queued.values())
    reactor.run(ami.reload("logger"))


def test_asks_who_serves_a_native_queue(ami: Ami, reactor: ReactorThread) -> None:
    members = reactor.run(ami.queue_status("emergency"))
    assert [member["Location"] for member in members] == ["Local/answers@parties"]
    assert reactor.run(ami.queue_status("no-such-queue")) == []
    reactor.run(ami.ping())


def test_fetches_a_caller_out_of_stasis(
    ami: Ami, private_asterisk: PrivateAsterisk, reactor: ReactorThread
) -> None:
    ari = RealAri(private_asterisk, reactor)
    ari.connect()

    async def scenario(world: World) -> None:
        channel = await claimed(world, "caller")
        found = await ami.core_show_channels()
        assert channel in [entry["Uniqueid"] for entry in found]
        await ami.absolute_timeout(channel, 600)
        await ami.redirect(channel, "parties", "continued")
        await world.until("StasisEnd", channel="caller")
        where = (await world.channels_get(channel)).dialplan
        assert (where.context, where.exten) == ("parties", "continued")
        await world.channels_hangup(channel)

    try:
        ari.play(scenario)
    finally:
        ari.close()


def test_refusals_carry_asterisks_words(ami: Ami, reactor: ReactorThread) -> None:
    with pytest.raises(AmiRefused, match="Channel does not exist"):
        reactor.run(ami.redirect("no-such", "parties", "continued"))
    reactor.run(ami.ping())


def test_values_cannot_smuggle_headers(ami: Ami, reactor: ReactorThread) -> None:
    with pytest.raises(ValueError, match="line break"):
        reactor.run(ami.redirect("x\r\nAction: Command", "parties", "continued"))


def test_wrong_secret_is_unavailable(
    private_asterisk: PrivateAsterisk, reactor: ReactorThread
) -> None:
    address = AmiAddress("127.0.0.1", private_asterisk.ami_port, "tests", "wrong")
    ami = reactor.call(Ami, reactor.reactor, address)
    try:
        with pytest.raises(AmiUnavailable):
            reactor.run(ami.ping())
    finally:
        reactor.run(ami.close())


def test_a_frozen_or_restarted_asterisk_costs_a_deadline_and_no_thread(
    reactor: ReactorThread,
) -> None:
    root = asterisk_root()
    assert root is not None
    asterisk = PrivateAsterisk(root)
    asterisk.start()
    before = threading.active_count()
    ami = _ami(asterisk, reactor, deadline=0.5)
    try:
        reactor.run(ami.ping())
        asterisk.signal(signal.SIGSTOP)
        for _ in range(3):
            started = time.monotonic()
            with pytest.raises(AmiTimeout):
                reactor.run(ami.ping())
            assert time.monotonic() - started < 1.5
        asterisk.signal(signal.SIGCONT)
        reactor.run(_until_answered(ami, reactor))
        asterisk.kill(signal.SIGKILL)
        with pytest.raises(AmiUnavailable):
            reactor.run(ami.ping())
        asterisk.start()
        reactor.run(_until_answered(ami, reactor))
    finally:
        reactor.run(ami.close())
        asterisk.stop()
    assert threading.active_count() <= before + 1, "pyst2's threads are gone"
    with pytest.raises(AmiUnavailable):
        reactor.run(ami.ping())


async def _until_answered(ami: Ami, reactor: ReactorThread) -> None:
    while True:
        try:
            await ami.ping()
        except (AmiTimeout, AmiUnavailable):
            await reactor.sleep(0.1)
        else:
            return
