"""The identifiers that name things across the house, and how new ones are made."""

import secrets
import time
from typing import NewType

AuthorityId = NewType("AuthorityId", str)
LineName = NewType("LineName", str)
QueueName = NewType("QueueName", str)
AgentId = NewType("AgentId", str)
UserId = NewType("UserId", str)
CallId = NewType("CallId", str)
OfferId = NewType("OfferId", str)
TicketId = NewType("TicketId", str)
RecordingName = NewType("RecordingName", str)
ChannelId = NewType("ChannelId", str)
BridgeId = NewType("BridgeId", str)
PlaybackId = NewType("PlaybackId", str)
Label = NewType("Label", str)


def new_id(kind: str) -> str:
    """Return an unguessable id that sorts by time: ``kind-<ms, hex><64 random bits>``."""
    return f"{kind}-{time.time_ns() // 1_000_000:011x}{secrets.token_hex(8)}"


def new_call_id() -> CallId:
    return CallId(new_id("call"))
