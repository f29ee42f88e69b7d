import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.demo.sdp import (
    PCMA,
    PCMU,
    Direction,
    SessionDescription,
    answer_to,
    parse_sdp,
    render_sdp,
)
from ivr.demo.sip_message import MalformedMessage

OFFER = b"""v=0
o=- 1 1 IN IP4 10.0.0.1
s=x
c=IN IP4 10.0.0.1
t=0 0
m=video 5000 RTP/AVP 99
m=audio 4000 RTP/AVP 9 0 8 96
c=IN IP4 10.0.0.2
a=rtpmap:96 telephone-event/8000
a=sendonly
"""


def test_the_audio_stream_is_found() -> None:
    assert parse_sdp(OFFER) == SessionDescription(
        "10.0.0.2", 4000, (PCMU, PCMA), 96, Direction.SEND
    )


def test_the_answer_takes_the_first_codec_and_the_other_sides_event_type() -> None:
    answer = answer_to(parse_sdp(OFFER), "127.0.0.1", 6000)
    assert answer == SessionDescription("127.0.0.1", 6000, (PCMU,), 96, Direction.RECEIVE)
    assert parse_sdp(render_sdp(answer)) == answer


def test_nothing_in_common_is_refused() -> None:
    with pytest.raises(MalformedMessage):
        answer_to(SessionDescription("127.0.0.1", 1, ()), "127.0.0.1", 2)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"v=0\nm=audio 1 RTP/SAVP 8\nc=IN IP4 1.2.3.4",
        b"v=0\nm=audio 1 RTP/AVP 8",
        b"v=0\nm=audio 1 RTP/AVP 8\nc=IN IP4 nowhere.example",
        b"v=0\nm=audio 99999999 RTP/AVP 8\nc=IN IP4 1.2.3.4",
        b"x" * 20_000,
    ],
)
def test_unusable_descriptions_are_refused(body: bytes) -> None:
    with pytest.raises(MalformedMessage):
        parse_sdp(body)


@given(st.binary(max_size=200))
def test_no_bytes_do_more_harm_than_being_refused(noise: bytes) -> None:
    for body in (noise, OFFER + noise, b"m=audio " + noise, b"c=IN IP4 1.1.1.1\nm=audio " + noise):
        try:
            parse_sdp(body)
        except MalformedMessage:
            continue
