"""Messages that callers left at the fail-safe while our service was dead."""

import configparser
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ivr.pbx.places import PbxPlaces


@dataclass(frozen=True, slots=True)
class FailsafeMessage:
    """One message; ``audio`` is 8 kHz WAV. ``caller`` is empty when it was withheld."""

    line: str
    caller: str
    left_at: datetime
    seconds: int
    audio: Path
    message_id: str  # never given twice by Asterisk: the key of whatever is made of it


def waiting_messages(places: PbxPlaces) -> list[FailsafeMessage]:
    """Return all messages nobody has taken in yet, oldest first. Blocks."""
    found = list(_messages(places.spool / "spool" / "voicemail" / "moked"))
    return sorted(found, key=lambda message: message.left_at)


def forget_message(message: FailsafeMessage) -> None:
    """Remove *message* once it is safe elsewhere. Blocks."""
    for path in (message.audio.with_suffix(".txt"), message.audio):
        path.unlink(missing_ok=True)


def _messages(folder: Path) -> Iterator[FailsafeMessage]:
    for text in folder.glob("*/INBOX/msg*.txt"):
        audio = text.with_suffix(".wav")
        facts = configparser.ConfigParser(interpolation=None)
        facts.read_string(text.read_text(errors="replace"))
        if not audio.exists() or not facts.has_section("message"):
            continue  # Asterisk is still writing it
        message = facts["message"]
        yield FailsafeMessage(
            line=text.parent.parent.name,
            caller="".join(c for c in message.get("callerid", "") if c in "+0123456789"),
            left_at=datetime.fromtimestamp(message.getint("origtime", 0), UTC),
            seconds=message.getint("duration", 0),
            audio=audio,
            message_id=message.get("msg_id", text.stem),
        )
