from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.demo.g711 import Pcm, decode_alaw, encode_alaw
from ivr.demo.received_audio import ReceivedAudio
from ivr.demo.rtp import RtpPacket, parse_rtp, sequence_distance, serialise_rtp
from ivr.demo.telephone_event import DIGITS, END_PACKETS, KeyListener, key_press


def test_a_packet_survives_the_wire() -> None:
    packet = RtpPacket(8, 65535, 2**32 - 1, 7, b"speech", marker=True)
    assert parse_rtp(serialise_rtp(packet)) == packet


def test_extension_contributors_and_padding_are_taken_off() -> None:
    datagram = bytes([0b10110001, 8, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]) + b"CSRC"
    datagram += b"\xbe\xde\x00\x01EXTN" + b"speech" + b"\x00\x00\x03"
    assert parse_rtp(datagram) == RtpPacket(8, 1, 2, 3, b"speech")


@pytest.mark.parametrize(
    "datagram",
    [b"", b"\x80\x08short", b"\x00" * 20, b"\x80\xc8" + b"\x00" * 20, b"\xa0\x08" + b"\xff" * 12],
)
def test_what_is_not_rtp_is_nothing(datagram: bytes) -> None:
    assert parse_rtp(datagram) is None


@given(st.binary(max_size=60))
def test_no_bytes_do_harm(noise: bytes) -> None:
    parse_rtp(noise)
    KeyListener().hear(1, 1, noise)


def test_sequence_numbers_wrap() -> None:
    assert sequence_distance(3, 65534) == 5
    assert sequence_distance(65534, 3) == -5


@pytest.mark.parametrize("digit", DIGITS)
def test_each_key_is_recognised_once(digit: str) -> None:
    listener = KeyListener()
    press = key_press(digit)
    assert sum(p.payload == press[-1].payload for p in press) == END_PACKETS
    assert "".join(listener.hear(1, 5, p.payload) for p in press) == digit


def test_a_key_whose_ends_were_all_lost_counts_when_the_next_one_comes() -> None:
    listener = KeyListener()
    heard = [listener.hear(1, 5, p.payload) for p in key_press("4")[:3]]
    heard += [listener.hear(1, 9, p.payload) for p in key_press("2")]
    assert "".join(heard) == "42"


def test_the_same_key_twice_is_two_keys() -> None:
    listener = KeyListener()
    keys = [listener.hear(1, at, p.payload) for at in (1, 2) for p in key_press("7")]
    assert "".join(keys) == "77"


def test_only_keys_can_be_pressed() -> None:
    with pytest.raises(ValueError, match="key"):
        key_press("x")


def _packets(samples: Pcm, first: int = 65533) -> Iterator[tuple[float, RtpPacket]]:
    for n in range(len(samples) // 160):
        payload = encode_alaw(samples[n * 160 : n * 160 + 160])
        yield 10 + n * 0.02, RtpPacket(8, (first + n) % 65536, n * 160, 1, payload)


RAMP = decode_alaw(encode_alaw(np.arange(-16000, 16000, 20, dtype=np.int16)))


def test_audio_is_put_together_across_disorder_repetition_and_wrap() -> None:
    packets = list(_packets(RAMP))
    packets[3], packets[4] = packets[4], packets[3]
    packets.insert(6, packets[5])
    received = ReceivedAudio(10.0)
    for arrival, packet in packets:
        received.add(arrival, packet, decode_alaw)
    assert np.array_equal(received.samples(), RAMP)
    assert received.lost == 0


def test_a_lost_packet_leaves_silence_in_its_place() -> None:
    received = ReceivedAudio(10.0)
    for at, (arrival, packet) in enumerate(_packets(RAMP)):
        if at != 4:
            received.add(arrival, packet, decode_alaw)
    heard = received.samples()
    assert received.lost == 1
    assert np.array_equal(heard[:640], RAMP[:640])
    assert not heard[640:800].any()
    assert np.array_equal(heard[800:], RAMP[800:])


def test_a_new_source_begins_when_it_arrives() -> None:
    received = ReceivedAudio(10.0)
    for arrival, packet in _packets(RAMP):
        received.add(arrival, packet, decode_alaw)
    payload = encode_alaw(RAMP[:160])
    received.add(12.0, RtpPacket(8, 9, 9, 2, payload), decode_alaw)
    assert received.seconds == pytest.approx(2.02)
    assert not received.samples(1.0, 2.0).any()
    assert received.samples(2.0).any()


def test_a_call_without_end_does_not_fill_the_memory() -> None:
    received = ReceivedAudio(0.0)
    payload = encode_alaw(RAMP[:160])
    received.add(1.0, RtpPacket(8, 0, 0, 1, payload), decode_alaw)
    received.add(100_000.0, RtpPacket(8, 0, 0, 2, payload), decode_alaw)
    assert received.seconds == pytest.approx(1.02)
