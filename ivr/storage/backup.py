"""Backup and restore of one instance: database, site, recordings and the keys to read them."""

import gzip
import hashlib
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Engine, MetaData, inspect

from ivr.errors import MokedError
from ivr.settings import Settings
from ivr.storage import migrate
from ivr.storage.dump import read_tables, write_tables
from ivr.storage.engines import database_url, is_sqlite, open_engine

_FORMAT = 1
_FOLDERS = ("site", "recordings")
_SPOOL = "db/spool.jsonl"
_FILES = ("moked.toml", _SPOOL, "secrets/recordings-key", "secrets/webhook")


class BackupFailed(MokedError):
    """A backup could not be made or put back; the text says why and what to do."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup says of itself; it is the last file in it."""

    format: int
    made_at: datetime
    revision: str
    rows: dict[str, int]
    checksums: dict[str, str]  # name in the archive → SHA-256, hex


def backup(settings: Settings, file: Path) -> Manifest:
    """Write everything of the instance into *file* (tar.gz), readable by its owner only.

    The instance may run meanwhile: the database is seen as of one moment.

    Raises:
        OSError: the disk is full or *file* cannot be written; an older *file* is unharmed.
    """
    unfinished = file.with_name(file.name + ".unfinished")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="moked-backup-") as scratch,
            os.fdopen(handle, "wb") as raw,
            gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=1) as packed,
            tarfile.open(fileobj=packed, mode="w") as archive,
        ):
            manifest = _fill(archive, settings, Path(scratch))
        unfinished.replace(file)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    return manifest


def restore(settings: Settings, file: Path, *, force: bool = False) -> Manifest:
    """Put a backup into the instance's home and database, brought to the newest schema.

    *force* replaces what is there (site and recordings are kept under ``replaced-<time>``).

    Raises:
        BackupFailed: the instance runs, its home is not empty, or the backup is damaged.
    """
    _refuse_if_running(settings)
    if not force:
        _refuse_if_in_use(settings)
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.home) as scratch:
        unpacked = Path(scratch)
        manifest = _unpack(file, unpacked)
        _restore_database(settings, unpacked / "database", manifest)
        _put_in_place(settings, unpacked)
    return manifest


def _fill(archive: tarfile.TarFile, settings: Settings, scratch: Path) -> Manifest:
    # First the facts that wait for the database: one that gets there meanwhile is in both, and
    # counts once; the other way round it would be in neither.
    if (settings.home / _SPOOL).is_file():
        shutil.copy(settings.home / _SPOOL, scratch / "spool.jsonl")
    revision, rows = _dump(settings, scratch)
    checksums = {}
    for name, path in [*_dumped(scratch), *_kept_files(settings)]:
        checksums[name] = _checksum(path)
        archive.add(path, arcname=name, recursive=False)
    manifest = Manifest(
        format=_FORMAT,
        made_at=datetime.now(UTC),
        revision=revision,
        rows=rows,
        checksums=checksums,
    )
    (scratch / "manifest.json").write_bytes(msgspec.json.encode(manifest))
    archive.add(scratch / "manifest.json", arcname="manifest.json")
    return manifest


def _dump(settings: Settings, scratch: Path) -> tuple[str, dict[str, int]]:
    engine = open_engine(database_url(settings), 1, read_only=True)
    options: dict[str, Any] = {"within": 3600.0}
    if not is_sqlite(database_url(settings)):
        options["isolation_level"] = "REPEATABLE READ"
    try:
        with engine.connect().execution_options(**options) as connection, connection.begin():
            return migrate.revision_of(connection), write_tables(connection, scratch / "database")
    finally:
        engine.dispose()


def _dumped(scratch: Path) -> Iterator[tuple[str, Path]]:
    if (scratch / "spool.jsonl").exists():
        yield _SPOOL, scratch / "spool.jsonl"
    for path in sorted((scratch / "database").glob("*.jsonl")):
        yield f"database/{path.name}", path


def _kept_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    for name in _FILES:
        if name != _SPOOL and (settings.home / name).is_file():
            yield name, settings.home / name
    for folder in _FOLDERS:
        for path in sorted((settings.home / folder).rglob("*")):
            if path.is_file() and path.suffix != ".sealing":
                yield str(path.relative_to(settings.home)), path


def _extract(archive: tarfile.TarFile, folder: Path) -> None:
    # By hand: Debian 12's Python 3.11.2 has no extraction filter, and a backup may come from afar.
    inside = folder.resolve()
    for member in archive:
        target = (inside / member.name).resolve()
        if not target.is_relative_to(inside):
            raise tarfile.TarError(f"{member.name} would lie outside")
        content = archive.extractfile(member) if member.isfile() else None
        if content is None:  # folders come with their files; nothing else is ever written
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with content, target.open("wb") as file:
            shutil.copyfileobj(content, file)
        target.chmod(member.mode & 0o755)


def _unpack(file: Path, folder: Path) -> Manifest:
    try:
        with tarfile.open(file, "r:gz") as archive:
            _extract(archive, folder)
        manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
    except (OSError, EOFError, tarfile.TarError, msgspec.MsgspecError) as error:
        raise BackupFailed(f"{file} cannot be read as a backup: {error}") from error
    if manifest.format != _FORMAT:
        raise BackupFailed(f"{file} has format {manifest.format}: use the version that made it")
    for name, checksum in manifest.checksums.items():
        if not (folder / name).is_file() or _checksum(folder / name) != checksum:
            raise BackupFailed(f"{file} is damaged: {name} is not what was backed up")
    return manifest


def _restore_database(settings: Settings, dumped: Path, manifest: Manifest) -> None:
    """Fill an empty schema of the backup's revision, then migrate; all in one transaction."""
    url = database_url(settings)
    new = f"{url}.restored" if is_sqlite(url) else url
    _delete_sqlite(new)
    engine = open_engine(new, 1, read_only=False)
    try:
        _rebuild(engine, dumped, manifest)
    finally:
        engine.dispose()
    if is_sqlite(url):
        _delete_sqlite(url)
        Path(new.removeprefix("sqlite:///")).replace(url.removeprefix("sqlite:///"))
        _delete_sqlite(new)


def _rebuild(engine: Engine, dumped: Path, manifest: Manifest) -> None:
    options = {"within": 3600.0, "migrating": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        before = MetaData()
        before.reflect(connection)
        before.drop_all(connection)
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("DROP FUNCTION IF EXISTS audit_is_append_only() CASCADE")
        if manifest.revision:  # an instance that was never started has no schema
            migrate.upgrade(connection, manifest.revision)
        rows = read_tables(connection, dumped)
        if rows != manifest.rows:
            raise BackupFailed("the backup's tables do not fit its schema; nothing was changed")
        migrate.upgrade(connection)
    if engine.dialect.name == "sqlite":  # everything into the one file that is moved
        with engine.connect() as connection:
            raw: Any = connection.connection.dbapi_connection
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _put_in_place(settings: Settings, unpacked: Path) -> None:
    aside = settings.home / f"replaced-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    for folder in _FOLDERS:
        if (settings.home / folder).exists():
            aside.mkdir(exist_ok=True)
            shutil.move(settings.home / folder, aside / folder)
        if (unpacked / folder).exists():
            shutil.move(unpacked / folder, settings.home / folder)
    for name in _FILES:
        target = settings.home / name
        if (unpacked / name).is_file():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.move(unpacked / name, target)
            target.chmod(0o600)
        elif name == _SPOOL:
            target.unlink(missing_ok=True)  # facts of the instance that was replaced


def _refuse_if_running(settings: Settings) -> None:
    for pid_file in sorted(settings.run.glob("*.pid")):
        pid, began, *_boot = [*pid_file.read_text().split(), "", ""]
        if pid.isdigit() and _began(pid) == began:
            raise BackupFailed(
                f"the instance runs ({pid_file.stem}, process {pid}): ./moked down first"
            )


def _began(pid: str) -> str:
    """Return field 22 of ``/proc/<pid>/stat``, which tells a process from a later namesake."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return "gone"
    return stat.rpartition(")")[2].split()[19]


def _refuse_if_in_use(settings: Settings) -> None:
    if any((settings.home / folder).exists() for folder in _FOLDERS):
        raise BackupFailed(f"{settings.home} is not empty: restore with --force to replace it")
    engine = open_engine(database_url(settings), 1, read_only=True)
    try:
        if inspect(engine).get_table_names():
            raise BackupFailed("the database is not empty: restore with --force to replace it")
    finally:
        engine.dispose()


def _delete_sqlite(url: str) -> None:
    if is_sqlite(url):
        for suffix in ("", "-wal", "-shm"):
            Path(url.removeprefix("sqlite:///") + suffix).unlink(missing_ok=True)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
