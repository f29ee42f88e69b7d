"""``moked emergency``: shows and switches the authority's emergency mode."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from ivr.errors import MokedError
from ivr.settings import Settings, load_settings


class Wish(StrEnum):
    ON = "on"
    OFF = "off"
    STATUS = "status"


def emergency(
    wish: Annotated[Wish, typer.Argument(help="on, off, or status.")] = Wish.STATUS,
) -> None:
    """Show or switch emergency mode: calls take the emergency exits of their plans."""
    state = _ask(None if wish is Wish.STATUS else {"is_on": wish is Wish.ON})
    since = f" since {state['since']}" if state["since"] else ""
    print(f"emergency mode is {'on' if state['is_on'] else 'off'}{since}")


def _ask(change: dict[str, Any] | None) -> Any:
    from ivr.cli.state import ask_service
    from ivr.runtime import Runtime

    settings = load_settings()
    runtime = Runtime.load(settings.run)
    state = ask_service(settings, runtime, "/api/emergency", change) if runtime else {}
    if not state and change is not None:
        _tell_asterisk(settings, on=change["is_on"])
    if not state:
        raise MokedError("the service did not confirm it: try again, or look with ./moked status")
    return state


def _tell_asterisk(settings: Settings, *, on: bool) -> None:
    """Let Asterisk serve callers that way as long as it serves them without the service."""
    from ivr.pbx.places import PbxPlaces
    from ivr.pbx.process import AsteriskProcess

    asterisk = AsteriskProcess(PbxPlaces.of(settings))
    if asterisk.living():
        asterisk.command(f"dialplan set global MOKED_EMERGENCY {int(on)}")
        print("Asterisk goes by it until the service is back; then switch it again")
