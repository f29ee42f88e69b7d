/** A line in the editor: its files, saved as they change; problems, names, callers; what is live. */
import { api, messageOf, Problem } from "./api";
import { Plan } from "./plan.svelte";
import { PlanSchema, type Schema } from "./planSchema";
import { session } from "./session.svelte";
import type { DraftFile, LineState, PlanProblem, StepCounts } from "./types";

const PAUSE = 700; // ms without a change, then it is saved
const LEFT = "moked.unsaved."; // + file: a text that could not be saved when the page was left
const AGAIN = 5000; // ms between looks at the server, and between tries to save
export const SITE = "site.yaml";

export class Workshop {
  plans = $state.raw<Plan[]>([]);
  active = $state("");
  schema = $state.raw<PlanSchema | null>(null);
  docs = $state.raw<Record<string, string>>({});
  names = $state.raw<Record<string, string[]>>({});
  counts = $state.raw<StepCounts>({ now: {}, today: {} });
  states = $state.raw<LineState[]>([]);
  problems = $state.raw<PlanProblem[]>([]);
  trouble = $state(""); // why the page cannot be shown
  unsaved = $state(""); // why the last change is not saved
  private timers = new Map<Plan, number>();
  private saving = new Set<Plan>();
  private looking = 0;
  private open = true;

  readonly plan = $derived(this.plans.find((one) => one.name === this.active));
  readonly state = $derived(this.states.find((one) => one.name === this.line));
  /** Changes with whatever is saved of any file of the line. */
  readonly revision = $derived(this.plans.map((one) => one.revision).join(" "));
  readonly mayChange = $derived(session.me?.role === "administrator");
  /** A shared dialplan: it goes live with the lines that use it. */
  readonly isShared = $derived(!!this.plans[0]?.head.sub_dialplan);
  readonly dirty = $derived(this.plans.some((one) => one.dirty));
  /** Where each file stands in the line as a whole: the labels before its own → its name. */
  readonly scopes = $derived(this.readScopes());

  constructor(readonly line: string) {}

  get file(): string {
    return this.line === SITE ? SITE : `${this.line}.yaml`;
  }

  async begin(): Promise<void> {
    this.trouble = "";
    try {
      const [language, files] = await Promise.all([
        api.get<{ schema: Schema; steps: Record<string, string> }>("/api/dialplans/schema"),
        api.get<DraftFile[]>(`/api/dialplans/lines/${this.line}/draft`),
      ]);
      this.schema = new PlanSchema(language.schema);
      this.docs = language.steps;
      this.follow(files);
      this.active ||= this.file;
      await this.look();
    } catch (error) {
      this.trouble = messageOf(error);
    }
    if (this.open) this.looking = window.setInterval(() => void this.refresh(), AGAIN);
  }

  /** Leave nothing unsaved behind. */
  end(): void {
    this.open = false;
    clearInterval(this.looking);
    for (const plan of this.plans) {
      if (plan.collision) keep(plan);
      else if (plan.dirty) void this.save(plan);
    }
  }

  /** What may have been changed by others: texts, names, callers, what is live. */
  async refresh(): Promise<void> {
    try {
      this.follow(await api.get<DraftFile[]>(`/api/dialplans/lines/${this.line}/draft`));
      await this.look();
    } catch {
      return; // the bar of a lost connection says so; the next look comes by itself
    }
  }

  /** Go to a step by its label within the line, or to one of the open file. */
  select(label: string): void {
    const cut = label.lastIndexOf(".") + 1;
    const name = this.scopes.get(label.slice(0, cut));
    if (name) this.show(name, label.slice(cut));
  }

  show(file: string, label = ""): void {
    const plan = this.plans.find((one) => one.name === file);
    if (!plan) return;
    this.active = file;
    if (label) plan.select(label);
  }

  /** Light up a path through the line; none: put it out. */
  light(labels: string[]): void {
    for (const plan of this.plans) plan.lit = [];
    for (const label of labels) {
      const cut = label.lastIndexOf(".") + 1;
      const name = this.scopes.get(label.slice(0, cut));
      const plan = this.plans.find((one) => one.name === name);
      if (plan) plan.lit = [...plan.lit, label.slice(cut)];
    }
  }

  /** How many callers are at a step of a file now, and were today. */
  callers(file: string, label: string): { now: number; today: number } {
    const scopes = [...this.scopes].filter(([, name]) => name === file).map(([scope]) => scope);
    const sum = (counts: Record<string, number>) =>
      scopes.reduce((total, scope) => total + (counts[scope + label] ?? 0), 0);
    return { now: sum(this.counts.now), today: sum(this.counts.today) };
  }

  /** Save what is not saved; `false` if somebody has to look first. */
  async saveAll(): Promise<boolean> {
    for (const plan of this.plans) if (plan.dirty) await this.save(plan);
    return !this.dirty;
  }

  private async look(): Promise<void> {
    const [counts, names, problems, states] = await Promise.all([
      api.get<StepCounts>(`/api/dialplans/lines/${this.line}/counts`),
      api.get<Record<string, string[]>>("/api/dialplans/names"),
      api.get<PlanProblem[]>("/api/dialplans/problems"),
      api.get<LineState[]>("/api/dialplans"),
    ]);
    Object.assign(this, { counts, names, states });
    this.told(problems);
  }

  private told(problems: PlanProblem[]): void {
    const ours = [...this.plans.map((one) => one.name), SITE];
    this.problems = problems.filter((one) => ours.includes(one.file));
    for (const plan of this.plans) {
      plan.problems = problems.filter((one) => one.file === plan.name);
    }
  }

  private follow(files: DraftFile[]): void {
    for (const file of files) {
      const plan = this.plans.find((one) => one.name === file.name) ?? this.opened(file.name);
      const untouched = !plan.dirty && !this.saving.has(plan) && !plan.collision;
      if (untouched && plan.revision !== file.revision) this.takeUp(plan, file);
    }
  }

  /** Follow the server; what was left unsaved here meets it, and somebody decides. */
  private takeUp(plan: Plan, file: DraftFile): void {
    const left = sessionStorage.getItem(LEFT + file.name);
    sessionStorage.removeItem(LEFT + file.name);
    plan.adopt(file.text, file.revision);
    if (left !== null && left !== file.text) plan.collide(file.text, left, file.revision);
  }

  private opened(name: string): Plan {
    const plan = new Plan(name, this.schema!, (one) => this.later(one, PAUSE));
    this.plans = [...this.plans, plan];
    return plan;
  }

  private later(plan: Plan, wait: number): void {
    clearTimeout(this.timers.get(plan));
    this.timers.set(plan, window.setTimeout(() => void this.save(plan), wait));
  }

  private async save(plan: Plan): Promise<void> {
    clearTimeout(this.timers.get(plan));
    if (!plan.dirty || plan.collision || !this.mayChange) return;
    if (this.saving.has(plan)) return this.later(plan, PAUSE);
    this.saving.add(plan);
    const { text, revision } = plan;
    try {
      const saved = await api.put<{ revision: string }>(`/api/dialplans/drafts/${plan.name}`, { text, revision });
      plan.saved = text;
      plan.revision = saved.revision;
      this.unsaved = "";
    } catch (error) {
      this.notSaved(plan, error);
    }
    this.saving.delete(plan);
    if (this.open) await this.refresh();
  }

  private notSaved(plan: Plan, error: unknown): void {
    if (error instanceof Problem && error.code === "draft_changed") {
      const { now, revision } = error.more as { now: string | null; revision: string };
      plan.collide(now ?? "", plan.text, revision);
    }
    if (!this.open) keep(plan);
    if (plan.collision) return;
    this.unsaved = messageOf(error);
    const refused = error instanceof Problem && error.status >= 400 && error.status < 500;
    if (this.open && !refused) this.later(plan, AGAIN);
  }

  private readScopes(): Map<string, string> {
    const found = new Map<string, string>();
    const go = (scope: string, name: string, depth: number) => {
      found.set(scope, name);
      const plan = this.plans.find((one) => one.name === name);
      for (const step of (depth && plan?.steps) || []) {
        if (typeof step.values.dialplan === "string") {
          go(`${scope}${step.label}.`, `${step.values.dialplan}.yaml`, depth - 1);
        }
      }
    };
    go("", this.file, 5);
    return found;
  }
}

function keep(plan: Plan): void {
  sessionStorage.setItem(LEFT + plan.name, plan.text);
}
