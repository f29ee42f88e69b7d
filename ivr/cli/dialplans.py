"""``moked dialplan …``: one small function for each command; the work is done elsewhere."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ivr.errors import RecordNotFound
from ivr.settings import Settings, load_settings

Note = Annotated[str, typer.Option(help="What changed, for those who read the versions.")]
Override = Annotated[str, typer.Option(help="Why to publish although the proof fails.")]
if TYPE_CHECKING:
    from ivr.dialplan.check import LoadedSite
    from ivr.dialplan.proof.prove import Prover

dialplan_app = typer.Typer(no_args_is_help=True, help="Dialplans.")


@dialplan_app.command("check")
def dialplan_check(files: Annotated[list[Path] | None, typer.Argument()] = None) -> None:
    """Report every problem of the drafts in the site's folder, and every caller who would be lost.

    Exit 1 if there is one. Callers are looked for once nothing else is wrong.
    """
    from ivr.app.site import ensure_site, read_known_prompts
    from ivr.dialplan.check import check

    settings = load_settings()
    ensure_site(settings)
    problems = check(settings.site / "dialplans", read_known_prompts(settings), files)
    for problem in problems:
        print(problem)
    holds = not problems and (bool(files) or _proved(settings, []))
    raise typer.Exit(0 if holds else 1)


@dialplan_app.command("prove")
def dialplan_prove(lines: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Prove that every caller of the site's lines is served; name callers who are not (exit 1)."""
    raise typer.Exit(0 if _proved(load_settings(), lines or []) else 1)


@dialplan_app.command("publish")
def dialplan_publish(
    lines: Annotated[list[str] | None, typer.Argument(help="None: all that differ.")] = None,
    *,
    note: Note = "",
    override: Override = "",
) -> None:
    """Let callers follow the drafts from now on; calls that run keep what they have."""
    from ivr.cli.publishing import publish

    print(publish(load_settings(), lines or [], note, override))


@dialplan_app.command("status")
def dialplan_status() -> None:
    """Say of every line which version is live and whether its draft differs."""
    from ivr.cli.publishing import render_states, states

    print(render_states(states(load_settings())))


@dialplan_app.command("versions")
def dialplan_versions(line: Annotated[str, typer.Argument(help="A line, or site.yaml")]) -> None:
    """List what was published of a line, the newest first."""
    from ivr.cli.publishing import render_versions, versions

    print(render_versions(versions(load_settings(), line)))


@dialplan_app.command("rollback")
def dialplan_rollback(
    line: Annotated[str, typer.Argument(help="A line, or site.yaml")],
    version: Annotated[int, typer.Argument(help="As `versions` lists it.")],
    *,
    note: Note = "",
    override: Override = "",
) -> None:
    """Publish an old version again, as the newest one."""
    from ivr.cli.publishing import roll_back

    print(roll_back(load_settings(), line, version, note, override))


def _proved(settings: Settings, only: list[str]) -> bool:
    """Prove the lines (all, if none is named) and say what came of it."""
    from ivr.app.proving import Proved, prover_of
    from ivr.app.site import ensure_site, read_prompts, read_site
    from ivr.clock import SystemClock

    ensure_site(settings)
    loaded = read_site(settings)
    prover = prover_of(settings, loaded, read_prompts(settings), SystemClock())
    if unknown := set(only) - set(loaded.plans):
        raise RecordNotFound(
            f"no line {', '.join(sorted(unknown))}; there are {', '.join(loaded.plans)}"
        )
    lost = 0
    served: list[str] = []
    for line, plan in loaded.plans.items():
        if only and line not in only:
            continue
        proof = prover.prove(plan)
        for example in proof.counterexamples:
            print(Proved(plan, proof, prover.budgets).problem(example))
        lost += len(proof.counterexamples)
        if proof.holds:
            served.append(line)
            print(
                f"{line}: every caller is served ({proof.worlds} states of the house, "
                f"{proof.states} of a caller, {proof.took:.2f} s)"
            )
    _tell_native(loaded, prover, served)
    return not lost


def _tell_native(loaded: "LoadedSite", prover: "Prover", lines: list[str]) -> None:
    """Name whom Asterisk alone would not serve; such a line keeps its way to a person meanwhile."""
    from ivr.app.native_site import proved
    from ivr.dialplan.native_plan import label_written
    from ivr.dialplan.places import place_of
    from ivr.dialplan.problem import Problem
    from ivr.dialplan.proof.story import sentence

    for native, proof in proved(loaded, prover):
        for example in proof.counterexamples if native.line in lines else ():
            file, at, label = place_of(loaded.plans[native.line], label_written(example.label))
            text = sentence(example, prover.budgets)
            print(Problem(file, at, f"steps.{label}: while the service is away: {text}"))


@dialplan_app.command("tree")
def dialplan_tree(line: Annotated[str, typer.Argument(help="A line's name.")]) -> None:
    """Print a line's phone tree as an SVG page: moked dialplan tree billing > tree.svg."""
    from ivr.app.phone_tree import phone_tree
    from ivr.app.site import ensure_site, read_site

    settings = load_settings()
    ensure_site(settings)
    print(phone_tree(settings, read_site(settings), line), end="")


@dialplan_app.command("simulate")
def dialplan_simulate(  # noqa: PLR0913 - one for each option
    line: Annotated[str, typer.Argument(help="A line's name, or a number.")],
    at: Annotated[str, typer.Option(help="'friday 15:00' or '2026-11-27 15:00'; else now.")] = "",
    caller: Annotated[str, typer.Option("--from", help="The caller's number.")] = "+972501110001",
    press: Annotated[
        str, typer.Option(help="Answers to the questions, by commas; nothing is silence: 2,,1")
    ] = "",
    language: Annotated[str, typer.Option(help="Else the line's own.")] = "",
    hang_up: Annotated[float | None, typer.Option(help="After so many seconds.")] = None,
    world: Annotated[
        list[str] | None,
        typer.Option(
            help="What answers how: 'queue.billing=answered after 20 s', 'number.on_call=busy',"
            " 'box.centre=empty, then accepted'. Unsaid: queues have nobody, numbers answer."
        ),
    ] = None,
    *,
    emergency: Annotated[bool, typer.Option("--emergency", help="In emergency mode.")] = False,
) -> None:
    """Let a caller who exists on paper go through the site's dialplan and tell what happens."""
    from ivr.cli.rehearsing import Wish, tell_simulation

    wish = Wish(
        line=line,
        at=at,
        caller=caller,
        press=press,
        language=language,
        emergency=emergency,
        hangs_up_after=hang_up,
        world=tuple(world or ()),
    )
    for text in tell_simulation(load_settings(), wish):
        print(text)


@dialplan_app.command("test")
def dialplan_test(files: Annotated[list[Path] | None, typer.Argument()] = None) -> None:
    """Run the tests that stand beside the dialplans (dialplans/tests); exit 1 if one fails."""
    from ivr.cli.rehearsing import tell_tests

    raise typer.Exit(0 if tell_tests(load_settings(), files, print) else 1)


@dialplan_app.command("diff")
def dialplan_diff() -> None:
    """Tell which callers end elsewhere by the site's files than by what is published."""
    from ivr.cli.rehearsing import tell_difference

    for text in tell_difference(load_settings()):
        print(text)


@dialplan_app.command("replay")
def dialplan_replay(
    days: Annotated[float, typer.Option(help="Calls of so many days.")] = 7.0,
) -> None:
    """Tell which calls of the last days would have ended elsewhere by the site's files."""
    from ivr.cli.rehearsing import tell_replay

    for text in tell_replay(load_settings(), days):
        print(text)
