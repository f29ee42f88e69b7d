"""Reading what an event socket sends."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.asterisk.ari_events import (
    ChannelDestroyed,
    PlaybackFinished,
    RESTResponse,
    StasisStart,
    UnknownEvent,
    decode_event,
)

# As Asterisk 22.10.1 sent it.
STASIS_START = """{"type":"StasisStart","timestamp":"2026-11-22T02:51:02.389+0000",
"args":["in","+97229900200"],"channel":{"id":"1795.4","name":"PJSIP/trunk-00000001",
"state":"Ring","protocol_id":"a@b","caller":{"name":"","number":"+97225550100"},
"connected":{"name":"","number":""},"accountcode":"","dialplan":{"context":"in","exten":"s",
"priority":2,"app_name":"StasisBroadcast","app_data":"1200"},"language":"en",
"creationtime":"2026-11-22T02:51:02.388+0000"},"asterisk_id":"00:11:22:33:44:55",
"application":"cc-x"}"""


def test_an_event_is_typed() -> None:
    event = decode_event(STASIS_START)
    assert isinstance(event, StasisStart)
    assert event.args == ["in", "+97229900200"]
    assert event.channel.caller.number == "+97225550100"
    assert event.timestamp == datetime(2026, 11, 22, 2, 51, 2, 389000, UTC)


def test_what_is_missing_has_a_neutral_value() -> None:
    event = decode_event(b'{"type":"ChannelDestroyed"}')
    assert isinstance(event, ChannelDestroyed)
    assert (event.channel.id, event.cause, event.tech_cause) == ("", 0, None)


def test_what_is_new_is_left_out() -> None:
    event = decode_event(b'{"type":"PlaybackFinished","playback":{"id":"p","new":[1]},"more":{}}')
    assert isinstance(event, PlaybackFinished)
    assert event.playback.id == "p"


def test_numbers_as_strings_are_numbers() -> None:
    event = decode_event(b'{"type":"ChannelDestroyed","cause":"17","tech_cause":"486"}')
    assert isinstance(event, ChannelDestroyed)
    assert (event.cause, event.tech_cause) == (17, 486)


@pytest.mark.parametrize(
    "message",
    [
        {"type": "BrandNewEvent", "channel": {"id": "c"}},
        {"type": "ChannelDestroyed", "channel": "not an object"},
        {"type": "StasisStart", "timestamp": "yesterday"},
        {"no": "type"},
    ],
)
def test_what_we_cannot_read_is_kept_raw(message: dict[str, object]) -> None:
    event = decode_event(json.dumps(message))
    assert isinstance(event, UnknownEvent)
    assert event.raw == message
    assert event.type == message.get("type", "")


@pytest.mark.parametrize("message", [b"", b"{", b"[]", b'"x"', b"\xff\xfe"])
def test_what_is_not_an_object_is_refused(message: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of whatever sort
        decode_event(message)


def test_an_answer_is_one_of_the_messages() -> None:
    event = decode_event(b'{"type":"RESTResponse","request_id":"7","status_code":204}')
    assert isinstance(event, RESTResponse)
    assert (event.request_id, event.status_code, event.message_body) == ("7", 204, None)


@given(st.dictionaries(st.text(max_size=8), st.none() | st.integers() | st.text(max_size=8)))
def test_any_object_is_an_event_of_some_sort(message: dict[str, object]) -> None:
    assert decode_event(json.dumps(message)) is not None
