"""A throw-away private Asterisk for tests: temporary directory, free ports, own ARI, AMI and AGI.

The root that is started is an unpacked Debian package (``libraries.md``), named by
``MOKED_ASTERISK_ROOT``, else ``$MOKED_TOOLS/asterisk``. It needs no root rights: the program is
started through the loader of its own root, with all its directories inside a temporary one.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
BOOT_SECONDS = 30.0
STOP_SECONDS = 10.0
# Modules that open fixed ports, want hardware or databases, or only write logs we do not read.
_NOT_LOADED = """
chan_iax2 chan_unistim chan_motif chan_skinny chan_mgcp chan_console chan_dahdi chan_mobile
pbx_dundi pbx_lua pbx_ael res_xmpp res_phoneprov res_snmp res_smdi res_hep res_hep_pjsip
res_hep_rtcp res_prometheus res_statsd res_calendar res_calendar_caldav res_calendar_exchange
res_calendar_icalendar res_calendar_ews res_pjsip_phoneprov_provider app_agent_pool res_parking
app_confbridge app_page app_followme app_amd func_callcompletion cdr_csv cdr_custom
cdr_manager cel_custom cel_manager res_pjsip_notify res_ael_share res_corosync res_config_ldap
res_config_odbc res_config_pgsql res_config_sqlite3 res_odbc res_odbc_transaction func_odbc
cdr_adaptive_odbc cdr_odbc cdr_pgsql cdr_radius cdr_tds cdr_sqlite3_custom cel_odbc cel_pgsql
cel_radius cel_tds cel_sqlite3_custom app_voicemail_imap app_voicemail_odbc app_minivm
app_festival app_sms app_flash app_meetme codec_dahdi res_timing_dahdi format_ogg_speex
codec_speex res_fax res_fax_spandsp res_aeap res_speech_aeap res_stun_monitor res_geolocation
res_pjsip_geolocation res_stir_shaken res_pjsip_stir_shaken app_adsiprog app_getcpeid
app_alarmreceiver
"""


def asterisk_root() -> Path | None:
    """The unpacked root to start Asterisk from, or None where there is none."""
    tools = Path(os.environ.get("MOKED_TOOLS", str(CHECKOUT / ".moked" / "tools")))
    named = os.environ.get("MOKED_ASTERISK_ROOT")
    root = Path(named) if named else tools / "asterisk"
    return root if (root / "usr/sbin/asterisk").exists() else None


def free_port() -> int:
    """A TCP port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class PrivateAsterisk:
    """One Asterisk process and where to reach it; ``start`` and ``stop`` frame its life."""

    root: Path
    extensions: str = ""
    http_port: int = field(default_factory=free_port)
    ami_port: int = field(default_factory=free_port)
    user: str = "tests"
    password: str = field(default_factory=lambda: secrets.token_hex(12))
    home: Path = field(init=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        # A short path: the control socket's name must fit into 107 bytes.
        self.home = Path(tempfile.mkdtemp(prefix="ast-"))

    def start(self) -> None:
        """Write the configuration, start the process and wait until ARI answers.

        Raises:
            RuntimeError: Asterisk ended, or did not answer within ``BOOT_SECONDS``.
        """
        self._lay_out()
        with (self.home / "stdout").open("wb") as output:
            self._process = subprocess.Popen(
                [*self._program(), "-f", "-C", str(self.home / "etc/asterisk.conf")],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + BOOT_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Asterisk did not start:\n{self._last_words()}")
            # Asterisk says "fully booted" nowhere a stranger could wait for it: ask again.
            time.sleep(0.1)

    def stop(self) -> None:
        """End the process and remove its directory."""
        self.kill(signal.SIGTERM)
        shutil.rmtree(self.home, ignore_errors=True)

    def kill(self, sign: signal.Signals = signal.SIGKILL) -> None:
        """End the process with *sign* (SIGKILL if that takes too long); the directory stays."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(sign)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_SECONDS)

    def signal(self, sign: signal.Signals) -> None:
        """Send *sign*, for instance SIGSTOP and SIGCONT, to the running process."""
        if self._process is None:
            raise RuntimeError("this Asterisk is not running")
        self._process.send_signal(sign)
        while sign is signal.SIGSTOP and not self._is_stopped(self._process.pid):
            time.sleep(0.01)  # its threads stop one by one

    def command(self, line: str) -> str:
        """Run one command of Asterisk's own console and return what it printed."""
        conf = str(self.home / "etc/asterisk.conf")
        done = subprocess.run(
            [*self._program(), "-C", conf, "-rx", line],
            capture_output=True,
            timeout=10,
            check=False,
        )
        return done.stdout.decode(errors="replace")

    def log(self) -> str:
        """What Asterisk has logged so far."""
        return (self.home / "log/messages").read_text(errors="replace")

    def _is_stopped(self, pid: int) -> bool:
        states = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/stat")]
        return all(state.rpartition(") ")[2].startswith("T") for state in states)

    def _program(self) -> list[str]:
        library = next(self.root.glob("usr/lib/*/ld-linux-*.so.*")).parent
        loader = next(library.glob("ld-linux-*.so.*"))
        paths = f"{library}:{library / 'asterisk'}"
        return [str(loader), "--library-path", paths, str(self.root / "usr/sbin/asterisk")]

    def _answers(self) -> bool:
        token = b64encode(f"{self.user}:{self.password}".encode()).decode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.http_port}/ari/asterisk/ping",
            headers={"Authorization": f"Basic {token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=2) as reply:  # noqa: S310 - as above
                return bool(reply.status == 200)
        except urllib.error.HTTPError as refusal:
            refusal.close()
            return False
        except OSError:
            return False

    def _last_words(self) -> str:
        found = [p for p in (self.home / "stdout", self.home / "log/messages") if p.exists()]
        return "\n".join(path.read_text(errors="replace")[-3000:] for path in found)

    def _lay_out(self) -> None:
        for name in ("etc", "data", "spool/recording", "run", "log", "lib", "keys"):
            (self.home / name).mkdir(parents=True, exist_ok=True)
        share = self.root / "usr/share/asterisk"
        sounds = self.home / "data/sounds"
        sounds.mkdir(exist_ok=True)
        english = next(share.glob("sounds/en*"))
        for link, target in (
            (sounds / "en", english),
            (self.home / "data/documentation", share / "documentation"),
            (self.home / "data/rest-api", share / "rest-api"),
        ):
            if not link.is_symlink():
                link.symlink_to(target)
        for name, text in self._configuration().items():
            (self.home / "etc" / name).write_text(text)

    def _configuration(self) -> dict[str, str]:
        home = self.home
        modules = next(self.root.glob("usr/lib/*/asterisk/modules"))
        return {
            "asterisk.conf": _ASTERISK.format(home=home, modules=modules),
            "modules.conf": "[modules]\nautoload=yes\n"
            + "".join(f"noload = {name}.so\n" for name in _NOT_LOADED.split()),
            "logger.conf": "[general]\n[logfiles]\nmessages = notice,warning,error\n",
            "http.conf": "[general]\nenabled=yes\nbindaddr=127.0.0.1\n"
            f"bindport={self.http_port}\nsessionlimit=1000\n",
            "ari.conf": "[general]\nenabled=yes\npretty=no\nwebsocket_write_timeout=2000\n"
            f"[{self.user}]\ntype=user\nread_only=no\npassword={self.password}\n",
            "manager.conf": "[general]\nenabled=yes\nbindaddr=127.0.0.1\n"
            f"port={self.ami_port}\n[{self.user}]\nsecret={self.password}\n"
            "read=system,call,reporting\nwrite=system,call,reporting,command\n",
            "extensions.conf": _EXTENSIONS + self.extensions,
            "sorcery.conf": _SORCERY,
            "musiconhold.conf": f"[default]\nmode=files\ndirectory={home}/data/sounds/en/digits\n",
            "queues.conf": "[general]\n[emergency]\nmember => Local/answers@parties\n",
            "ccss.conf": "[general]\nenabled=no\n",
            "rtp.conf": "[general]\nrtpstart=20000\nrtpend=20400\n",
            "cdr.conf": "[general]\nenable=no\n",
            "stasis.conf": "[threadpool]\ninitial_size=5\n",
        }


_ASTERISK = """[directories]
astetcdir => {home}/etc
astmoddir => {modules}
astvarlibdir => {home}/lib
astdbdir => {home}/lib
astkeydir => {home}/keys
astdatadir => {home}/data
astagidir => {home}/data
astspooldir => {home}/spool
astrundir => {home}/run
astlogdir => {home}/log
[options]
live_dangerously = no
"""

# The far ends of Local channels: what a called party may do. Those that refuse wait a moment: a
# refusal at once may reach the dialling half before it listens, which then reports cause 16.
_EXTENSIONS = """
[parties]
exten => answers,1,Answer()
 same => n,Wait(120)
exten => rings,1,Ringing()
 same => n,Wait(120)
exten => busy,1,Wait(0.2)
 same => n,Hangup(17)
exten => congested,1,Wait(0.2)
 same => n,Hangup(34)
exten => rejects,1,Wait(0.2)
 same => n,Hangup(21)
exten => hangs_up,1,Answer()
 same => n,Wait(0.3)
 same => n,Hangup(16)
exten => presses_5,1,Answer()
 same => n,Wait(0.5)
 same => n,SendDTMF(5)
 same => n,Wait(60)
exten => continued,1,Wait(60)
exten => caller_presses,1,Wait(1)
 same => n,SendDTMF(${DIGITS},400)
 same => n,Wait(60)
exten => fastagi,1,Answer()
 same => n,AGI(agi://127.0.0.1:${AGI_PORT}/${AGI_PATH})
 same => n,Set(GLOBAL(AGI_ENDED)=${AGISTATUS})
 same => n,Hangup()
[broadcast]
exten => _[a-z].,1,StasisBroadcast(1500,^cc-[a-z0-9]+$,in:${EXTEN})
 same => n,Hangup(38)
"""

_SORCERY = """[res_pjsip]
endpoint/dyn=memory
auth/dyn=memory
aor/dyn=memory
"""
