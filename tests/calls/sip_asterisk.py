"""A private Asterisk with a trunk, a phone and a small dialplan, for tests of SIP endpoints."""

from __future__ import annotations

import random
import socket
from dataclasses import dataclass, field

from tests.calls.private_asterisk import PrivateAsterisk

TRUNK_HOST = "127.0.0.2"
PHONE = "agent-201"
PASSWORD = "secret-of-201"
MODERN_PHONE = "agent-301"  # SHA-256 only


def free_sip_port(host: str) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class SipAsterisk(PrivateAsterisk):
    """Listens for SIP on ``sip_port``; its trunk is at ``TRUNK_HOST:trunk_port``."""

    sip_port: int = field(default_factory=lambda: free_sip_port("127.0.0.1"))
    trunk_port: int = field(default_factory=lambda: free_sip_port(TRUNK_HOST))

    @property
    def sip(self) -> tuple[str, int]:
        return "127.0.0.1", self.sip_port

    def _configuration(self) -> dict[str, str]:
        first = 2 * random.randrange(6000, 7000)  # noqa: S311 - no secret
        return super()._configuration() | {
            "pjsip.conf": _PJSIP.format(
                port=self.sip_port,
                trunk=f"{TRUNK_HOST}:{self.trunk_port}",
                host=TRUNK_HOST,
                phone=PHONE,
                modern=MODERN_PHONE,
                password=PASSWORD,
            ),
            "sorcery.conf": "",
            "extensions.conf": _EXTENSIONS,
            "rtp.conf": f"[general]\nrtpstart={first}\nrtpend={first + 400}\nstrictrtp=no\n",
        }


_PJSIP = """[global]
type=global
endpoint_identifier_order=username,ip
[udp]
type=transport
protocol=udp
bind=127.0.0.1:{port}
[trunk]
type=endpoint
identify_by=ip
context=from-trunk
disallow=all
allow=alaw,ulaw
aors=trunk
direct_media=no
rtp_symmetric=yes
trust_id_inbound=yes
[trunk]
type=aor
contact=sip:{trunk}
[trunk]
type=identify
endpoint=trunk
match={host}
[{phone}]
type=endpoint
identify_by=username
context=from-phone
disallow=all
allow=ulaw,alaw
aors={phone}
auth={phone}
direct_media=no
rtp_symmetric=yes
[{phone}]
type=aor
max_contacts=1
remove_existing=yes
[{phone}]
type=auth
auth_type=digest
username={phone}
password={password}
[{modern}]
type=endpoint
identify_by=username
context=from-phone
disallow=all
allow=alaw
aors={modern}
auth={modern}
direct_media=no
[{modern}]
type=aor
max_contacts=1
[{modern}]
type=auth
auth_type=digest
supported_algorithms_uas=SHA-256
username={modern}
password={password}
"""

# 100 asks for 123: then it says goodbye and hangs up, else it waits; 201 is the phone, 300 the
# external centre.
_EXTENSIONS = """[from-trunk]
exten => _+X.,1,Goto(lines,${EXTEN:4},1)
[lines]
exten => 100,1,Answer()
 same => n,Playback(beep)
 same => n,Read(PIN,vm-enter-num-to-call,3,,1,6)
 same => n,GotoIf($["${PIN}"="123"]?:wrong)
 same => n,Playback(vm-goodbye)
 same => n,Hangup()
 same => n(wrong),Playback(beeperr)
 same => n,Wait(60)
exten => 201,1,Dial(PJSIP/agent-201,20)
 same => n,Hangup(${HANGUPCAUSE})
exten => 300,1,Dial(PJSIP/+97239990300@trunk,20)
 same => n,Hangup(${HANGUPCAUSE})
exten => 403,1,Hangup(21)
exten => 404,1,Dial(PJSIP/+97239990999@trunk,20)
 same => n,Hangup(${HANGUPCAUSE})
[from-phone]
exten => _X.,1,Dial(PJSIP/${FILTER(0-9,${EXTEN})}@trunk,20)
"""
