"""How requests are written and answers are read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.asterisk.ari_generated import AriOperations, Variable
from ivr.asterisk.ari_request import AriRequest, decoded, frame, joined, reason_in, segment
from ivr.asterisk.errors import AriUnreadable
from tests.results import result_of


class Asked(AriOperations):
    """Keeps what was asked and answers with *body*."""

    def __init__(self, body: bytes = b"{}") -> None:
        self.request_seen = AriRequest("", "")
        self._body = body

    async def request(self, request: AriRequest, deadline: float | None = None) -> bytes:
        self.request_seen = request
        return self._body


def _written(request: AriRequest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(frame(request, "7"))
    return found


def test_values_travel_as_query_strings() -> None:
    asked = Asked()
    result_of(asked.channels_play("c-1", media=["sound:a", "sound:b"], playback_id="p-1"))
    assert _written(asked.request_seen) == {
        "type": "RESTRequest",
        "transaction_id": "",
        "request_id": "7",
        "method": "POST",
        "uri": "channels/c-1/play",
        "query_strings": [
            {"name": "media", "value": "sound:a,sound:b"},
            {"name": "playbackId", "value": "p-1"},
        ],
    }


def test_variables_travel_as_json_in_a_string() -> None:
    asked = Asked()
    result_of(asked.channels_set_channel_vars("c-1", variables={"A": 'say "x", \\'}))
    written = _written(asked.request_seen)
    assert written["content_type"] == "application/json"
    assert json.loads(written["message_body"]) == {"variables": {"A": 'say "x", \\'}}


def test_a_filter_is_the_whole_body() -> None:
    asked = Asked()
    result_of(asked.applications_filter("cc-x", filter={"disallowed": []}))
    assert json.loads(_written(asked.request_seen)["message_body"]) == {"disallowed": []}


@pytest.mark.parametrize(
    ("text", "written"),
    [("a/b", "a%2Fb"), ("a+b", "a%2Bb"), ("a b", "a%20b"), ("שלום", "%D7%A9%D7%9C%D7%95%D7%9D")],
)
def test_ids_are_escaped_in_the_path(text: str, written: str) -> None:
    assert segment(text) == written


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_value_survives_the_frame(name: str, value: str) -> None:
    written = _written(AriRequest("POST", "x", query=((name, value),)))
    assert written["query_strings"] == [{"name": name, "value": value}]


def test_booleans_and_numbers_are_spelt_as_ari_does() -> None:
    asked = Asked()
    result_of(asked.bridges_add_channel("b", channel=["c"], mute=True, absorb_dtmf=False))
    assert dict(asked.request_seen.pairs()) == {
        "channel": "c",
        "absorbDTMF": "false",
        "mute": "true",
    }
    result_of(asked.channels_dial("c", timeout=20))
    assert dict(asked.request_seen.pairs()) == {"timeout": "20"}


def test_a_comma_would_make_two_values_of_one() -> None:
    with pytest.raises(ValueError, match="comma"):
        joined(["sound:a,b"])


def test_what_blocks_names_its_channel() -> None:
    asked = Asked()
    result_of(asked.channels_answer("c-1"))
    assert asked.request_seen.blocks == "c-1"
    result_of(asked.bridges_add_channel("b", channel=["c-1", "c-2"]))
    assert asked.request_seen.blocks == "c-1"
    result_of(asked.channels_hangup("c-1"))
    assert asked.request_seen.blocks is None


def test_lists_and_files_go_over_http() -> None:
    asked = Asked(b"[]")
    assert result_of(asked.channels_list()) == []
    assert asked.request_seen.over_http
    result_of(asked.recordings_get_stored_file("m"))
    assert asked.request_seen.over_http


def test_numbers_sent_as_strings_are_read() -> None:
    request = AriRequest("GET", "x")
    assert decoded(Variable, request, b'{"value": "1"}').value == "1"
    assert decoded(list[int], request, b'["1", 2]') == [1, 2]


def test_an_answer_that_does_not_fit_is_unreadable() -> None:
    with pytest.raises(AriUnreadable):
        decoded(Variable, AriRequest("GET", "x"), b"[]")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"message": "Channel not found"}', "Channel not found"),
        (b'{"error": "Allocation failed"}', "Allocation failed"),
        (b"", "Gone"),
        (b"[1]", "Gone"),
        (b"{}", "Gone"),
    ],
)
def test_asterisks_words_are_found(body: bytes, reason: str) -> None:
    assert reason_in(body, "Gone") == reason
