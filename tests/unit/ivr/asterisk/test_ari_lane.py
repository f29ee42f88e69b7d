"""Which connection a request takes."""

from __future__ import annotations

from typing import Any, cast

from ivr.asterisk.ari_lane import AriLane, lane_for
from ivr.asterisk.ari_request import AriRequest


class Lane:
    def __init__(
        self, *channels: str, load: int = 0, is_open: bool = True, busy: float = 0
    ) -> None:
        self.channels = channels
        self.busy = busy
        self.load = load
        self.is_open = is_open

    def waits_for(self, channel: str) -> bool:
        return channel in self.channels

    def busy_for(self) -> float:
        return self.busy


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


def test_lanes_that_are_held_up_are_not_taken() -> None:
    lanes = Lane("a", load=1, busy=3), Lane("b", load=4, busy=0.001)
    assert _taken(_blocking("c"), *lanes) is lanes[1]
    assert _taken(_blocking("a"), *lanes) is lanes[0]


def test_with_every_lane_held_up_none_is_taken() -> None:
    assert _taken(_blocking("c"), Lane("a", load=1, busy=3), Lane("b", load=1, busy=1)) is None
