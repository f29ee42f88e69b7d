"""Phones as pushed objects."""

import hashlib
from pathlib import Path

import pytest

from ivr.pbx.phone_book import PhoneBook
from ivr.pbx.phones import phone_objects
from ivr.pbx.plan import PlanRefused
from ivr.settings import Settings


def test_password_is_pushed_as_a_digest_only() -> None:
    auth, aor, endpoint = phone_objects("agent-201", "swordfish")
    fields = dict(auth.fields)
    digest = hashlib.md5(b"agent-201:moked:swordfish", usedforsecurity=False).hexdigest()
    assert fields["password_digest"] == f"MD5:{digest}"
    assert "swordfish" not in str((auth, aor, endpoint))
    assert endpoint.path == "asterisk/config/dynamic/res_pjsip/endpoint/agent-201"


def test_phone_cannot_transfer_by_itself_nor_be_reached_by_address() -> None:
    endpoint = dict(phone_objects("agent-201", "x")[2].fields)
    assert endpoint["allow_transfer"] == "no"
    assert endpoint["context"] == "from-agents"
    assert endpoint["identify_by"] == "username"


@pytest.mark.parametrize("name", ["0501234567", "106", "trunk-demo", "agent/201", "agent-1;x", ""])
def test_name_like_a_number_or_a_trunk_is_refused(name: str) -> None:
    with pytest.raises(PlanRefused):
        phone_objects(name, "x")


def test_book_remembers_all_phones_privately(tmp_path: Path) -> None:
    book = PhoneBook(Settings.model_validate({"home": tmp_path}))
    assert book.load() == []
    phones = [*phone_objects("agent-201", "x"), *phone_objects("agent-202", "y")]
    book.save(phones)
    assert book.load() == phones
    assert (tmp_path / "secrets/phones.json").stat().st_mode & 0o777 == 0o600
