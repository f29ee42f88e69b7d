"""Asterisk, the service or the supervisor is killed or frozen: it is noticed, and calls go on."""

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ivr.pbx.phone_book import PhoneBook
from ivr.pbx.phones import phone_objects
from tests.calls.pbx_ari import StrawController, ari
from tests.calls.pbx_sipp import Sipp, Speech
from tests.calls.private_asterisk import asterisk_root
from tests.drills.instance import NOISE, Instance

Figures = Callable[[str, object], None]
pytestmark = [pytest.mark.drill, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    root = asterisk_root()
    if root is None:
        pytest.skip("no Asterisk is unpacked")
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        running = Instance(Path(folder), root)
        running.start()
        try:
            yield running
        finally:
            running.stop()


def test_killed_asterisk_answers_again_with_its_phones(
    instance: Instance, record_property: Figures
) -> None:
    phones = phone_objects("agent-301", "secret")
    PhoneBook(instance.settings).save(phones)
    before = instance.pid("asterisk")
    instance.signal("asterisk", signal.SIGKILL)
    took = instance.wait(
        "answering again",
        lambda: instance.pid("asterisk") != before and instance.answers(),
        10 * NOISE,
    )
    record_property("seconds", took)
    instance.wait("phones pushed", lambda: _has_phone(instance, "agent-301"), 10)


def test_frozen_asterisk_is_noticed(instance: Instance, record_property: Figures) -> None:
    instance.wait("answers", instance.answers, 20)
    before = instance.pid("asterisk")
    instance.signal("asterisk", signal.SIGSTOP)
    took = instance.wait("killed", lambda: instance.pid("asterisk") != before, 20 * NOISE)
    record_property("seconds", took)
    instance.wait("answering again", instance.answers, 10 * NOISE)


def test_killed_service_is_started_again(instance: Instance) -> None:
    instance.wait("spare", lambda: bool(instance.status()["children"]["service"]["spare"]), 30)
    before = instance.pid("service")
    instance.signal("service", signal.SIGKILL)
    instance.wait("new service", lambda: instance.pid("service") != before, 5)
    assert '"spare":true' in (instance.home / "log/supervisor.log").read_text()
    instance.wait("ready", lambda: bool(instance.status()["ready"]), 30)


def test_hung_service_is_killed_and_started_again(
    instance: Instance, record_property: Figures
) -> None:
    instance.wait("ready", lambda: bool(instance.status()["ready"]), 60)
    before, asterisk = instance.pid("service"), instance.pid("asterisk")
    instance.signal("service", signal.SIGSTOP)
    took = instance.wait("new service", lambda: instance.pid("service") != before, 6 * NOISE)
    record_property("seconds", took)
    instance.wait("ready", lambda: bool(instance.status()["ready"]), 30)
    assert instance.pid("asterisk") == asterisk, "each child is restarted alone"


def test_next_supervisor_adopts_what_runs(instance: Instance) -> None:
    before = instance.pid("asterisk"), instance.pid("service")
    port = instance.runtime.sip_port
    instance.kill_supervisor()
    assert instance.answers(), "Asterisk goes on without its supervisor"
    instance.start()
    assert (instance.pid("asterisk"), instance.pid("service")) == before
    assert instance.runtime.sip_port == port


def test_service_that_does_not_start_sends_its_callers_to_the_failsafe(
    instance: Instance,
) -> None:
    prompts = instance.home / "prompts/he"
    prompts.mkdir(parents=True, exist_ok=True)
    (prompts / "failsafe_apology.alaw").write_bytes(bytes([0x10, 0x90] * 8000))
    instance.wait("ready", lambda: bool(instance.status()["ready"]), 60)
    speech = Speech()
    keys = {"caller": "0501234567", "speech_port": str(speech.port)}
    target = ("127.0.0.1", instance.runtime.sip_port)
    with StrawController(instance.pbx) as controller:
        call = Sipp("pbx_caller.xml", target, "029900200", instance.home / "sipp", keys).start()
        channel = controller.claim()["channel"]["id"]
        ari(instance.pbx, "POST", f"channels/{channel}/answer")
        # A lease long enough that only the supervisor can be who brings this caller on.
        ari(
            instance.pbx,
            "POST",
            f"channels/{channel}/variable?variable=TIMEOUT(absolute)&value=600",
        )
    (instance.home / "broken").touch()
    instance.signal("service", signal.SIGKILL)
    heard = speech.first_sound(20 * NOISE)
    call.end()
    speech.close()
    assert heard is not None, "the caller was left with a dead service"
    instance.wait("alarm", lambda: instance.status()["mode"] == "native-only", 10)
    (instance.home / "broken").unlink()
    instance.wait("ready again", lambda: bool(instance.status()["ready"]), 60)


def test_stopping_ends_everything(instance: Instance) -> None:
    pids = [instance.pid("asterisk"), instance.pid("service")]
    instance.stop()
    assert not any(Path(f"/proc/{pid}").exists() and _lives(pid) for pid in pids)
    instance.start()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def _has_phone(instance: Instance, name: str) -> bool:
    return name in instance.pbx.process.command("pjsip show endpoints")
