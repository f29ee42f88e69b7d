/** Who is signed in, and the names of the site. */
import { api, Problem, useCsrf, whenSignedOut } from "./api";
import { locale, named } from "./i18n.svelte";
import { router } from "./router.svelte";
import type { Me, Site } from "./types";

const NAMELESS: Site = {
  authority: {},
  lines: {},
  queues: {},
  departments: {},
  prompts: {},
  agents: {},
};

class Session {
  me = $state<Me | null>(null);
  asked = $state(false);
  trouble = $state(false);
  site = $state<Site>(NAMELESS);
  private back = "";

  constructor() {
    whenSignedOut(() => this.leave());
  }

  /** Ask the server who we are; called once when the page opens. */
  async begin(): Promise<void> {
    this.trouble = false;
    try {
      await this.enter(await api.get<Me>("/api/me"), false);
    } catch (error) {
      this.trouble = !(error instanceof Problem && error.status === 401);
    }
    this.asked = true;
  }

  async enter(me: Me, home = true): Promise<void> {
    useCsrf(me.csrf);
    this.site = await api.get<Site>("/api/site").catch(() => NAMELESS);
    this.me = me;
    if (home || router.path === "/" || router.path === "/sign-in") {
      router.go(this.back || me.home, true);
    }
    this.back = "";
  }

  async signOut(): Promise<void> {
    await api.post("/api/sign-out").catch(() => undefined);
    this.back = "";
    this.me = null;
    router.go("/sign-in", true);
  }

  /** The session is over: sign in, then go back to the page that was open. */
  leave(): void {
    if (this.me) this.back = router.path;
    this.me = null;
    useCsrf("");
  }

  get hasDesk(): boolean {
    return this.me?.agent_id != null;
  }
}

export const session = new Session();

type Names = "lines" | "queues" | "departments" | "prompts";

/** What people call a line, queue, department or prompt; its own name if nobody said. */
export function nameOf(kind: Names, name: string): string {
  const site = session.site;
  const names = site[kind][name] ?? (kind === "lines" ? site.departments[name] : undefined);
  if (names) return names[locale.language] ?? names.he ?? name;
  return named("name", name).replaceAll("_", " ");
}

export function agentName(id: string): string {
  return session.site.agents[id] ?? id;
}

export function authorityName(): string {
  return session.site.authority[locale.language] ?? session.site.authority.he ?? "";
}
