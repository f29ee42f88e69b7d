/** One dialplan file in the editor: a text, and all that is read from it; every change goes here. */
import { isMap, isScalar, parseDocument } from "yaml";
import type { Exit, PlanSchema } from "./planSchema";
import type { PlanProblem } from "./types";
import * as yaml from "./yamlEdit";
import type { Edit, Path, Source } from "./yamlEdit";

export interface PlanStep {
  label: string;
  kind: string;
  values: Record<string, unknown>;
  exits: Exit[];
  from: number; // in the text
  to: number;
  firstLine: number;
  lastLine: number;
}

/** A place that leads to a step: another step, or the head of the file (`label` is empty). */
export interface Lead {
  label: string;
  path: Path;
}

/** Somebody else has saved meanwhile. */
export interface Collision {
  theirs: string;
  mine: string;
  revision: string;
}

export const ENDS = ["end", "return"];
const LABEL = /^[a-z][a-z0-9_]{0,63}$/;
const REMEMBERED = 300;
const ONE_THOUGHT = 800; // ms: what is typed without a pause is undone at once

export class Plan {
  text = $state("");
  revision = $state("");
  saved = $state(""); // the text that the server has under `revision`
  selected = $state(""); // a label
  shown = $state(0); // counts requests to bring the selected step into view
  problems = $state.raw<PlanProblem[]>([]);
  lit = $state.raw<string[]>([]); // labels of a path, in order
  collision = $state.raw<Collision | null>(null);
  private past = $state.raw<string[]>([]);
  private future = $state.raw<string[]>([]);
  private readable: Source = { text: "", document: parseDocument("") };
  private lastTyped = { what: "", at: 0 };

  /** The text as it could be read last. */
  readonly source = $derived.by<Source>(() => {
    const document = parseDocument(this.text, { logLevel: "silent" });
    if (document.errors.length === 0) this.readable = { text: this.text, document };
    return this.readable;
  });
  readonly broken = $derived(this.source.text !== this.text);
  readonly steps = $derived<PlanStep[]>(this.readSteps());
  readonly head = $derived(this.readHead());
  readonly dirty = $derived(this.text !== this.saved);
  readonly canUndo = $derived(this.past.length > 0);
  readonly canRedo = $derived(this.future.length > 0);
  readonly step = $derived(this.steps.find((one) => one.label === this.selected));

  constructor(
    readonly name: string,
    private readonly schema: PlanSchema,
    private readonly changed: (plan: Plan) => void,
  ) {}

  /** Begin with what the server has, or follow what was changed elsewhere. */
  adopt(text: string, revision: string): void {
    if (this.revision && text !== this.text) this.remember();
    this.text = this.saved = text;
    this.revision = revision;
  }

  /** Somebody else has saved: both texts wait for a decision. */
  collide(theirs: string, mine: string, revision: string): void {
    this.text = mine;
    this.collision = { theirs, mine, revision };
  }

  /** Make this the text; `what` is the same for changes that belong together, as typing does. */
  change(text: string, what = ""): void {
    if (text === this.text) return;
    const now = Date.now();
    const goesOn = what !== "" && what === this.lastTyped.what && now - this.lastTyped.at < ONE_THOUGHT;
    if (!goesOn) this.remember();
    this.lastTyped = { what, at: now };
    this.future = [];
    this.text = text;
    this.changed(this);
  }

  undo(): void {
    this.travel(this.past, (past) => {
      this.future = [...this.future, this.text];
      this.past = past;
    });
  }

  redo(): void {
    this.travel(this.future, (future) => {
      this.past = [...this.past, this.text];
      this.future = future;
    });
  }

  set(path: Path, value: unknown): void {
    this.edit(yaml.set(this.source, path, value), `set ${path.join("/")}`);
  }

  renameKey(path: Path, name: string): void {
    this.edit(yaml.renameKey(this.source, path, name));
  }

  /** Add a step where an exit leads, before what it led to; or one that nothing leads to yet. */
  add(kind: string, after?: Lead): string {
    const label = this.freeLabel(kind);
    const from = after && this.steps.find((one) => one.label === after.label);
    const exit = from?.exits.find((one) => one.path.join("/") === after?.path.join("/"));
    const step = this.schema.blank(kind, exit?.target ?? "end");
    const way = exit ? yaml.set(this.source, this.pathOf(after!), label) : [];
    this.edit([...yaml.addStep(this.source, label, step, after?.label), ...way]);
    this.select(label);
    return label;
  }

  connect(from: Lead, target: string): void {
    this.set(this.pathOf(from), target);
  }

  /** Everything that leads to a step. */
  leadingTo(label: string): Lead[] {
    const heads = ["start", "on_error"].filter((key) => this.head[key] === label);
    const steps = this.steps.flatMap((step) =>
      step.exits.filter((one) => one.target === label).map((one) => ({ label: step.label, path: one.path })),
    );
    const others = steps.filter((lead) => lead.label !== label);
    return [...heads.map((key) => ({ label: "", path: [key] })), ...others];
  }

  /** Take a step away, unless something still leads to it. */
  remove(label: string): boolean {
    if (this.leadingTo(label).length) return false;
    this.edit(yaml.remove(this.source, ["steps", label]));
    this.selected = "";
    return true;
  }

  mayBeCalled(name: string): boolean {
    return LABEL.test(name) && !ENDS.includes(name) && !this.steps.some((one) => one.label === name);
  }

  /** Give a step another name; whatever leads to it follows. */
  rename(label: string, name: string): void {
    const leads = this.leadingTo(label);
    const own = this.steps.find((one) => one.label === label)?.exits ?? [];
    for (const exit of own) if (exit.target === label) leads.push({ label, path: exit.path });
    const edits = leads.flatMap((lead) => yaml.set(this.source, this.pathOf(lead), name));
    this.edit([...edits, ...yaml.renameKey(this.source, ["steps", label], name)]);
    this.selected = name;
  }

  select(label: string): void {
    this.selected = label;
    this.shown++;
  }

  problemsAt(step: PlanStep): PlanProblem[] {
    return this.problems.filter((one) => one.line >= step.firstLine && one.line <= step.lastLine);
  }

  stepAtLine(line: number): PlanStep | undefined {
    return this.steps.find((step) => line >= step.firstLine && line <= step.lastLine);
  }

  /** Both texts stay: the one that is not taken is one undo away. */
  settle(text: string): void {
    const { theirs, revision } = this.collision!;
    this.collision = null;
    this.remember();
    if (text !== theirs) this.past = [...this.past, theirs];
    this.text = text;
    this.saved = theirs;
    this.revision = revision;
    this.future = [];
    if (this.dirty) this.changed(this);
  }

  private edit(edits: Edit[], what = ""): void {
    if (!this.broken) this.change(yaml.apply(this.text, edits), what);
  }

  private pathOf(lead: Lead): Path {
    return lead.label ? ["steps", lead.label, ...lead.path] : lead.path;
  }

  private remember(): void {
    this.past = [...this.past.slice(-REMEMBERED), this.text];
    this.lastTyped = { what: "", at: 0 };
  }

  private travel(ways: string[], take: (rest: string[]) => void): void {
    const text = ways.at(-1);
    if (text === undefined) return;
    take(ways.slice(0, -1));
    this.lastTyped = { what: "", at: 0 };
    this.text = text;
    this.changed(this);
  }

  private freeLabel(kind: string): string {
    const names = [kind, ...Array.from({ length: this.steps.length + 1 }, (_, n) => `${kind}_${n + 2}`)];
    return names.find((name) => this.mayBeCalled(name)) ?? kind;
  }

  private readHead(): Record<string, unknown> {
    const all = this.source.document.toJS({ maxAliasCount: 100 }) as unknown;
    return typeof all === "object" && all !== null ? (all as Record<string, unknown>) : {};
  }

  private readSteps(): PlanStep[] {
    const { text, document } = this.source;
    const steps = document.get("steps", true);
    if (!isMap(steps)) return [];
    const all = (this.head.steps ?? {}) as Record<string, unknown>;
    const labels = steps.items.flatMap((pair) => (isScalar(pair.key) ? [String(pair.key.value)] : []));
    return labels.flatMap((label) => {
      const values = all[label];
      const extent = yaml.extentOf(this.source, ["steps", label]);
      if (typeof values !== "object" || values === null || !extent) return [];
      return [this.readStep(label, values as Record<string, unknown>, extent, text)];
    });
  }

  private readStep(label: string, values: Record<string, unknown>, [from, to]: [number, number], text: string): PlanStep {
    const kind = String(values.kind ?? "");
    const firstLine = text.slice(0, from).split("\n").length;
    const lastLine = firstLine + text.slice(from, to).trimEnd().split("\n").length - 1;
    return { label, kind, values, exits: this.schema.exits(kind, values), from, to, firstLine, lastLine };
  }
}
