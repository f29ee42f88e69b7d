"""The spool: what was appended comes back in order, also after a torn line and a bad disk."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.storage.facts import AnyFact, Fact, PositionDropFact, RefusedFact, decode, encode
from ivr.storage.spool import Spool

NOW = datetime(2026, 11, 22, 8, 0, 0, 123456, tzinfo=UTC)


def fact(number: int) -> Fact:
    return PositionDropFact(authority_id="town", call_id=f"call-{number}", fact_id=f"f-{number}")


def test_facts_come_back_in_order_and_in_parts(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    assert spool.open() == 0
    spool.append([fact(1), fact(2)])
    spool.append([fact(3)])
    first = spool.read(0, 2)
    assert first.facts == [fact(1), fact(2)]
    assert spool.read(first.end, 2).facts == [fact(3)]
    assert Spool(tmp_path).open() == 3


def test_a_line_cut_off_by_a_crash_is_cut_away(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.append([fact(1)])
    with (tmp_path / "spool.jsonl").open("ab") as file:
        file.write(b'{"type":"PositionDr')
    assert spool.open() == 1
    spool.append([fact(2)])
    assert spool.read(0, 9).facts == [fact(1), fact(2)]


def test_an_unreadable_line_is_set_aside_and_stops_nothing(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.append([fact(1)])
    with (tmp_path / "spool.jsonl").open("ab") as file:
        file.write(b'{"type":"NobodyKnowsFact"}\n')
    spool.append([fact(2)])
    assert spool.read(0, 9).facts == [fact(1), fact(2)]
    assert b"NobodyKnowsFact" in (tmp_path / "rejected.jsonl").read_bytes()


def test_it_is_cleared_only_if_nothing_came_meanwhile(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.append([fact(1)])
    end = spool.read(0, 9).end
    spool.append([fact(2)])
    assert spool.clear_if_ends_at(end) is False
    assert spool.clear_if_ends_at(spool.read(end, 9).end) is True
    assert spool.read(0, 9).facts == []


def test_a_disk_error_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path)
    spool.append([fact(1)])

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            spool.append([fact(2)])
    spool.append([fact(3)])
    assert spool.read(0, 9).facts == [fact(1), fact(3)]


def test_moments_and_hebrew_survive_the_spool() -> None:
    told = RefusedFact(authority_id="מטה", line="קו", caller_number="", at=NOW)
    assert decode(encode(told)) == told


def test_every_kind_of_fact_can_be_read_back() -> None:
    listed = set(AnyFact.__args__)
    assert listed == set(Fact.__subclasses__())
