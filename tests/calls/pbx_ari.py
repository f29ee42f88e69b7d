"""The few ARI requests the PBX tests make themselves, over plain HTTP."""

import json
import urllib.request
from base64 import b64encode
from typing import Any

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
    with urllib.request.urlopen(request, timeout=5) as reply:
        text = reply.read()
    return json.loads(text) if text else None


def push_phone(pbx: PrivateAsterisk, endpoint: str, password: str) -> None:
    for pushed in phone_objects(endpoint, password):
        ari(pbx, "PUT", pushed.path, pushed.body)
