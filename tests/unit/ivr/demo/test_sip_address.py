import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.demo.sip_address import (
    NameAddress,
    SipUri,
    parse_cseq,
    parse_name_address,
    parse_uri,
    parse_via,
)
from ivr.demo.sip_message import MalformedMessage


@pytest.mark.parametrize(
    ("text", "user", "host", "port"),
    [
        ("sip:+97229900200@127.0.0.1:5060", "+97229900200", "127.0.0.1", 5060),
        ("sip:127.0.0.1", "", "127.0.0.1", 0),
        ("sip:agent-201@host;transport=udp", "agent-201", "host", 0),
        ("sips:a%20b:secret@host?x=y", "a b", "host", 0),
        ("sip:+972;phone-context=x@host", "+972", "host", 0),
        ("sip:x@[::1]:5070", "x", "[::1]", 5070),
        ("tel:+97229900200", "+97229900200", "", 0),
    ],
)
def test_uris(text: str, user: str, host: str, port: int) -> None:
    uri = parse_uri(text)
    assert (uri.user, uri.host, uri.port) == (user, host, port)


@pytest.mark.parametrize("text", ["", "http://x", "sip:", "sip:a@", "sip:a@h:99999", "sip:a b@h"])
def test_what_is_no_uri_is_refused(text: str) -> None:
    with pytest.raises(MalformedMessage):
        parse_uri(text)


def test_a_display_name_may_hold_anything_quoted() -> None:
    address = parse_name_address(r'"Levi, \"Dan\" <x>" <sip:dan@host>;tag=ab;x')
    assert address == NameAddress("sip:dan@host", 'Levi, "Dan" <x>', {"tag": "ab", "x": ""})
    assert parse_name_address(str(address)) == address


def test_parameters_of_a_bare_address_belong_to_the_header() -> None:
    address = parse_name_address("sip:dan@host;tag=77")
    assert (address.uri, address.tag) == ("sip:dan@host", "77")


def test_via() -> None:
    via = parse_via("SIP/2.0/UDP 127.0.0.1:5090;rport;branch=z9hG4bK1")
    assert (via.host, via.port, via.branch) == ("127.0.0.1", 5090, "z9hG4bK1")


@pytest.mark.parametrize("text", ["", "INVITE", "-1 INVITE", "12345678901 INVITE", "1"])
def test_what_is_no_cseq_is_refused(text: str) -> None:
    with pytest.raises(MalformedMessage):
        parse_cseq(text)


@given(st.text(min_size=1, max_size=20))
def test_any_user_survives_being_written_and_read(user: str) -> None:
    assert parse_uri(str(SipUri(user, "127.0.0.1", 5060))) == SipUri(user, "127.0.0.1", 5060)
