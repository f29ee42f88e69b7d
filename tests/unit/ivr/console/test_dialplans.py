"""Editing and publishing dialplans by the console: nobody loses text, nothing broken goes live."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest

from ivr.app.published import ensure_published
from ivr.settings import CHECKOUT, Settings
from ivr.storage.positions import Positions
from ivr.storage.records import Position
from tests.fakes.asgi import Answer, Browser
from tests.fakes.console import AUTHORITY, CALL, NOON
from tests.results import result_of
from tests.unit.ivr.console.conftest import House

SHIPPED = (CHECKOUT / "dialplans" / "billing.yaml").read_text()
CHANGED = SHIPPED + "# another word\n"
BROKEN = SHIPPED.replace("queue: billing", "queue: billig")


@dataclass
class Editor:
    """An administrator at the editor, after the first start."""

    house: House
    browser: Browser

    def file(self, name: str = "billing.yaml") -> Any:
        return self.browser.get(f"/api/dialplans/drafts/{name}").json()

    def save(self, text: str, name: str = "billing.yaml", revision: str | None = None) -> Answer:
        started_from = self.file(name).get("revision", "") if revision is None else revision
        return self.browser.send(
            "PUT", f"/api/dialplans/drafts/{name}", {"text": text, "revision": started_from}
        )

    def publish(self, *lines: str, **more: str) -> Answer:
        return self.browser.post("/api/dialplans/publish", {"lines": list(lines), **more})

    def state(self, name: str = "billing") -> Any:
        states = {one["name"]: one for one in self.browser.get("/api/dialplans").json()}
        return states[name]

    def of_line(self, rest: str, line: str = "billing") -> Any:
        return self.browser.get(f"/api/dialplans/lines/{line}/{rest}").json()

    def audited(self, action: str) -> list[Any]:
        return result_of(self.house.ports.audit.recent(AUTHORITY, 20, action=action))


@pytest.fixture
def editor(house: House) -> Editor:
    folder = house.ports.dialplans.drafts.folder
    settings = Settings(home=folder.parents[1])
    result_of(ensure_published(house.ports.lists._database, settings, house.clock))
    return Editor(house, house.browser("admin"))


def test_every_line_and_the_site_are_published_at_the_first_start(editor: Editor) -> None:
    states = editor.browser.get("/api/dialplans").json()
    assert {(one["name"], one["version"], one["draft"]) for one in states} == {
        ("billing", 1, "same"), ("council", 1, "same"),
        ("site.yaml", 1, "same"), ("whatsapp-only", 1, "same"),
    }  # fmt: skip


def test_a_draft_is_saved_and_differs_until_it_is_published(editor: Editor) -> None:
    assert editor.save(CHANGED).json()["problems"] == []
    assert (editor.state()["version"], editor.state()["draft"]) == (1, "differs")
    done = editor.publish("billing", note="מילה נוספת").json()
    assert [(one["line"], one["version"]) for one in done["versions"]] == [("billing", 2)]
    assert (editor.state()["version"], editor.state()["draft"]) == (2, "same")
    (entry,) = [one for one in editor.audited("dialplan_published") if one.who != "machine"]
    assert (entry.subject, entry.details["note"]) == ("billing", "מילה נוספת")
    assert len(editor.audited("draft_saved")) == 1


def test_of_two_editors_neither_loses_text(editor: Editor) -> None:
    started_from = editor.file()["revision"]
    assert editor.save(CHANGED, revision=started_from).status == 200
    refused = editor.save(SHIPPED + "# mine\n", revision=started_from)
    assert (refused.status, refused.json()["code"]) == (409, "draft_changed")
    assert refused.json()["now"] == editor.file()["text"] == CHANGED
    assert refused.json()["yours"] == SHIPPED + "# mine\n"
    assert refused.json()["revision"] == editor.file()["revision"]


def test_a_broken_draft_is_saved_with_its_problems_and_never_published(editor: Editor) -> None:
    (problem,) = editor.save(BROKEN).json()["problems"]
    assert problem["file"] == "billing.yaml"
    assert "did you mean 'billing'" in problem["text"]
    assert BROKEN.splitlines()[problem["line"] - 1].strip() == "queue: billig"
    assert editor.state()["problems"] == 1
    refused = editor.publish()
    assert (refused.status, refused.json()["code"]) == (422, "publish_refused")
    assert refused.json()["problems"] == [problem]
    assert editor.state()["version"] == 1


def test_a_broken_draft_of_one_line_does_not_hold_up_another(editor: Editor) -> None:
    editor.save("steps: [", name="council.yaml")
    editor.save(CHANGED)
    assert editor.publish("billing").status == 200
    assert editor.state("council")["draft"] == "differs"


def test_what_a_live_line_uses_cannot_be_taken_away(editor: Editor) -> None:
    site = editor.file("site.yaml")["text"]
    editor.save(site.replace("on_call:", "on_call_now:"), name="site.yaml")
    refused = editor.publish("site.yaml").json()["problems"]
    assert ["no number 'on_call'" in one["text"] for one in refused].count(True) >= 1
    uses = editor.browser.get("/api/dialplans/uses?what=number&name=on_call").json()
    assert {(one["file"], one["live"]) for one in uses} == {
        ("centre.yaml", False), ("centre.yaml", True),
    }  # fmt: skip
    revision = editor.file("centre.yaml")["revision"]
    kept = editor.browser.send("DELETE", f"/api/dialplans/drafts/centre.yaml?revision={revision}")
    assert (kept.status, kept.json()["code"]) == (409, "in_use")


def test_the_councils_id_never_changes(editor: Editor) -> None:
    site = editor.file("site.yaml")["text"]
    editor.save(site.replace("id: mateh-yehuda", "id: elsewhere"), name="site.yaml")
    assert "authority.id" in editor.publish("site.yaml").json()["problems"][0]["text"]


def test_a_line_whose_file_is_gone_is_withdrawn_and_can_come_back(editor: Editor) -> None:
    revision = editor.file("whatsapp-only.yaml")["revision"]
    gone = f"/api/dialplans/drafts/whatsapp-only.yaml?revision={revision}"
    assert editor.browser.send("DELETE", gone).status == 204
    assert editor.state("whatsapp-only")["draft"] == "withdrawn"
    (version,) = editor.publish("whatsapp-only").json()["versions"]
    assert version["withdrawn"] is True
    back = editor.browser.post("/api/dialplans/lines/whatsapp-only/roll-back", {"version": 1})
    assert back.json()["versions"][0]["based_on"] == 1
    assert editor.state("whatsapp-only")["draft"] == "same"


def test_rolling_back_publishes_the_old_text_and_makes_it_the_draft(editor: Editor) -> None:
    editor.save(CHANGED)
    editor.publish()
    assert "+# another word" in editor.of_line("difference?old=1&new=2")["diff"]
    done = editor.browser.post("/api/dialplans/lines/billing/roll-back", {"version": 1}).json()
    assert (done["versions"][0]["version"], done["remarks"]) == (3, [])
    assert editor.of_line("versions/3")["files"] == editor.of_line("versions/1")["files"]
    assert [one["based_on"] for one in editor.of_line("versions")] == [1, 1, 0]
    assert editor.file()["text"] == SHIPPED
    assert editor.of_line("difference?old=3")["diff"] == ""


def test_rolling_back_leaves_unpublished_changes_where_they_are(editor: Editor) -> None:
    editor.save(CHANGED)
    editor.publish()
    editor.save(CHANGED + "# unpublished\n")
    done = editor.browser.post("/api/dialplans/lines/billing/roll-back", {"version": 1}).json()
    assert "billing.yaml" in done["remarks"][0]
    assert editor.file()["text"] == CHANGED + "# unpublished\n"


def test_a_scheduled_publish_is_done_at_its_time_with_the_text_of_now(editor: Editor) -> None:
    editor.save(CHANGED)
    at = (NOON + timedelta(minutes=20)).isoformat()
    made = editor.browser.post("/api/dialplans/scheduled", {"at": at, "note": "at one"})
    assert made.status == 201
    editor.save(CHANGED + "# after that\n")
    publisher = editor.house.ports.dialplans.publisher
    result_of(publisher.publish_due())
    assert editor.state()["version"] == 1
    assert editor.state()["scheduled_for"].startswith("2026-11-22T10:20:00")
    editor.house.clock.move(20 * 60)
    result_of(publisher.publish_due())
    result_of(publisher.publish_due())
    assert editor.state()["version"] == 2
    assert editor.of_line("versions/2")["files"]["billing.yaml"] == CHANGED
    (row,) = editor.browser.get("/api/dialplans/scheduled").json()
    assert row["state"] == "published"


def test_a_scheduled_publish_that_does_not_fit_any_more_is_refused(editor: Editor) -> None:
    site = editor.file("site.yaml")["text"]
    editor.save(
        site.replace("\nnumbers:\n", "\nnumbers:\n  spare: '+97229900555'\n"), name="site.yaml"
    )
    editor.publish("site.yaml")
    editor.save(SHIPPED.replace("external_payment_centre", "spare"))
    at = (NOON + timedelta(minutes=20)).isoformat()
    assert editor.browser.post("/api/dialplans/scheduled", {"at": at}).status == 201
    editor.browser.post("/api/dialplans/lines/site.yaml/roll-back", {"version": 1})
    editor.house.clock.move(20 * 60)
    result_of(editor.house.ports.dialplans.publisher.publish_due())
    (row,) = editor.browser.get("/api/dialplans/scheduled").json()
    assert row["state"] == "refused"
    assert "no number 'spare'" in row["result"]
    assert editor.state()["version"] == 1
    assert len(editor.audited("publish_refused")) == 1


def test_a_scheduled_publish_can_be_cancelled_once(editor: Editor) -> None:
    editor.save(CHANGED)
    at = (NOON + timedelta(hours=1)).isoformat()
    made = editor.browser.post("/api/dialplans/scheduled", {"at": at}).json()
    gone = f"/api/dialplans/scheduled/{made['publish_id']}"
    assert editor.browser.send("DELETE", gone).status == 204
    assert editor.browser.send("DELETE", gone).status == 404
    assert [one.subject for one in editor.audited("publish_cancelled")] == [made["publish_id"]]


def test_a_time_that_is_over_is_refused(editor: Editor) -> None:
    editor.save(CHANGED)
    assert editor.browser.post("/api/dialplans/scheduled", {"at": NOON.isoformat()}).status == 409


class Fails:
    holds = False

    def to_json(self) -> str:
        return '{"holds": false, "lost": ["presses 2"]}'


def test_a_failing_proof_is_refused_unless_somebody_writes_why(editor: Editor) -> None:
    publisher = editor.house.ports.dialplans.publisher
    publisher._shop = replace(publisher._shop, prove=lambda _plan, _site: Fails())
    editor.save(CHANGED)
    assert editor.publish(override="  ").json()["failing"]["billing"]["lost"] == ["presses 2"]
    assert editor.publish(override="the mayor wants it").status == 200
    newest = editor.of_line("versions")[0]
    assert newest["override_reason"] == "the mayor wants it"
    assert newest["proof"]["holds"] is False
    entry = editor.audited("dialplan_published")[0]
    assert entry.details["proof_holds"] is False
    assert entry.details["override_reason"] == "the mayor wants it"


def test_callers_are_counted_at_their_steps(editor: Editor) -> None:
    position = Position(
        call_id=CALL, authority_id=AUTHORITY, line="billing", version=1, label="welcome",
        channel_id="c", arrived_at=NOON,
    )  # fmt: skip
    database = editor.house.ports.lists._database
    result_of(Positions(database, editor.house.clock).put(position))
    counts = editor.of_line("counts")
    assert counts["now"] == {"welcome": 1}
    assert counts["today"] == {"welcome": 1, "ask_person": 1, "department": 1}


def test_the_phone_tree_of_a_line_is_a_page(editor: Editor) -> None:
    tree = editor.browser.get("/api/dialplans/lines/billing/tree.svg")
    assert (tree.status, tree.body[:5]) == (200, b"<svg ")
    assert editor.browser.get("/api/dialplans/lines/nothing/tree.svg").status == 404


def test_the_editor_is_given_the_language(editor: Editor) -> None:
    language = editor.browser.get("/api/dialplans/schema").json()
    assert "Menu" in language["schema"]["$defs"]
    assert language["steps"]["menu"].startswith("``menu``")


def test_the_schema_says_what_a_text_names(editor: Editor) -> None:
    defined = editor.browser.get("/api/dialplans/schema").json()["schema"]["$defs"]
    menu = defined["Menu"]["properties"]
    assert menu["no_input"]["x-names"] == "step"
    assert menu["prompt"]["x-names"] == "prompt"
    assert next(iter(menu["digits"]["patternProperties"].values()))["x-names"] == "step"
    assert "x-names" not in defined["Queue"]["properties"]["queue"]


def test_the_editor_is_given_what_steps_can_name(editor: Editor) -> None:
    site = editor.file("site.yaml")
    editor.save(
        site["text"].replace("\nnumbers:", "\nnumbers:\n  plumber: '+97229990600'"), "site.yaml"
    )
    names = editor.browser.get("/api/dialplans/names").json()
    assert "plumber" in names["number"]
    assert names["dialplan"] == ["centre"]
    assert "billing" in names["line"]
    assert "billing_menu" in names["prompt"]
    editor.save("authority: [", "site.yaml")  # half an edit: what is live is offered meanwhile
    half = editor.browser.get("/api/dialplans/names").json()
    assert half["queue"] == names["queue"]
    assert "plumber" not in half["number"]


def test_a_draft_comes_with_its_sub_dialplans(editor: Editor) -> None:
    assert [one["name"] for one in editor.of_line("draft")] == ["billing.yaml", "centre.yaml"]


@pytest.mark.parametrize(
    "name",
    ["..%2Fsite.yaml", "%2Fetc%2Fpasswd", "Billing.yaml", "a.yaml%00", "demo_contacts.yaml",
     ".a.yaml", "a b.yaml", "a.yaml.yaml", "a\u202e.yaml", "x" * 80 + ".yaml"],
)  # fmt: skip
def test_odd_names_are_refused(editor: Editor, name: str) -> None:
    before = sorted(editor.house.ports.dialplans.drafts.folder.parent.rglob("*"))
    answer = editor.save("line: a", name=unquote(name), revision="")
    assert answer.status in (404, 422)
    assert sorted(editor.house.ports.dialplans.drafts.folder.parent.rglob("*")) == before


def test_ten_megabytes_are_cut_off_and_half_a_megabyte_is_refused(editor: Editor) -> None:
    assert editor.save("a: b\n" * 2_000_000).status == 413
    assert editor.save("#" * (512 * 1024 + 1)).status == 422
    assert editor.save("ש" * (300 * 1024)).json()["code"] == "draft_refused"
    assert editor.file()["text"] == SHIPPED


def test_anchors_that_would_explode_are_one_problem(editor: Editor) -> None:
    bomb = "a: &a [x,x,x]\n" + "".join(
        f"{new}: &{new} [*{old},*{old},*{old}]\n"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    found = editor.save(bomb).json()["problems"]
    assert any("aliases" in one["text"] for one in found)
    assert editor.publish("billing").status == 422


def test_the_command_line_publishes_with_the_machines_token(editor: Editor) -> None:
    editor.save(CHANGED)
    local = editor.house.browser(address="127.0.0.1")
    token = {"X-Moked-Service": editor.house.ports.service_token}
    body = {"lines": ["billing"], "by": "dana"}
    assert local.send("POST", "/api/dialplans/publish", body, token).status == 200
    assert editor.of_line("versions")[0]["published_by"] == "service: dana"
    far = editor.house.browser(address="10.0.0.9")
    assert far.send("POST", "/api/dialplans/publish", body, token).status == 401


def test_nobody_but_the_command_line_says_who_published(editor: Editor) -> None:
    editor.save(CHANGED)
    editor.publish("billing", by="the mayor")
    assert editor.of_line("versions")[0]["published_by"] == "user-mateh-yehuda-admin"
