"""``moked dialplan …``: one small function for each command; the work is done elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from ivr.settings import load_settings

dialplan_app = typer.Typer(no_args_is_help=True, help="Dialplans.")


@dialplan_app.command("check")
def dialplan_check(files: Annotated[list[Path] | None, typer.Argument()] = None) -> None:
    """Report every problem of the site's dialplans; exit 1 if there is one."""
    from ivr.app.site import ensure_site, read_prompts
    from ivr.dialplan.check import check

    settings = load_settings()
    ensure_site(settings)
    known = {code: frozenset(one.prompts) for code, one in read_prompts(settings).items()}
    problems = check(settings.site / "dialplans", known, files)
    for problem in problems:
        print(problem)
    raise typer.Exit(1 if problems else 0)
