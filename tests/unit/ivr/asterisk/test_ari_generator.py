"""From Swagger files to Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ivr.asterisk.ari_generator import generated, main

DOCUMENT: dict[str, Any] = {
    "apis": [
        {
            "path": "/channels/{channelId}/sendDTMF",
            "operations": [
                {
                    "httpMethod": "POST",
                    "nickname": "sendDTMF",
                    "summary": "Send some   digits",
                    "responseClass": "void",
                    "parameters": [
                        {"name": "channelId", "paramType": "path", "dataType": "string"},
                        {"name": "from", "paramType": "query", "dataType": "string"},
                        {
                            "name": "before",
                            "paramType": "query",
                            "dataType": "int",
                            "required": True,
                        },
                    ],
                    "errorResponses": [{"code": 404, "reason": "Channel not found"}],
                },
                {
                    "httpMethod": "GET",
                    "nickname": "eventWebsocket",
                    "summary": "",
                    "responseClass": "void",
                    "upgrade": "websocket",
                },
            ],
        },
        {
            "path": "/channels",
            "operations": [
                {
                    "httpMethod": "GET",
                    "nickname": "list",
                    "summary": "List.",
                    "responseClass": "List[Channel]",
                }
            ],
        },
    ],
    "models": {
        "Message": {"properties": {"type": {"type": "string"}}, "subTypes": ["Event"]},
        "Event": {"properties": {}, "subTypes": ["Gone"]},
        "Gone": {"properties": {"channel": {"type": "Channel", "required": True}}},
        "Channel": {
            "properties": {
                "id": {"type": "string", "required": True},
                "from": {"type": "string", "required": True},
                "tags": {"type": "List[string]"},
            }
        },
    },
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "resources.json").write_text(json.dumps({"apiVersion": "9.9.9"}))
    (tmp_path / "channels.json").write_text(json.dumps(DOCUMENT))
    return tmp_path


def _module(folder: Path) -> dict[str, Any]:
    text = generated(folder)
    found: dict[str, Any] = {"__name__": "generated"}
    exec(compile(text, "generated", "exec"), found)  # noqa: S102 - our own output
    return found


def test_models_have_defaults_for_what_asterisk_leaves_out(folder: Path) -> None:
    text = generated(folder)
    assert "class Gone(Event, frozen=True, kw_only=True, tag=True):" in text
    assert "    channel: Channel = msgspec.field(default_factory=lambda: Channel())" in text
    assert '    from_: str = msgspec.field(default="", name="from")' in text
    assert "    tags: list[str] | None = None" in text


def test_bases_come_before_what_extends_them(folder: Path) -> None:
    text = generated(folder)
    assert text.index("class Event(Message") < text.index("class Gone(Event")


def test_operations_are_named_by_resource_and_take_keywords(folder: Path) -> None:
    operations = _module(folder)["AriOperations"]
    assert hasattr(operations, "channels_list")
    assert not hasattr(operations, "channels_event_websocket")
    names = operations.channels_send_dtmf.__code__.co_varnames[:5]
    assert names == ("self", "channel_id", "before", "from_", "deadline")
    assert "404: Channel not found" in operations.channels_send_dtmf.__doc__


def test_the_version_is_written_down(folder: Path) -> None:
    assert "REST API version 9.9.9" in generated(folder)


def test_it_wants_one_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
