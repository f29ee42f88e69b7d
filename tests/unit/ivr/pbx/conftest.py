"""An unpacked root of straw, so that configuration can be rendered where no Asterisk is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.pbx.plan import PbxPlan
from ivr.pbx.private import DEFAULT_PLAN
from ivr.pbx.rendering import render
from ivr.runtime import Runtime
from ivr.settings import Settings

SECRETS = {"ari": "a" * 32, "ami": "b" * 32}
Rendered = Callable[..., dict[str, str]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    library = tmp_path / "tools/asterisk/usr/lib/x86_64-linux-gnu"
    (library / "asterisk/modules").mkdir(parents=True)
    (library / "ld-linux-x86-64.so.2").touch()
    return Settings.model_validate({"home": tmp_path / "home", "tools": tmp_path / "tools"})


@pytest.fixture
def runtime() -> Runtime:
    return Runtime(
        instance="m1", sip_host="127.0.0.1", sip_port=5060, http_host="127.0.0.1", http_port=8080,
        asterisk_host="127.0.0.1", ari_port=8088, ami_port=5038, agi_port=4573, rtp_start=10000,
        rtp_end=10399, demo=True, demo_host="127.0.0.2", demo_port=5070,
    )  # fmt: skip


@pytest.fixture
def rendered(settings: Settings, runtime: Runtime) -> Rendered:
    def render_with(
        plan: PbxPlan = DEFAULT_PLAN,
        changes: dict[str, object] | None = None,
        **start: object,
    ) -> dict[str, str]:
        import msgspec

        changed = Settings.model_validate({**settings.model_dump(), **(changes or {})})
        return render(plan, changed, msgspec.structs.replace(runtime, **start), SECRETS)

    return render_with
