import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.demo.sip_message import (
    Headers,
    MalformedMessage,
    SipRequest,
    SipResponse,
    parse,
    serialise,
    split_commas,
)

INVITE = (
    b"INVITE sip:bob@biloxi.com SIP/2.0\r\n"
    b"v: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bK776\r\n"
    b"Via: SIP/2.0/UDP first.example;branch=z9hG4bKabc\r\n"
    b"f: Alice <sip:alice@atlanta.com>;tag=19283\r\n"
    b"Subject: a long\r\n  folded line\r\n"
    b"l: 4\r\n\r\nbodyAND MORE"
)


def test_compact_names_folding_and_length_are_understood() -> None:
    message = parse(INVITE)
    assert isinstance(message, SipRequest)
    assert (message.method, message.uri, message.body) == ("INVITE", "sip:bob@biloxi.com", b"body")
    assert message.headers.get("subject") == "a long folded line"
    assert [v[-3:] for v in message.headers.all("VIA")] == ["776", "abc"]


def test_a_response_is_read() -> None:
    message = parse(b"SIP/2.0 486 Busy Here\r\nCSeq: 1 INVITE\r\n\r\n")
    assert isinstance(message, SipResponse)
    assert (message.status, message.reason) == (486, "Busy Here")


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\r\n\r\n",
        b"hello\r\n\r\n",
        b"INVITE sip:x SIP/3.0\r\n\r\n",
        b"SIP/2.0 99 Low\r\n\r\n",
        b"SIP/2.0 abc Odd\r\n\r\n",
        b"IN VITE sip:x SIP/2.0\r\n\r\n",
        b"OPTIONS sip:x SIP/2.0\r\nno colon here\r\n\r\n",
        b"OPTIONS sip:x SIP/2.0\r\nContent-Length: 10\r\n\r\nshort",
        b"OPTIONS sip:x SIP/2.0\r\nContent-Length: -1\r\n\r\n",
        b"OPTIONS sip:x SIP/2.0\r\nX: \xff\xfe\r\n\r\n",
        b"OPTIONS sip:x SIP/2.0\r\n" + b"X: y\r\n" * 300 + b"\r\n",
        b"OPTIONS sip:x SIP/2.0\r\nX: " + b"y" * 9000 + b"\r\n\r\n",
        b"OPTIONS sip:x SIP/2.0\r\n" + b" " * 70_000,
    ],
)
def test_rubbish_is_refused(datagram: bytes) -> None:
    with pytest.raises(MalformedMessage):
        parse(datagram)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_do_more_harm_than_being_refused(noise: bytes) -> None:
    for datagram in (noise, INVITE[:60] + noise, b"SIP/2.0 200 OK\r\n" + noise + b"\r\n\r\n"):
        try:
            parse(datagram)
        except MalformedMessage:
            continue


def test_what_is_written_is_read_back() -> None:
    headers = Headers((("Via", "SIP/2.0/UDP a;branch=b"), ("To", "<sip:x@y>")))
    request = SipRequest("OPTIONS", "sip:x@y", headers, b"\x00\xffbody")
    read = parse(serialise(request))
    assert isinstance(read, SipRequest)
    assert read.headers.without("Content-Length") == headers
    assert read.body == request.body


def test_a_line_break_cannot_be_smuggled_into_a_header() -> None:
    with pytest.raises(ValueError, match="line break"):
        serialise(SipRequest("OPTIONS", "sip:x", Headers((("X", "a\r\nRoute: evil"),))))


def test_commas_in_quotes_and_brackets_do_not_split() -> None:
    assert split_commas('"A, B" <sip:a@b;x=1,2>, <sip:c@d>') == [
        '"A, B" <sip:a@b;x=1,2>',
        "<sip:c@d>",
    ]
