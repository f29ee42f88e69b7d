"""``moked …``: one small function for each command; the work is done elsewhere."""

import sys
from typing import Annotated

import typer

from ivr.cli.dialplans import dialplan_app
from ivr.cli.emergency import emergency
from ivr.cli.upkeep import upkeep
from ivr.errors import MokedError
from ivr.settings import Settings, load_settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
demo_app = typer.Typer(no_args_is_help=True, help="The demonstration's phones.")
prompts_app = typer.Typer(no_args_is_help=True, help="Prompts.")
app.add_typer(demo_app, name="demo-phone")
app.add_typer(dialplan_app, name="dialplan")
app.add_typer(prompts_app, name="prompts")
app.command()(emergency)
upkeep(app)


def run() -> None:
    """Run the command; what goes wrong in a known way is said in one piece, without a traceback."""
    try:
        app()
    except MokedError as error:
        print(f"moked: {error}", file=sys.stderr)
        sys.exit(1)


@app.command()
def up(
    *, detach: Annotated[bool, typer.Option(help="Return when everything is ready.")] = False
) -> None:
    """Start everything; Ctrl-C stops it."""
    from ivr.cli.starting import start_detached_and_tell, start_in_foreground

    settings = load_settings()
    if detach:
        start_detached_and_tell(settings)
    else:
        start_in_foreground(settings)


@app.command()
def down() -> None:
    """Stop everything."""
    from ivr.supervisor import stop

    print("stopped" if stop(load_settings()) else "nothing was running")


@app.command()
def serve() -> None:
    """Run the service alone (the supervisor does this)."""
    from ivr.cli.processes import serve as run_service

    run_service(load_settings())


@app.command()
def demo() -> None:
    """Run the demonstration's endpoint alone (the supervisor does this)."""
    from ivr.cli.processes import demo as run_demo_endpoint

    run_demo_endpoint(load_settings())


@app.command()
def status(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    secrets: Annotated[bool, typer.Option(help="Show the demonstration's passwords.")] = False,
) -> None:
    """Say whether everything is ready, and if not, why; exit 0 only if it is."""
    from ivr.cli.state import gather, render

    state = gather(load_settings(), secrets=secrets)
    if as_json:
        import msgspec

        print(msgspec.json.format(msgspec.json.encode(state)).decode())
    else:
        print(render(state))
    raise typer.Exit(0 if state["ready"] else 1)


@app.command()
def call(
    line: Annotated[str, typer.Argument(help="A line's name, or a number.")],
    caller: Annotated[str, typer.Option("--from", help="The caller's number.")] = "+972501110001",
    press: Annotated[str, typer.Option(help="Keys; a comma waits for the next prompt.")] = "",
    seconds: Annotated[float, typer.Option("--for", help="Hang up after so many seconds.")] = 30.0,
    at: Annotated[str, typer.Option(help="Pretend that it is YYYY-MM-DDTHH:MM.")] = "",
) -> None:
    """Make a real call to the running service and print what came back."""
    from ivr.cli.calling import Wish, make_call

    wish = Wish(line=line, caller=caller, press=press, seconds=seconds, at=at)
    raise typer.Exit(make_call(load_settings(), wish))


@demo_app.command("do")
def demo_phone(
    phone: Annotated[str, typer.Argument(help="e.g. 301")],
    action: Annotated[str, typer.Argument(help="sign-in, sign-out, or a behaviour such as busy")],
) -> None:
    """Register a demo phone, or tell it how to behave when it rings."""
    from ivr.cli.processes import tell_demo

    print(tell_demo(load_settings(), phone, action))


@prompts_app.command("build")
def prompts_build(*, offline: Annotated[bool, typer.Option()] = False) -> None:
    """Make the media of every prompt that has none, or whose text has changed."""
    settings = load_settings()
    report = build_prompts(settings, online=settings.gtts and not offline)
    raise typer.Exit(1 if report else 0)


def build_prompts(settings: Settings, *, online: bool) -> list[str]:
    """Build the site's prompts; return what is missing."""
    from ivr.app.site import ensure_site
    from ivr.prompts.build import build
    from ivr.prompts.languages import LANGUAGES

    ensure_site(settings)
    languages = [language.code for language in LANGUAGES]
    report = build(settings.site / "prompts", settings.tools, settings.home, languages, online)
    print(f"prompts: {len(report.made)} made, {report.kept} as they were")
    for lack in [*report.missing, *report.problems]:
        print(f"prompts: {lack}", file=sys.stderr)
    return report.missing
