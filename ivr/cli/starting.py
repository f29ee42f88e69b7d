"""Starting an instance: the site made ready, the supervisor run, and where to look told."""

from ivr.app.site import ensure_site, pbx_plan, read_site
from ivr.cli.state import first_link
from ivr.pbx.plan import PbxPlan
from ivr.prompts.build import build
from ivr.prompts.languages import LANGUAGES
from ivr.runtime import Runtime
from ivr.settings import Settings
from ivr.supervisor import run_supervisor, start_detached


def start_in_foreground(settings: Settings) -> None:
    """Run until a signal comes."""
    plan = make_ready(settings)
    run_supervisor(settings, plan, on_ready=lambda runtime: _tell(settings, runtime))


def start_detached_and_tell(settings: Settings) -> None:
    """Start in the background and return when ready."""
    make_ready(settings)
    _tell(settings, start_detached(settings))


def make_ready(settings: Settings) -> PbxPlan:
    """Copy the shipped site if there is none, build its prompts, check its dialplans.

    Raises:
        SiteInvalid, ManifestInvalid: the site has problems; nothing is started.
    """
    ensure_site(settings)
    plan = pbx_plan(settings, read_site(settings))
    languages = [language.code for language in LANGUAGES]
    build(settings.site / "prompts", settings.tools, settings.home, languages)
    return plan


def _tell(settings: Settings, runtime: Runtime) -> None:
    print(f"Moked is ready. Console: {runtime.console_url}/")
    link = first_link(settings, runtime)
    if link:
        print(f"First sign-in (once): {link}")
    print(f"SIP: {runtime.sip_host}:{runtime.sip_port}")
    print("Call it:  ./moked call billing --press 3     ./moked call council")
    if runtime.demo:
        print("Demo agents' passwords: ./moked status --secrets", flush=True)
