"""Starting an instance: the site made ready, the supervisor run, and where to look told."""

from ivr.app.checked_plan import require_loadable
from ivr.app.native_site import native_site
from ivr.app.proving import prover_of
from ivr.app.published import read_live
from ivr.app.site import ensure_site, pbx_plan, read_prompts
from ivr.cli.state import first_link
from ivr.clock import SystemClock
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
    """Start in the background and return when ready; that process makes all ready."""
    ensure_site(settings)
    read_live(settings)
    _tell(settings, start_detached(settings))


def make_ready(settings: Settings) -> PbxPlan:
    """Copy the shipped site if there is none, build its prompts, publish it if nothing ever was.

    Raises:
        SiteInvalid, ManifestInvalid: there is nothing good to start with; nothing is started.
    """
    ensure_site(settings)
    loaded = read_live(settings).loaded
    languages = [language.code for language in LANGUAGES]
    build(settings.site / "prompts", settings.tools, settings.home, languages)
    prover = prover_of(settings, loaded, read_prompts(settings), SystemClock())
    plan = pbx_plan(settings, loaded, native_site(settings, loaded, prover))
    require_loadable(settings, plan)
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
