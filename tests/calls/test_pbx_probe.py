"""The supervisor's probe against a real Asterisk: well, frozen and gone."""

import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.pbx.checking import faults_in
from ivr.pbx.private import PrivateAsterisk, private_asterisk
from ivr.pbx.probe import SipProbe
from ivr.pbx.records import read_records
from tests.calls.private_asterisk import asterisk_root
from tests.reactor import ReactorThread

pytestmark = [pytest.mark.calls, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def pbx() -> Iterator[PrivateAsterisk]:
    root = asterisk_root()
    if root is None:
        pytest.skip("no Asterisk is unpacked")
    with (
        tempfile.TemporaryDirectory(prefix="pbx-") as folder,
        private_asterisk(Path(folder), root) as running,
    ):
        yield running


@pytest.fixture
def probe(pbx: PrivateAsterisk, reactor: ReactorThread) -> Iterator[SipProbe]:
    asking = SipProbe(reactor.reactor, pbx.runtime.sip_host, pbx.runtime.sip_port)
    reactor.call(asking.start)
    yield asking
    reactor.call(asking.stop)


def test_well_asterisk_answers_options_and_call(
    pbx: PrivateAsterisk, probe: SipProbe, reactor: ReactorThread
) -> None:
    for _ in range(3):
        assert reactor.run(probe.options())
        assert reactor.run(probe.call())
    assert "0 active channels" in pbx.process.command("core show channels")
    assert read_records(pbx.places.cdr).records == (), "test calls are not counted"
    log = (pbx.places.log / "messages.log").read_text()
    assert faults_in(log) == [], "nor do they fill the log"


def test_frozen_asterisk_does_not_answer(
    pbx: PrivateAsterisk, probe: SipProbe, reactor: ReactorThread
) -> None:
    identity = pbx.process.living()
    assert identity is not None
    identity.signal_group(signal.SIGSTOP)
    try:
        assert not reactor.run(probe.options())
        assert not reactor.run(probe.call())
    finally:
        identity.signal_group(signal.SIGCONT)
    assert reactor.run(probe.options())


def test_gone_asterisk_does_not_answer(
    pbx: PrivateAsterisk, probe: SipProbe, reactor: ReactorThread
) -> None:
    pbx.process.stop()
    assert not reactor.run(probe.options())
    assert not reactor.run(probe.call())
