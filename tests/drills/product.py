"""What drills look at in a running product: its rows, its log, Asterisk's channels."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from typing import Any

import requests

from tests.calls.house import SLOW, House, until

BILLING, COUNCIL = "+97229900200", "+97229900106"


def rows(house: House, query: str, *values: object) -> list[dict[str, Any]]:
    """Read the instance's database as it is on disk, beside the service."""
    path = house.home / "db" / "moked.sqlite3"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(query, values)]


def label_of(house: House, caller: str) -> str:
    """Return the step in which *caller*'s call stands, ``""`` if it does not run."""
    found = rows(house, "SELECT label FROM call_positions WHERE caller_number = ?", caller)
    return str(found[0]["label"]) if found else ""


def outcomes_of(house: House, caller: str) -> list[str]:
    found = rows(house, "SELECT outcome FROM calls WHERE caller_number = ?", caller)
    return [str(row["outcome"]) for row in found]


def talk_of(house: House, caller: str) -> dict[str, Any] | None:
    """Return what the position says of the talk that *caller* is in now."""
    found = rows(house, "SELECT state FROM call_positions WHERE caller_number = ?", caller)
    return json.loads(found[0]["state"]).get("talk") if found else None


def ari(house: House, method: str, path: str) -> Any:
    """Ask Asterisk itself, beside the service."""
    url = f"http://{house.runtime['asterisk_host']}:{house.runtime['ari_port']}/ari/{path}"
    answer = requests.request(method, url, auth=("moked", house.secret("ari")), timeout=10)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def other_side_hangs_up(house: House, caller: str) -> None:
    """End the talk of *caller* from the other side, as a phone's BYE does."""
    talk = talk_of(house, caller)
    assert talk is not None, f"{caller} is in no talk"
    ari(house, "DELETE", f"channels/{talk['leg_id']}")


def channels(house: House) -> list[dict[str, Any]]:
    """Return the channels that Asterisk has."""
    found: list[dict[str, Any]] = ari(house, "GET", "channels")
    return found


def no_channels_left(house: House) -> None:
    until(lambda: not channels(house), 10, "Asterisk to have no channel left")


def said(house: House, event: str, log: str = "service") -> list[dict[str, Any]]:
    """Return what a process wrote to its log under *event*."""
    lines = (house.home / "log" / f"{log}.log").read_text(errors="replace").splitlines()
    found = (json.loads(line) for line in lines if line.startswith("{"))
    return [line for line in found if line.get("event") == event]


def wait_taking_calls(house: House, before: int, seconds: float = 10.0) -> None:
    """Wait until the service has said once more than *before* that it takes calls."""
    until(lambda: len(said(house, "taking calls")) > before, seconds, "calls to be taken")


def wait_spare(house: House) -> None:
    """Wait until a spare service is loaded, as it is a little after every start."""
    path = house.home / "run" / "status.json"

    def loaded() -> bool:
        return bool(json.loads(path.read_text())["children"]["service"].get("spare"))

    until(loaded, 30, "the spare service")
    time.sleep(1.0 * SLOW)  # it reads its libraries now and tells nobody when it is done
