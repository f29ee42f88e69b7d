"""Which connection a request takes."""

from __future__ import annotations

from typing import Any, cast

from ivr.asterisk.ari_lane import AriLane, lane_for
from ivr.asterisk.ari_request import AriRequest


class Lane:
    def __init__(self, *channels: str, load: int = 0, is_open: bool = True) -> None:
        self.channels = channels
        self.load = load
        self.is_open = is_open

    def waits_for(self, channel: str) -> bool:
        return channel in self.channels


EXPRESS = Lane()


def _taken(request: AriRequest, *lanes: Lane) -> Any:
    # Only what the choice looks at is there.
    return lane_for(request, cast("AriLane", EXPRESS), [cast("AriLane", lane) for lane in lanes])


def _blocking(channel: str) -> AriRequest:
    return AriRequest("POST", f"channels/{channel}/answer", blocks=channel)


def test_what_never_blocks_takes_the_express_lane() -> None:
    assert _taken(AriRequest("DELETE", "playbacks/p"), Lane(), Lane()) is EXPRESS


def test_what_may_block_takes_the_emptiest_lane() -> None:
    lanes = Lane(load=2), Lane(load=1), Lane(load=3)
    assert _taken(_blocking("c"), *lanes) is lanes[1]


def test_a_channels_requests_keep_their_order() -> None:
    lanes = Lane("c", load=9), Lane(load=0)
    assert _taken(_blocking("c"), *lanes) is lanes[0]
    assert _taken(_blocking("other"), *lanes) is lanes[1]


def test_closed_lanes_are_not_taken() -> None:
    lanes = Lane(load=0, is_open=False), Lane(load=5)
    assert _taken(_blocking("c"), *lanes) is lanes[1]


def test_with_no_lane_open_the_express_lane_serves() -> None:
    assert _taken(_blocking("c"), Lane(is_open=False)) is EXPRESS
