"""Backup and restore: everything comes back, across engines and across a migration."""

from __future__ import annotations

import os
import subprocess
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from ivr.crm import Contact, NewTicket
from ivr.ids import CallId
from ivr.secret_files import SecretFiles
from ivr.settings import Settings
from ivr.storage import migrate
from ivr.storage.audit import Audit
from ivr.storage.backup import BackupFailed, backup, restore
from ivr.storage.calls import Calls
from ivr.storage.contacts import Contacts
from ivr.storage.database import Database
from ivr.storage.records import AuditEntry, CallRecord
from ivr.storage.tickets import Tickets
from ivr.storage.vault import Vault
from tests.contracts.storage.conftest import TOWN, Storage, started
from tests.reactor import ReactorThread

CALLER = "+972501112233"


def settings_of(home: Path, url: str = "") -> Settings:
    return Settings(home=home, database_url=url)


def fill(storage: Storage) -> None:
    """Put a little of everything in; also a moment with a fraction and Hebrew."""
    storage.clock.advance(0.123456)
    call = CallRecord(
        call_id=CallId("call-1"), authority_id=TOWN, line="billing", caller_number=CALLER,
        arrived_at=storage.clock.now(),
    )  # fmt: skip
    storage.run(Calls(storage.database).arrived(call))
    storage.run(Contacts(storage.database, storage.clock).import_demo(TOWN))
    entry = AuditEntry(
        authority_id=TOWN, at=storage.clock.now(), who="דנה", action="sign_in", details={"a": [1]}
    )
    storage.run(Audit(storage.database).add(entry))


def ticket(storage: Storage, key: str) -> str:
    tickets = Tickets(storage.database, storage.clock)
    new = NewTicket(TOWN, key, "ארנונה", "text", "billing", CALLER)
    return storage.run(tickets.open(new)).reference


def home_with_files(folder: Path) -> Path:
    home = folder / "home"
    (home / "site" / "dialplans").mkdir(parents=True)
    (home / "site" / "dialplans" / "billing.yaml").write_text("line: billing\n")
    plain = folder / "talk.wav"
    plain.write_bytes(b"RIFF" * 50_000)
    sealed = Vault(SecretFiles(home / "secrets").get).seal(plain, home / "recordings" / "a.rec")
    (folder / "key").write_text(sealed.wrapped_key)
    return home


def test_everything_comes_back(storage: Storage, url: str, tmp_path: Path) -> None:
    home = home_with_files(tmp_path)
    fill(storage)
    first = ticket(storage, "one")
    made = backup(settings_of(home, url), tmp_path / "b.tar.gz")
    assert made.rows["calls"] == 1
    assert (tmp_path / "b.tar.gz").stat().st_mode & 0o077 == 0

    there = settings_of(tmp_path / "elsewhere")
    restore(there, tmp_path / "b.tar.gz")
    opened = Vault(SecretFiles(there.home / "secrets").get).open_range(
        there.home / "recordings" / "a.rec", (tmp_path / "key").read_text()
    )
    assert b"".join(opened) == b"RIFF" * 50_000
    assert (there.site / "dialplans" / "billing.yaml").read_text() == "line: billing\n"
    with started(f"sqlite:///{there.home}/db/moked.sqlite3", storage.reactor)() as restored:
        before = storage.run(Calls(storage.database).get(CallId("call-1")))
        assert storage.run(Calls(restored.database).get(CallId("call-1"))) == before
        entries = storage.run(Audit(restored.database).recent(TOWN, 5))
        assert [(one.who, one.details) for one in entries] == [("דנה", {"a": [1]})]
        assert ticket(restored, "one") == first
        assert ticket(restored, "two") != first
        storage.run(Audit(restored.database).add(replace(entries[0], who="later")))


def test_a_backup_of_an_old_schema_is_restored_into_the_newest(
    url: str, reactor: ReactorThread, tmp_path: Path
) -> None:
    old = Database(url, reactor.reactor)
    reactor.run(old.start(revision="0001"))

    def query(connection: Connection) -> None:
        connection.execute(
            text(
                "INSERT INTO calls (call_id, authority_id, line, outcome, arrived_at) VALUES "
                "('call-old', 'mateh-yehuda', 'billing', 'talked', '2026-11-01 10:00:00')"
            )
        )

    reactor.run(old.transact(query))
    made = backup(settings_of(tmp_path / "home", url), tmp_path / "b.tar.gz")
    reactor.run(old.stop())
    assert made.revision == "0001"
    there = settings_of(tmp_path / "home2", url if url.startswith("postgresql") else "")
    restore(there, tmp_path / "b.tar.gz", force=True)
    new = url if url.startswith("postgresql") else f"sqlite:///{there.home}/db/moked.sqlite3"
    with started(new, reactor)() as restored:
        assert restored.run(restored.database.read(migrate.revision_of)) == "0005"
        call = restored.run(Calls(restored.database).get(CallId("call-old")))
        assert (call.outcome, call.talk_seconds, call.disposition) == ("talked", 0.0, "")


def test_a_postgresql_takes_over_from_a_sqlite(storage: Storage, url: str, tmp_path: Path,
                                               request: pytest.FixtureRequest) -> None:  # fmt: skip
    if url.startswith("postgresql"):
        pytest.skip("this way round only from SQLite")
    fill(storage)
    first = ticket(storage, "one")
    backup(settings_of(tmp_path / "home", url), tmp_path / "b.tar.gz")
    target = request.getfixturevalue("postgres").url("takeover")
    restore(settings_of(tmp_path / "new", target), tmp_path / "b.tar.gz")
    with started(target, storage.reactor)() as restored:
        found = storage.run(Contacts(restored.database, restored.clock).find(TOWN, "+972500000101"))
        assert isinstance(found, Contact)
        assert ticket(restored, "one") == first
        entry = storage.run(Audit(restored.database).recent(TOWN, 1))[0]
        storage.run(Audit(restored.database).add(entry))  # its counter goes on where it was


def test_nothing_is_overwritten_unless_it_is_forced(
    url: str, reactor: ReactorThread, tmp_path: Path
) -> None:
    home = home_with_files(tmp_path)
    with started(url, reactor)() as storage:
        fill(storage)
    file = tmp_path / "b.tar.gz"
    backup(settings_of(home, url), file)
    with pytest.raises(BackupFailed, match="not empty"):
        restore(settings_of(home, url), file)
    with pytest.raises(BackupFailed, match="database is not empty"):
        restore(settings_of(tmp_path / "fresh", url), file)
    (home / "site" / "mine.txt").write_text("changed after the backup")
    restore(settings_of(home, url), file, force=True)
    assert not (home / "site" / "mine.txt").exists()
    assert [path.read_text() for path in home.glob("replaced-*/site/mine.txt")] == [
        "changed after the backup"
    ]


def test_a_running_instance_is_left_alone_even_by_force(tmp_path: Path) -> None:
    home = home_with_files(tmp_path)
    settings = settings_of(home, f"sqlite:///{tmp_path}/db")
    backup(settings, tmp_path / "b.tar.gz")
    settings.run.mkdir()
    began = Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]
    (settings.run / "service.pid").write_text(f"{os.getpid()} {began} boot\n")
    with pytest.raises(BackupFailed, match="the instance runs"):
        restore(settings, tmp_path / "b.tar.gz", force=True)


def test_a_process_id_that_was_given_anew_is_no_running_instance(tmp_path: Path) -> None:
    home = home_with_files(tmp_path)
    settings = settings_of(home, f"sqlite:///{tmp_path}/db")
    backup(settings, tmp_path / "b.tar.gz")
    settings.run.mkdir()
    (settings.run / "service.pid").write_text(f"{os.getpid()} 1 boot\n")
    (settings.run / "asterisk.pid").write_text("")
    assert restore(settings, tmp_path / "b.tar.gz", force=True).rows == {}


def test_a_damaged_backup_changes_nothing(storage: Storage, url: str, tmp_path: Path) -> None:
    fill(storage)
    home = home_with_files(tmp_path)
    backup(settings_of(home, url), tmp_path / "b.tar.gz")
    (tmp_path / "inside").mkdir()
    subprocess.run(["tar", "-xf", tmp_path / "b.tar.gz", "-C", tmp_path / "inside"], check=True)
    (tmp_path / "inside" / "recordings" / "a.rec").write_bytes(b"something else")
    with tarfile.open(tmp_path / "bad.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "inside", arcname=".")
    there = settings_of(tmp_path / "elsewhere")
    with pytest.raises(BackupFailed, match=r"damaged: recordings/a\.rec"):
        restore(there, tmp_path / "bad.tar.gz")
    assert not (there.home / "db" / "moked.sqlite3").exists() or not there.site.exists()
    with tarfile.open(tmp_path / "sly.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "b.tar.gz", arcname="../outside")
    with pytest.raises(BackupFailed, match="would lie outside"):
        restore(there, tmp_path / "sly.tar.gz")
    assert not (there.home / "outside").exists()
    (tmp_path / "cut.tar.gz").write_bytes((tmp_path / "b.tar.gz").read_bytes()[:3000])
    with pytest.raises(BackupFailed, match="cannot be read"):
        restore(there, tmp_path / "cut.tar.gz")
