"""A draft is proved, called on paper, compared, tested and replayed; nothing really happens."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred

from ivr.app.published import ensure_published
from ivr.console.problems import Problem
from ivr.console.turns import Turns
from ivr.ids import CallId
from ivr.settings import CHECKOUT, Settings
from ivr.storage.calls import Calls
from ivr.storage.records import CallRecord, TraceRow
from tests.fakes.asgi import Answer, Browser
from tests.fakes.console import AUTHORITY, NOON
from tests.fakes.dialplans import prove_for_real
from tests.results import result_of
from tests.unit.ivr.console.conftest import House

SHIPPED = (CHECKOUT / "dialplans" / "billing.yaml").read_text()
ASK_PERSON = "values: {topic: 'בירור תשלומים'}\n    next: "
LOSES = SHIPPED.replace(f"{ASK_PERSON}tell_external", f"{ASK_PERSON}good_bye")
TUESDAY = "2026-11-24T08:30:00+00:00"


@dataclass
class Rehearsal:
    """Somebody who looks at the billing line's draft."""

    house: House
    browser: Browser

    @property
    def home(self) -> Path:
        return self.house.ports.dialplans.drafts.folder.parents[1]

    def draft(self, text: str, name: str = "billing.yaml") -> None:
        (self.house.ports.dialplans.drafts.folder / name).write_text(text)

    def get(self, rest: str, line: str = "billing") -> Answer:
        return self.browser.get(f"/api/dialplans/lines/{line}/{rest}")

    def call(self, *presses: str, asks: bool = False, version: str = "draft", **more: Any) -> Any:
        scenario = {"at": TUESDAY, "presses": [{"keys": keys} for keys in presses], **more}
        body = {"scenario": scenario, "asks": asks, "version": version}
        return self.browser.post("/api/dialplans/lines/billing/simulation", body)


@pytest.fixture
def rehearsal(house: House) -> Rehearsal:
    folder = house.ports.dialplans.drafts.folder
    settings = Settings(home=folder.parents[1])
    result_of(ensure_published(house.ports.lists._database, settings, house.clock))
    return Rehearsal(house, house.browser("lead"))


def test_a_good_draft_is_proved(rehearsal: Rehearsal) -> None:
    proof = rehearsal.get("proof").json()
    assert (proof["holds"], proof["found"], proof["lost"]) == (True, 0, [])
    assert proof["worlds"] > 1


def test_a_lost_caller_is_told_and_can_be_played(rehearsal: Rehearsal) -> None:
    rehearsal.draft(LOSES)
    proof = rehearsal.get("proof").json()
    lost = next(one for one in proof["lost"] if one["rule"] == "lost")
    assert not proof["holds"]
    assert lost["label"] == "good_bye"
    assert ("welcome", "pressed", "3") in [
        (one["label"], one["what"], one["name"]) for one in lost["story"]
    ]
    played = rehearsal.browser.post(
        "/api/dialplans/lines/billing/simulation", {"scenario": lost["scenario"]}
    ).json()
    assert played["end"]["reached"] == "lost"
    assert played["labels"][-1] == "good_bye"
    heard = [one["name"] for one in played["events"] if one["kind"] == "heard"]
    assert heard[-1] == "goodbye"
    assert {one["language"] for one in played["events"]} == {"he"}


def test_the_same_draft_is_proved_once(rehearsal: Rehearsal) -> None:
    first, second = (rehearsal.get("proof").json() for _ in range(2))
    assert first["took"] == second["took"]
    rehearsal.draft(SHIPPED.replace("ring_for: 30", "ring_for: 29"))
    assert rehearsal.get("proof").json()["version_hash"] != first["version_hash"]


def test_a_call_is_told_step_by_step(rehearsal: Rehearsal) -> None:
    first = rehearsal.call(asks=True).json()
    assert (first["asks"]["what"], first["asks"]["label"]) == ("press", "welcome")
    second = rehearsal.call("4", asks=True).json()
    assert (second["asks"]["what"], second["asks"]["name"]) == ("staffed", "billing")
    third = rehearsal.call("4", asks=True, staffed={"billing": True}).json()
    assert (third["asks"]["what"], third["asks"]["name"]) == ("queue", "billing")
    given = [{"service": "queue", "name": "billing", "given": [{"outcome": "talked"}]}]
    last = rehearsal.call("4", asks=True, staffed={"billing": True}, answers=given).json()
    assert (last["asks"], last["end"]) == (None, {"reached": "person", "whom": "billing"})


def test_what_is_live_is_called_as_it_is_live(rehearsal: Rehearsal) -> None:
    rehearsal.draft(LOSES)
    assert rehearsal.call("3").json()["end"]["reached"] == "lost"
    assert rehearsal.call("3", version="live").json()["end"]["reached"] == "person"


@pytest.mark.parametrize(
    "scenario",
    [
        {"presses": [{"keys": "12a"}]},
        {"presses": [{"keys": "1"}] * 201},
        {"answers": [{"service": "queue", "name": "billing", "given": [{"outcome": "busy"}]}]},
        {"answers": [{"service": "nothing", "name": "", "given": []}]},
        {"at": "yesterday"},
        {"caller": "bob"},
        {"hangs_up_after": 1e9},
    ],
)
def test_what_no_caller_can_do_is_refused(rehearsal: Rehearsal, scenario: dict[str, Any]) -> None:
    path = "/api/dialplans/lines/billing/simulation"
    answer = rehearsal.browser.post(path, {"scenario": scenario})
    assert (answer.status, answer.json()["code"]) == (422, "bad_input")


def test_a_draft_with_problems_is_not_tried_but_they_are_told(rehearsal: Rehearsal) -> None:
    rehearsal.draft(SHIPPED.replace("queue: billing", "queue: billig"))
    for rest in ("proof", "changes", "tests", "replay"):
        refused = rehearsal.get(rest)
        assert (refused.status, refused.json()["code"]) == (422, "draft_unfit"), rest
        assert "did you mean 'billing'" in refused.json()["problems"][0]["text"]
    assert rehearsal.call(version="live").status == 200


def test_a_line_that_is_not_there_is_not_found(rehearsal: Rehearsal) -> None:
    for line in ("nowhere", "site.yaml"):
        assert rehearsal.get("proof", line).status == 404


def test_what_changes_is_told_by_callers(rehearsal: Rehearsal) -> None:
    assert rehearsal.get("changes").json()["changed"] == []
    rehearsal.draft(LOSES)
    changes = rehearsal.get("changes").json()
    assert 0 < changes["found"] < changes["tried"]
    first = changes["changed"][0]
    assert {"keys": "3", "after": None, "hangs_up": False} in first["scenario"]["presses"]
    ends = {}
    for version in ("live", "draft"):
        body = {"scenario": first["scenario"], "version": version}
        path = "/api/dialplans/lines/billing/simulation"
        ends[version] = rehearsal.browser.post(path, body).json()["end"]
    assert ends == {"live": first["live"], "draft": first["draft"]}


def test_the_lines_own_tests_are_run_on_the_draft(rehearsal: Rehearsal) -> None:
    found = rehearsal.get("tests").json()
    assert found["problems"] == []
    assert len(found["tests"]) > 3
    assert {tuple(one["failures"]) for one in found["tests"]} == {()}
    assert {one["file"] for one in found["tests"]} == {"billing.yaml"}
    rehearsal.draft(LOSES)
    failed = [one for one in rehearsal.get("tests").json()["tests"] if one["failures"]]
    assert "presses 3" in failed[0]["name"]
    assert "external_payment_centre" in failed[0]["failures"][0]


def test_a_real_call_that_would_have_ended_elsewhere_is_told(rehearsal: Rehearsal) -> None:
    result_of(_call_of_yesterday(rehearsal.house))
    same = rehearsal.get("replay?days=7").json()
    assert (same["calls"], same["set_aside"], same["changed"]) == (1, 1, [])
    rehearsal.draft(LOSES)
    (changed,) = rehearsal.get("replay?days=7").json()["changed"]
    assert changed["call_id"] == "call-7"
    assert changed["live"] == {"reached": "person", "whom": "external_payment_centre"}
    assert changed["draft"]["end"]["reached"] == "lost"
    assert changed["draft"]["labels"][-1] == "good_bye"
    assert rehearsal.get("replay?days=400").status == 422


async def _call_of_yesterday(house: House) -> None:
    at = NOON - timedelta(days=1)
    call = CallRecord(
        call_id=CallId("call-7"),
        authority_id=AUTHORITY,
        line="billing",
        plan_version=1,
        caller_number="+972500000101",
        called_number="+97229900200",
        arrived_at=at,
        answered_at=at,
        ended_at=at + timedelta(seconds=90),
        outcome="talked",
    )
    await Calls(house.ports.lists._database).arrived(call)
    way = ["notice", "greeting", "welcome", "ask_person", "tell_external", "external_centre", "end"]
    kinds = ["play", "play", "menu", "set", "play", "dial"]
    for place, kind in enumerate(kinds):
        row = TraceRow(
            seq=place + 1,
            label=way[place],
            kind=kind,
            at=at + timedelta(seconds=3 * place),
            pressed="3" if kind == "menu" else "",
            went_to=way[place + 1],
        )
        await house.ports.traces.append(AUTHORITY, call.call_id, row)


def test_a_prompt_is_heard_as_by_telephone(rehearsal: Rehearsal) -> None:
    file = rehearsal.home / "prompts" / "he" / "goodbye.alaw"
    file.parent.mkdir(parents=True)
    file.write_bytes(bytes(range(256)) * 10)
    answer = rehearsal.browser.get("/api/prompts/he/goodbye")
    assert (answer.status, answer.headers["content-type"]) == (200, "audio/wav")
    with wave.open(io.BytesIO(answer.body)) as heard:
        assert (heard.getframerate(), heard.getnchannels(), heard.getnframes()) == (8000, 1, 2560)
    again = rehearsal.browser.get(
        "/api/prompts/he/goodbye", **{"if-none-match": answer.headers["etag"]}
    )
    assert (again.status, again.body) == (304, b"")
    assert answer.headers["cache-control"] == "private, max-age=300"


@pytest.mark.parametrize("path", ["he/welcome_billing", "he/secret", "xx/goodbye", "he/..%2Findex"])
def test_what_is_no_prompt_or_not_made_is_not_there(rehearsal: Rehearsal, path: str) -> None:
    (rehearsal.home / "prompts" / "he").mkdir(parents=True)
    (rehearsal.home / "prompts" / "he" / "secret.alaw").write_bytes(b"x")
    assert rehearsal.browser.get(f"/api/prompts/{path}").status in (404, 422)


def test_a_publish_is_refused_by_a_failing_test_and_says_so(rehearsal: Rehearsal) -> None:
    tests = rehearsal.home / "site" / "dialplans" / "tests" / "billing.yaml"
    tests.write_text(
        "line: billing\ntests:\n"
        "  - {name: friday, at: friday 15:00, press: ['4'], reaches: external_payment_centre}\n"
    )
    rehearsal.draft(SHIPPED + "# changed\n")
    prove_for_real(rehearsal.house.ports.dialplans, rehearsal.house.clock)
    admin = rehearsal.house.browser("admin")
    refused = admin.post("/api/dialplans/publish", {"lines": ["billing"]})
    assert (refused.status, refused.json()["code"]) == (422, "publish_refused")
    proof = refused.json()["failing"]["billing"]
    assert (proof["holds"], proof["counterexamples"]) == (False, [])
    assert proof["tests"] == {"run": 1, "failed": ["friday"], "problems": []}
    assert "friday: should reach external_payment_centre" in proof["told"][0]
    order = {"lines": ["billing"], "override": "the test is wrong"}
    assert admin.post("/api/dialplans/publish", order).status == 200


def test_a_user_has_one_piece_of_work_at_a_time() -> None:
    turns = Turns()
    first: Deferred[int] = Deferred()
    began: list[int] = []

    async def work(number: int) -> int:
        began.append(number)
        return await first if number == 0 else number

    under_way = [Deferred.fromCoroutine(turns.take("lead", work(one))) for one in range(5)]
    other = Deferred.fromCoroutine(turns.take("admin", work(9)))
    assert (began, result_of(other)) == ([0, 9], 9)
    with pytest.raises(Problem) as refused:
        result_of(Deferred.fromCoroutine(turns.take("lead", work(5))))
    assert refused.value.code == "still_working"
    first.callback(0)
    assert [result_of(one) for one in under_way] == [0, 1, 2, 3, 4]
