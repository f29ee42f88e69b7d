"""The container is made by the same set-up script and speaks of the same settings as a machine."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from ivr.settings import Settings

DOCKER = Path(__file__).resolve().parents[3] / "docker"
DOCKERFILE = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
LOOPBACK = "${MOKED_PUBLISH:-127.0.0.1}"


@pytest.fixture
def service() -> dict[str, Any]:
    compose: dict[str, Any] = YAML(typ="safe").load(DOCKER / "compose.yaml")
    service: dict[str, Any] = compose["services"]["moked"]
    assert set(compose["volumes"]) == {line.split(":")[0] for line in service["volumes"]}
    return service


def variables() -> dict[str, str]:
    """Return what the Dockerfile's ENV sets."""
    found = re.search(r"^ENV ((?:.*\\\n)*.*)$", DOCKERFILE, re.MULTILINE)
    assert found
    return dict(word.split("=", 1) for word in shlex.split(found[1].replace("\\\n", " ")))


def test_image_is_set_up_by_the_machines_script_and_starts_the_launcher() -> None:
    assert "/opt/moked/docker/setup.sh run" in DOCKERFILE
    assert 'CMD ["/opt/moked/moked", "up"]' in DOCKERFILE
    assert DOCKERFILE.index("USER moked") > DOCKERFILE.index("setup.sh run")


def test_state_is_on_the_volume(service: dict[str, Any]) -> None:
    assert service["volumes"] == [f"moked-state:{variables()['MOKED_HOME']}"]
    assert f"VOLUME {variables()['MOKED_HOME']}" in DOCKERFILE


def test_every_variable_is_a_setting(service: dict[str, Any]) -> None:
    named = {name.removeprefix("MOKED_").lower() for name in service["environment"]}
    assert named | {"home", "tools"} <= set(Settings.model_fields)


def test_published_ports_are_the_ones_set_and_on_loopback(service: dict[str, Any]) -> None:
    environment = service["environment"]
    http, sip = environment["MOKED_HTTP_PORT"], environment["MOKED_SIP_PORT"]
    first = int(environment["MOKED_RTP_START"])
    media = f"{first}-{first + int(environment['MOKED_RTP_PORTS']) - 1}"
    expected = {f"{http}/tcp", f"{sip}/udp", f"{media}/udp"}
    ports = {port.rsplit(":", 1)[1] for port in service["ports"]}
    assert ports == expected
    assert all(port.startswith(f"{LOOPBACK}:") for port in service["ports"])
    assert f"EXPOSE {sip}/udp {http}/tcp {media}/udp" in DOCKERFILE


def test_defaults_are_those_of_a_machine(service: dict[str, Any]) -> None:
    fields = Settings.model_fields
    assert int(service["environment"]["MOKED_HTTP_PORT"]) == fields["http_port"].default
    assert int(service["environment"]["MOKED_SIP_PORT"]) == fields["sip_port"].default
