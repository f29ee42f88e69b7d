"""What the routes do, and that what is sent to them can do no harm."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ivr.ids import AgentId, OfferId
from ivr.storage.offers import Offers
from ivr.storage.records import OfferRecord
from tests.fakes.console import AUTHORITY, CALL, NOON, WAV
from tests.results import result_of
from tests.unit.ivr.console.conftest import House

TICKET = {"key": "form-1", "subject": "חיוב כפול", "number": "050-000-0101", "call_id": "call-1"}
XSS = "<script>alert(1)</script>"


def audited(house: House) -> list[str]:
    return [entry.action for entry in result_of(house.ports.audit.recent(AUTHORITY, 50))]


def test_health_is_open_and_says_only_whether_it_is_ready(house: House) -> None:
    assert house.browser().get("/api/health").json() == {"ready": True}


def test_the_openapi_description_is_open(house: House) -> None:
    paths = house.browser().get("/api/openapi.json").json()["paths"]
    assert "/api/calls/{call_id}" in paths


def test_calls_are_listed_with_names_and_found_by_number(house: House) -> None:
    browser = house.browser("agent")
    (row,) = browser.get("/api/calls").json()
    assert (row["call"]["call_id"], row["caller_name"]) == ("call-1", "רות לוי")
    assert len(browser.get("/api/calls?number=0500000101").json()) == 1
    assert browser.get("/api/calls?number=0500000102").json() == []
    assert browser.get("/api/calls?before=2026-11-22T09:00:00Z").json() == []


def test_a_call_comes_with_its_trace(house: House) -> None:
    detail = house.browser("lead").get("/api/calls/call-1").json()
    assert [row["kind"] for row in detail["trace"]] == ["menu", "dial", "queue"]
    assert detail["trace"][0]["pressed"] == "3"
    assert [one["name"] for one in detail["recordings"]] == ["rec-1"]
    assert "wrapped_key" not in detail["recordings"][0]


def test_a_call_says_whose_phones_rang(house: House) -> None:
    offers = Offers(house.ports.lists._database)
    for number, why in enumerate(("no_answer", "answered")):
        offer = OfferRecord(
            offer_id=OfferId(f"offer-{number}"),
            authority_id=AUTHORITY,
            call_id=CALL,
            agent_id=AgentId(f"20{number}"),
            queue="billing",
            made_at=NOON + timedelta(seconds=number),
        )
        result_of(offers.made(offer))
        result_of(offers.ended(offer.offer_id, why, NOON))
    shown = house.browser("agent").get("/api/calls/call-1").json()["offers"]
    assert [(one["agent_id"], one["why"]) for one in shown] == [
        ("200", "no_answer"), ("201", "answered"),
    ]  # fmt: skip


def test_an_agent_is_shown_no_recordings(house: House) -> None:
    assert house.browser("agent").get("/api/calls/call-1").json()["recordings"] == []


def test_a_ticket_sent_twice_is_opened_once(house: House) -> None:
    browser = house.browser("agent")
    first, second = (browser.post("/api/tickets", TICKET).json() for _ in range(2))
    assert first["reference"] == second["reference"]
    listed = browser.get("/api/tickets?number=0500000101").json()
    assert [ticket["subject"] for ticket in listed] == ["חיוב כפול"]


@pytest.mark.parametrize("number", ["", "anonymous", "bob", "29900200", "אבג"])
def test_a_ticket_is_opened_whatever_number_the_call_came_from(house: House, number: str) -> None:
    answer = house.browser("agent").post("/api/tickets", {**TICKET, "number": number})
    assert answer.status == 201


def test_a_closed_ticket_is_not_open_any_more(house: House) -> None:
    browser = house.browser("agent")
    ticket = browser.post("/api/tickets", TICKET).json()
    assert browser.post(f"/api/tickets/{ticket['ticket_id']}/close").status == 204
    assert browser.get("/api/tickets?number=0500000101").json() == []
    assert audited(house)[:2] == ["ticket_closed", "ticket_opened"]


def test_a_contact_is_kept_under_its_number_however_it_is_typed(house: House) -> None:
    browser = house.browser("agent")
    saved = browser.send("PUT", "/api/contacts", {"number": "02-990 0299", "name": "יעל"}).json()
    assert saved["number"] == "+97229900299"
    again = browser.send("PUT", "/api/contacts", {"number": "+97229900299", "name": "יעל כץ"})
    assert again.json()["contact_id"] == saved["contact_id"]
    assert browser.get("/api/contacts?number=029900299").json()["contact"]["name"] == "יעל כץ"


def test_work_is_listed_and_closed_once(house: House) -> None:
    browser = house.browser("agent")
    items = browser.get("/api/work").json()
    assert {item["kind"] for item in items} == {"abandoned_call", "message"}
    assert {item["caller_name"] for item in items} == {"רות לוי", "יוסף חדאד"}
    for item in items:
        path = f"/api/work/{item['item_id']}/close"
        assert [browser.post(path, {}).status for _ in range(2)] == [204, 404]
    assert browser.get("/api/work").json() == []


def test_a_recording_is_heard_with_a_reason_that_is_kept(house: House) -> None:
    browser = house.browser("lead")
    assert browser.get("/api/recordings/rec-1/audio").status == 422
    answer = browser.get("/api/recordings/rec-1/audio?reason=complaint")
    assert (answer.status, answer.body) == (200, WAV)
    entry = result_of(house.ports.audit.recent(AUTHORITY, 1))[0]
    assert (entry.action, entry.subject, entry.details) == (
        "recording_heard", "rec-1", {"reason": "complaint"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "status", "content"),
    [
        ("bytes=0-99", 206, "bytes 0-99/2048"),
        ("bytes=2000-", 206, "bytes 2000-2047/2048"),
        ("bytes=-48", 206, "bytes 2000-2047/2048"),
        ("bytes=9999-", 416, "bytes */2048"),
    ],
)
def test_a_player_can_seek_in_a_recording(
    house: House, wanted: str, status: int, content: str
) -> None:
    answer = house.browser("lead").get("/api/recordings/rec-1/audio?reason=test", range=wanted)
    assert (answer.status, answer.headers["content-range"]) == (status, content)
    if status == 206:
        first, last = content.split()[1].split("/", maxsplit=1)[0].split("-")
        assert answer.body == WAV[int(first) : int(last) + 1]


def test_every_listening_is_audited_whatever_part_is_asked_for_first(house: House) -> None:
    browser = house.browser("lead")
    for part in ("bytes=1-", "bytes=0-9", "bytes=20-"):
        browser.get("/api/recordings/rec-1/audio?reason=test", range=part)
    assert audited(house).count("recording_heard") == 1
    browser.get("/api/recordings/rec-1/audio?reason=again")
    house.clock.move(1801)
    browser.get("/api/recordings/rec-1/audio?reason=again")
    assert audited(house).count("recording_heard") == 3


def test_a_user_is_added_once_and_never_shown_with_a_hash(house: House) -> None:
    browser = house.browser("admin")
    body = {"name": "noa", "full_name": "נועה", "role": "agent", "password": "a long sentence"}
    added = browser.post("/api/users", body)
    assert added.status == 201
    assert "hash" not in added.body.decode()
    assert browser.post("/api/users", body).json()["code"] == "name_taken"
    assert house.browser(address="10.0.0.9").sign_in("noa", "a long sentence").status == 200


def test_what_cannot_be_done_now_is_said_so(house: House) -> None:
    browser = house.browser("agent")
    answer = browser.post("/api/agents/201/resume")
    assert (answer.status, answer.json()["code"]) == (409, "not_now")
    assert (
        browser.post("/api/agents/201/resume", accept_language="en")
        .json()["message"]
        .startswith("This cannot be done")
    )


HOSTILE = [
    ("POST", "/api/tickets", {**TICKET, "subject": "a\0b"}),
    ("POST", "/api/tickets", {**TICKET, "subject": "\ud800"}),
    ("POST", "/api/tickets", {**TICKET, "subject": "x" * 121}),
    ("POST", "/api/tickets", {**TICKET, "key": "../../x"}),
    ("POST", "/api/tickets", {**TICKET, "opened_by": "machine"}),
    ("POST", "/api/tickets", {**TICKET, "number": "a\0b"}),
    ("PUT", "/api/contacts", {"number": "1", "name": "x"}),
    ("PUT", "/api/contacts", {"number": "not a number", "name": "x"}),
    ("PUT", "/api/contacts", {"number": "02-990 0299", "name": "x", "language": "xx"}),
    ("POST", "/api/agents/201/pause", {"reason": ["break"]}),
    ("POST", "/api/agents/201/pause", b"{"),
    ("POST", "/api/agents/201/pause", b"\xff\xfe"),
    ("POST", "/api/agents/201/pause", b"[" * 2000),
    ("GET", "/api/calls?limit=100000", None),
    ("GET", "/api/calls?before=yesterday", None),
    ("GET", "/api/calls/" + "a" * 200, None),
    ("GET", "/api/contacts?number=" + "9" * 33, None),
]


@pytest.mark.parametrize(("method", "path", "body"), HOSTILE)
def test_hostile_input_is_refused_in_a_sentence(
    house: House, method: str, path: str, body: Any
) -> None:
    answer = house.browser("agent").send(method, path, body)
    assert answer.status in {400, 422}
    assert answer.json()["message"]
    assert house.desk.commands == []


def test_a_body_that_never_ends_is_cut_off(house: House) -> None:
    answer = house.browser("agent").post("/api/tickets", b"x" * 70_000)
    assert (answer.status, answer.json()["code"]) == (413, "too_large")


def test_script_in_a_field_is_kept_as_text_and_sent_as_json(house: House) -> None:
    browser = house.browser("agent")
    answer = browser.post("/api/tickets", {**TICKET, "subject": XSS})
    assert answer.json()["subject"] == XSS
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/api/health", "/desk", "/api/calls", "/nowhere", "/assets/x.js"])
def test_every_answer_carries_the_security_headers(house: House, path: str) -> None:
    headers = house.browser().get(path).headers
    policy = headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy.replace("style-src-attr 'unsafe-inline'", "")
    assert "frame-ancestors 'none'" in policy
    assert headers["x-frame-options"] == "DENY"


def test_private_answers_are_never_cached(house: House) -> None:
    assert house.browser("agent").get("/api/calls").headers["cache-control"] == "no-store"


def test_a_method_that_is_not_there_changes_nothing(house: House) -> None:
    assert house.browser("agent").send("DELETE", "/api/calls/call-1").status == 405
    assert house.browser("agent").send("DELETE", "/api/users/x").status == 405
