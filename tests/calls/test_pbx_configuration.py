"""The rendered configuration on a real Asterisk: it loads silently, and reloads under calls."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.pbx.checking import check_by_loading, check_plan, check_words, faults_in, lint
from ivr.pbx.configuring import configure, pbx_secrets
from ivr.pbx.doctor import examine
from ivr.pbx.modules import MODULES
from ivr.pbx.phone_book import PhoneBook, push_all
from ivr.pbx.phones import phone_objects
from ivr.pbx.plan import PbxLine
from ivr.pbx.private import DEFAULT_PLAN, PrivateAsterisk, private_asterisk
from ivr.settings import Settings, Trunk
from tests.calls.pbx_ari import StrawController, ari
from tests.calls.pbx_sipp import Sipp, Speech
from tests.calls.private_asterisk import asterisk_root

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


def test_configuration_loads_without_errors_or_warnings(pbx: PrivateAsterisk) -> None:
    assert faults_in((pbx.places.log / "messages.log").read_text()) == []


def test_every_module_runs(pbx: PrivateAsterisk) -> None:
    running = {
        one["name"].removesuffix(".so")
        for one in ari(pbx, "GET", "asterisk/modules")
        if one["status"] == "Running"
    }
    assert set(MODULES) <= running


def test_extensions_pass_both_checks(pbx: PrivateAsterisk) -> None:
    text = (pbx.places.etc / "extensions.conf").read_text()
    assert lint(text) == []
    assert check_words(text, pbx.places) == []
    assert lint("[a]\nexten => s,1,NoOp(\n") != [], "the lint itself runs"


def test_site_with_real_trunks_passes_as_a_whole(pbx: PrivateAsterisk) -> None:
    trunks = [
        Trunk(name="one", host="192.0.2.1:5060", username="u1", password="p;1",
              register_with_carrier=True, match=["192.0.2.0/28"]),
        Trunk(name="two", host="192.0.2.33"),
    ]  # fmt: skip
    settings = pbx.settings.model_copy(update={"trunks": trunks})
    assert check_plan(DEFAULT_PLAN, settings, pbx_secrets(settings)) == []


def test_fault_that_only_loading_shows_is_found(pbx: PrivateAsterisk) -> None:
    nowhere = Trunk(name="x", host="192.0.2.1", match=["300.1.1.1"])
    settings = pbx.settings.model_copy(update={"trunks": [nowhere]})
    assert check_by_loading(DEFAULT_PLAN, settings, pbx_secrets(settings)) != []


def test_new_plan_is_taken_while_a_call_goes_on(pbx: PrivateAsterisk) -> None:
    line = PbxLine(name="water", numbers=("+97229900300",), queue="centre")
    wider = replace(DEFAULT_PLAN, lines=(*DEFAULT_PLAN.lines, line))
    speech = Speech()
    target = ("127.0.0.1", pbx.runtime.sip_port)
    keys = {"caller": "0501234567", "speech_port": str(speech.port)}
    work = Path(tempfile.mkdtemp(dir=pbx.settings.home))
    with StrawController(pbx) as controller:
        call = Sipp("pbx_caller.xml", target, "029900200", work, keys).start()
        channel = controller.claim()["channel"]["id"]
        ari(pbx, "POST", f"channels/{channel}/answer")
        changed = configure(wider, pbx.settings, pbx.runtime, pbx_secrets(pbx.settings))
        assert changed == {"extensions.conf", "voicemail.conf"}
        assert ari(pbx, "GET", f"channels/{channel}")["state"] == "Up"
        assert "water" in pbx.process.command("dialplan show failsafe")
        ari(pbx, "DELETE", f"channels/{channel}")
        assert call.ended_well(), call.errors()
    speech.close()
    assert configure(wider, pbx.settings, pbx.runtime, pbx_secrets(pbx.settings)) == frozenset()


def test_phones_come_back_from_the_book_after_a_restart(pbx: PrivateAsterisk) -> None:
    book = PhoneBook(pbx.settings)
    book.save(phone_objects("agent-201", "secret"))
    push_all(book.load(), pbx.runtime, pbx.ari_password)
    assert "agent-201" in pbx.process.command("pjsip show endpoints")
    pbx.process.stop()
    pbx.process.start()
    pbx.process.wait_booted()
    assert "agent-201" not in pbx.process.command("pjsip show endpoints")
    assert push_all(book.load(), pbx.runtime, pbx.ari_password) == 3
    assert "agent-201" in pbx.process.command("pjsip show endpoints")


def test_doctor_finds_the_running_asterisk_well(pbx: PrivateAsterisk) -> None:
    checks = {check.name: check for check in examine(pbx.settings)}
    for name in ("ARI", "asterisk", "modules", "ports"):
        assert checks[name].ok, checks[name]
    assert not checks["prompts"].ok, "this home has no prompts"
    assert checks["prompts"].remedy


def test_doctor_says_what_a_site_of_its_own_lacks(pbx: PrivateAsterisk) -> None:
    values = {"asterisk_host": "127.0.0.1", "ari_port": pbx.runtime.ari_port}
    settings = Settings.model_validate({**pbx.settings.model_dump(), **values})
    assert all(check.ok for check in examine(settings) if check.name in {"ARI", "modules"})
    elsewhere = settings.model_copy(update={"ari_port": 1})
    (check,) = (check for check in examine(elsewhere) if check.name == "ARI")
    assert not check.ok
    assert "ari.conf" in check.remedy
