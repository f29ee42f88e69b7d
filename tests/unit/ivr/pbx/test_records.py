"""Asterisk's records, read on from where the last reading stopped."""

from pathlib import Path

from ivr.pbx.records import read_records
from ivr.pbx.refused_calls import RefusedCalls

REFUSED = (
    '"","0501234567","0527250801","from-demo","""""  <0501234567>","PJSIP/trunk-demo-1","",'
    '"Hangup","21","2026-11-22 20:09:49",,"2026-11-22 20:09:49",0,0,"NO ANSWER","DOCUMENTATION",'
    '"m1-1.0","refused:whatsapp-only","","m1-1.0",0\n'
)
RESCUED = (
    '"","0501234567","billing","failsafe","""refused:x"" <050>","PJSIP/trunk-demo-2",'
    '"PJSIP/agent-301-3","Queue","failsafe-centre,,,,60","2026-11-22 20:09:49",'
    '"2026-11-22 20:09:50","2026-11-22 20:09:53",3,2,"ANSWERED","DOCUMENTATION","m1-1.1",'
    '"failsafe:billing:+97250","","m1-1.1",1\n'
)


def test_records_say_what_became_of_the_call(tmp_path: Path) -> None:
    file = tmp_path / "Master.csv"
    file.write_text(REFUSED + RESCUED)
    refused, rescued = read_records(file).records
    assert (refused.kind, refused.line, refused.answered) == ("refused", "whatsapp-only", False)
    assert (rescued.kind, rescued.line, rescued.caller_received) == (
        "failsafe",
        "billing",
        "+97250",
    )
    assert (rescued.answered, rescued.seconds, rescued.talked) == (True, 3, 2)
    assert refused.began.isoformat() == "2026-11-22T20:09:49+00:00"


def test_half_a_line_is_left_for_the_next_time(tmp_path: Path) -> None:
    file = tmp_path / "Master.csv"
    file.write_text(REFUSED + RESCUED[:50])
    first = read_records(file)
    assert len(first.records) == 1
    file.write_text(REFUSED + RESCUED)
    second = read_records(file, first.offset)
    assert [record.kind for record in second.records] == ["failsafe"]
    assert not read_records(file, second.offset).records


def test_rotated_file_is_read_from_its_start(tmp_path: Path) -> None:
    file = tmp_path / "Master.csv"
    file.write_text(REFUSED)
    assert len(read_records(file, 100_000).records) == 1
    assert read_records(tmp_path / "none.csv", 5).offset == 0


def test_refusals_are_told_once_and_no_caller_can_pretend_one(tmp_path: Path) -> None:
    file, place = tmp_path / "Master.csv", tmp_path / "run/refused.position"
    file.write_text(RESCUED.replace("0501234567", "refused:billing") + REFUSED)
    (refused,) = RefusedCalls(file, place).read()
    assert (refused.line, refused.caller) == ("whatsapp-only", "0501234567")
    again = RefusedCalls(file, place)
    assert again.read() == []
    with file.open("a") as more:
        more.write(REFUSED)
    assert len(again.read()) == 1
