"""Random plans on real Asterisk with no service: callers end as our own engine says they do."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest

from ivr.dialplan.check import load_site
from ivr.pbx.configuring import configure, pbx_secrets
from ivr.pbx.private import PrivateAsterisk, private_asterisk
from tests.calls.ami_keys import AmiKeys
from tests.calls.native_calls import Case, Exchange, cases, pbx_plan_of
from tests.calls.pbx_sipp import Sipp
from tests.calls.private_asterisk import CHECKOUT, asterisk_root

pytestmark = [pytest.mark.calls]
SHORT = bytes([0x10, 0x90] * 400)  # a tenth of a second of A-law
QUIET = bytes([0xD5]) * 8000  # a second of silence: without any media no key would ever end
AT_ONCE = 30
SITE = load_site(CHECKOUT / "dialplans").site


@pytest.fixture(scope="module")
def pbx() -> Iterator[PrivateAsterisk]:
    root = asterisk_root()
    assert root is not None
    with (
        tempfile.TemporaryDirectory(prefix="nat-") as folder,
        private_asterisk(Path(folder), root) as running,
    ):
        for language in ("he", "en"):
            prompts = running.places.prompts / language
            prompts.mkdir(parents=True)
            for source in (CHECKOUT / "prompts" / "he" / "manifest.yaml").read_text().split():
                if source.endswith(":"):
                    (prompts / f"{source[:-1]}.alaw").write_bytes(SHORT)
        yield running


def _call_all(pbx: PrivateAsterisk, tried: Sequence[Case], seconds: float) -> None:
    configure(pbx_plan_of(tried, SITE), pbx.settings, pbx.runtime, pbx_secrets(pbx.settings))
    with (pbx.places.etc / "logger.conf").open("a") as logger:
        logger.write("words.log = verbose(3)\n")  # which extension is executed
    pbx.process.command("logger reload")
    words = pbx.places.log / "words.log"
    with ExitStack() as stack:
        keys = stack.enter_context(AmiKeys(pbx))
        exchange = Exchange(words, keys, tried)
        for number, case in enumerate(tried):
            work = Path(tempfile.mkdtemp(dir=pbx.settings.home))
            (work / "quiet.alaw").write_bytes(QUIET)
            caller = {"caller": f"05012{number:05d}"}
            target = ("127.0.0.1", pbx.runtime.sip_port)
            call = Sipp(
                "pbx_caller_sends.xml", target, case.number, work, caller, seconds=int(seconds)
            )
            stack.callback(call.start().end)
        exchange.follow(seconds)


def _compare(tried: Sequence[Case]) -> None:
    for case in tried:
        told = f"{case.plan.line}: {case.setting}\n{case.plan.steps}"
        assert case.happened == case.expected, told


@pytest.mark.timeout(120)
def test_random_plans_end_the_same(pbx: PrivateAsterisk) -> None:
    tried = cases(30, SITE, Random(1))  # noqa: S311 - no secret
    _call_all(pbx, tried, 60)
    _compare(tried)


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_a_thousand_random_plans_end_the_same(pbx: PrivateAsterisk) -> None:
    tried = cases(1000, SITE, Random(time.time_ns()))  # noqa: S311 - no secret
    for first in range(0, len(tried), AT_ONCE):
        batch = tried[first : first + AT_ONCE]
        _call_all(pbx, batch, 120)
        _compare(batch)
