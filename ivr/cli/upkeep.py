"""Commands of upkeep: doctor, backup, restore."""

from pathlib import Path
from typing import Annotated

import typer

from ivr.settings import load_settings


def upkeep(app: typer.Typer) -> None:
    """Add the commands to *app*."""
    app.command()(doctor)
    app.command()(backup)
    app.command()(restore)


def doctor() -> None:
    """Check everything Moked depends on and say how to mend what is not right."""
    from ivr.pbx.doctor import examine

    checks = examine(load_settings())
    for check in checks:
        print(f"{'ok   ' if check.ok else 'WRONG'}  {check.name}: {check.found}")
        if not check.ok:
            print(f"       {check.remedy}")
    raise typer.Exit(0 if all(check.ok for check in checks) else 1)


def backup(file: Annotated[Path, typer.Argument(help="Where to write it.")]) -> None:
    """Write database, site, recordings and their keys into one file."""
    from ivr.storage.backup import backup as write

    write(load_settings(), file)
    print(f"written: {file}")


def restore(
    file: Annotated[Path, typer.Argument(exists=True)],
    *,
    force: Annotated[bool, typer.Option(help="Over what is there.")] = False,
) -> None:
    """Bring back what ``backup`` wrote; never over a running instance."""
    from ivr.storage.backup import restore as read

    read(load_settings(), file, force=force)
    print("restored")
