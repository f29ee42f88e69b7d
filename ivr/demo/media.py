"""The speech of one call: RTP both ways, paced at 20 ms, and keys as telephone events."""

import secrets
from collections import deque
from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IListeningPort
from twisted.internet.protocol import DatagramProtocol
from twisted.internet.task import LoopingCall

from ivr.demo import g711, rtp
from ivr.demo.audio_sources import AudioSource, Echo, Samples, comfort_noise
from ivr.demo.g711 import level_dbfs
from ivr.demo.happening import Happening
from ivr.demo.ports import Address, UdpReactor, bound_port, listen_in_range
from ivr.demo.received_audio import ReceivedAudio
from ivr.demo.rtp import RtpPacket
from ivr.demo.sdp import PCMA, Direction, SessionDescription, answer_to
from ivr.demo.telephone_event import EventPayload, KeyListener, key_press

_FRAME_SECONDS = 0.02
_CATCH_UP = 5  # frames sent at once after a delay; older ones are left out
_PAUSE_FRAMES = 5  # between two keys
AUDIBLE_DBFS = -50.0

_DECODE = {0: g711.decode_ulaw, 8: g711.decode_alaw}
_ENCODE = {0: g711.encode_ulaw, 8: g711.encode_alaw}


class MediaSession(DatagramProtocol):
    """One RTP socket with a sender and a receiver."""

    def __init__(self, reactor: UdpReactor, host: str) -> None:
        self.host = host
        self.port = 0
        self.sent = 0
        self.keys: list[tuple[float, str]] = []  # (clock seconds, key)
        self.on_key: Callable[[str], None] = lambda _key: None
        self.received = ReceivedAudio(reactor.seconds())
        self.audible: Happening[float] = Happening()  # when something was first heard
        self._reactor = reactor
        self._listening: IListeningPort | None = None
        self._listener = KeyListener()
        self._remote: SessionDescription | None = None
        self._codec = PCMA
        self._idle = Samples(comfort_noise(), forever=True)
        self._source: AudioSource = self._idle
        self._said: Happening[None] = Happening()
        self._keys_out: deque[EventPayload | Deferred[None] | None] = deque()
        self._pace: LoopingCall | None = None
        self._sequence = secrets.randbelow(30000)
        self._timestamp = secrets.randbelow(2**31)
        self._event_timestamp = 0
        self._ssrc = secrets.randbits(32)

    def open(self, ports: tuple[int, int] = (0, 0)) -> None:
        """Bind the RTP socket.

        Raises:
            CannotListenError: no port of the range is free.
        """
        self._listening = listen_in_range(self._reactor, self, self.host, ports)
        self.port = bound_port(self._listening)

    def close(self) -> None:
        """Stop speaking and free the socket; what was heard stays."""
        if self._pace is not None and self._pace.running:
            self._pace.stop()
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.stopListening()
        while self._keys_out:
            waiting = self._keys_out.popleft()
            if isinstance(waiting, Deferred):
                waiting.callback(None)
        self._said.happen(None)

    def offer(self) -> SessionDescription:
        return SessionDescription(self.host, self.port)

    def agree(self, remote: SessionDescription) -> None:
        """Send to *remote* from now on (its first codec), starting the pace at the first call."""
        self._remote = remote
        if remote.codecs:
            self._codec = remote.codecs[0]
        if self._pace is None and self._listening is not None:
            self._pace = LoopingCall.withCount(self._tick)
            self._pace.clock = self._reactor
            self._pace.start(_FRAME_SECONDS, now=True)

    def answer(self, offer: SessionDescription) -> SessionDescription:
        """Agree to *offer* and return our answer.

        Raises:
            MalformedMessage: no codec in common.
        """
        answer = answer_to(offer, self.host, self.port)
        self.agree(offer)
        return answer

    def say(self, source: AudioSource) -> Happening[None]:
        """Say *source* instead of what is being said; the result happens when it has ended."""
        self._said.happen(None)
        self._said = Happening()
        self._source = source
        return self._said

    def press(self, digits: str) -> Deferred[None]:
        """Press keys one after another; fires when the last one has been released.

        Raises:
            ValueError: one of *digits* is not a key.
        """
        done: Deferred[None] = Deferred()
        presses = [key_press(digit) for digit in digits]
        for payloads in presses:
            self._keys_out.extend([*payloads, *[None] * _PAUSE_FRAMES])
        self._keys_out.append(done)
        return done

    def datagramReceived(self, datagram: bytes, addr: Address) -> None:  # noqa: N802
        packet = rtp.parse_rtp(datagram)
        if packet is None:
            return
        decode = _DECODE.get(packet.payload_type)
        if decode is not None:
            now = self._reactor.seconds()
            self.received.add(now, packet, decode)
            if not self.audible and level_dbfs(decode(packet.payload)) > AUDIBLE_DBFS:
                self.audible.happen(now)
            if isinstance(self._source, Echo):
                self._source.hear(decode(packet.payload))
        elif self._remote is not None and packet.payload_type in (
            self._remote.event_type,
            self.offer().event_type,
        ):
            self._hear_event(packet)

    def _hear_event(self, packet: RtpPacket) -> None:
        for key in self._listener.hear(packet.ssrc, packet.timestamp, packet.payload):
            self.keys.append((self._reactor.seconds(), key))
            self.on_key(key)

    def _tick(self, due: int) -> None:
        left_out = max(0, due - _CATCH_UP)
        self._timestamp += left_out * g711.FRAME
        for _ in range(due - left_out):
            self._send_frame()
            self._timestamp += g711.FRAME

    def _send_frame(self) -> None:
        while self._keys_out and isinstance(self._keys_out[0], Deferred):
            self._keys_out.popleft().callback(None)  # type: ignore[union-attr]
        event = self._keys_out.popleft() if self._keys_out else None
        remote = self._remote
        if remote is None or remote.direction in (Direction.SEND, Direction.NONE):
            return
        if isinstance(event, EventPayload) and remote.event_type is not None:
            if event.first:
                self._event_timestamp = self._timestamp
            self._send(remote.event_type, self._event_timestamp, event.payload, event.first)
        else:
            self._send(self._codec, self._timestamp, self._next_audio(), marker=self.sent == 0)

    def _next_audio(self) -> bytes:
        frame = self._source.frame()
        if frame is None:
            said, self._source = self._said, self._idle
            frame = self._idle.frame()
            said.happen(None)
        return _ENCODE[self._codec](frame) if frame is not None else b"\xd5" * g711.FRAME

    def _send(self, payload_type: int, timestamp: int, payload: bytes, marker: bool) -> None:
        packet = RtpPacket(payload_type, self._sequence, timestamp, self._ssrc, payload, marker)
        self._sequence = (self._sequence + 1) % 0x10000
        remote = self._remote
        if self.transport is not None and remote is not None and remote.port:
            self.transport.write(rtp.serialise_rtp(packet), (remote.host, remote.port))
            self.sent += 1
