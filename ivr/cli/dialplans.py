"""``moked dialplan …``: one small function for each command; the work is done elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from ivr.errors import RecordNotFound
from ivr.settings import Settings, load_settings

dialplan_app = typer.Typer(no_args_is_help=True, help="Dialplans.")


@dialplan_app.command("check")
def dialplan_check(files: Annotated[list[Path] | None, typer.Argument()] = None) -> None:
    """Report every problem of the site's dialplans, and every caller who would be lost.

    Exit 1 if there is one. Callers are looked for once nothing else is wrong.
    """
    from ivr.app.site import ensure_site, read_prompts
    from ivr.dialplan.check import check

    settings = load_settings()
    ensure_site(settings)
    known = {code: frozenset(one.prompts) for code, one in read_prompts(settings).items()}
    problems = check(settings.site / "dialplans", known, files)
    for problem in problems:
        print(problem)
    holds = not problems and (bool(files) or _proved(settings, []))
    raise typer.Exit(0 if holds else 1)


@dialplan_app.command("prove")
def dialplan_prove(lines: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Prove that every caller of the site's lines is served; name callers who are not (exit 1)."""
    raise typer.Exit(0 if _proved(load_settings(), lines or []) else 1)


def _proved(settings: Settings, only: list[str]) -> bool:
    """Prove the lines (all, if none is named) and say what came of it."""
    from ivr.app.proving import prover_of
    from ivr.app.site import ensure_site, read_prompts, read_site
    from ivr.clock import SystemClock
    from ivr.dialplan.places import place_of
    from ivr.dialplan.problem import Problem
    from ivr.dialplan.proof.story import sentence

    ensure_site(settings)
    loaded = read_site(settings)
    prover = prover_of(settings, loaded, read_prompts(settings), SystemClock())
    if unknown := set(only) - set(loaded.plans):
        raise RecordNotFound(
            f"no line {', '.join(sorted(unknown))}; there are {', '.join(loaded.plans)}"
        )
    lost = 0
    for line, plan in loaded.plans.items():
        if only and line not in only:
            continue
        proof = prover.prove(plan)
        for example in proof.counterexamples:
            file, at, label = place_of(plan, example.label)
            print(Problem(file, at, f"steps.{label}: {sentence(example, prover.budgets)}"))
        lost += len(proof.counterexamples)
        if proof.holds:
            print(
                f"{line}: every caller is served ({proof.worlds} states of the house, "
                f"{proof.states} of a caller, {proof.took:.2f} s)"
            )
    return not lost
