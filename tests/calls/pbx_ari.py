"""The few ARI requests the PBX tests make themselves, over plain HTTP."""

import json
import urllib.request
from base64 import b64encode
from typing import Any

from websockets.sync.client import connect

from ivr.pbx.phones import phone_objects
from ivr.pbx.plan import ARI_USER
from ivr.pbx.private import PrivateAsterisk


def ari(pbx: PrivateAsterisk, method: str, path: str, body: object = None) -> Any:
    """Send one request to *pbx* and return its JSON answer, ``None`` for an empty one.

    Raises:
        urllib.error.HTTPError: Asterisk refused it.
    """
    token = b64encode(f"{ARI_USER}:{pbx.ari_password}".encode()).decode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{pbx.runtime.ari_port}/ari/{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Basic {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=5) as reply:  # noqa: S310 - loopback
        text = reply.read()
    return json.loads(text) if text else None


class StrawController:
    """A controller of straw: claims one call, then may be left or closed."""

    def __init__(self, pbx: PrivateAsterisk, app: str = "cc-straw") -> None:
        token = b64encode(f"{ARI_USER}:{pbx.ari_password}".encode()).decode()
        self._pbx = pbx
        self.app = app
        self._connection = connect(
            f"ws://127.0.0.1:{pbx.runtime.ari_port}/ari/events?app={app}",
            additional_headers={"Authorization": f"Basic {token}"},
            compression=None,
        )

    def __enter__(self) -> "StrawController":
        self._socket = self._connection.__enter__()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._connection.__exit__(None, None, None)

    def next(self, kind: str, seconds: float = 10.0) -> dict[str, Any]:
        """Wait for the next event of *kind*.

        Raises:
            TimeoutError: it did not come.
        """
        while True:
            event: dict[str, Any] = json.loads(self._socket.recv(timeout=seconds))
            if event["type"] == kind:
                return event

    def claim(self) -> dict[str, Any]:
        """Claim the next call offered; return its StasisStart."""
        channel = self.next("CallBroadcast")["channel"]["id"]
        ari(self._pbx, "POST", f"events/claim?channelId={channel}&application={self.app}")
        return self.next("StasisStart")


def push_phone(pbx: PrivateAsterisk, endpoint: str, password: str) -> None:
    for pushed in phone_objects(endpoint, password):
        ari(pbx, "PUT", pushed.path, pushed.body)
