/** Help while YAML is written: completion from the schema, what a step does, problems in the margin. */
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { Diagnostic } from "@codemirror/lint";
import type { EditorView, Tooltip } from "@codemirror/view";
import { named, t } from "./i18n.svelte";
import type { Plan } from "./plan.svelte";
import type { Schema } from "./planSchema";
import { kindName, stepTitle, titleOf } from "./steps";
import type { Workshop } from "./workshop.svelte";

interface Place {
  step: string; // the label above, "" at the head of the file
  kind: string;
  key: string; // the key of this line, or whose table this is
  keys: string[]; // what stands in the step already
}

/** Where a line is, by what is indented less above it; the text may be half written. */
function placeOf(lines: string[], at: number): Place {
  const line = lines[at] ?? "";
  const indent = line.search(/\S|$/);
  const start = above(lines, at, (one) => /^ {1,4}\S[^:]*:\s*(#.*)?$/.test(one) && one.search(/\S/) < Math.max(indent, 1));
  const steps = above(lines, at, (one) => one.startsWith("steps:"));
  const inSteps = steps >= 0 && start > steps && indent > 0;
  const from = inSteps ? start + 1 : 0;
  const body: string[] = [];
  for (const one of lines.slice(from)) {
    if (inSteps && one.trim() && one.search(/\S/) <= lines[start]!.search(/\S/)) break;
    body.push(one);
  }
  const keys = body.flatMap((one) => /^\s*([a-z_]+):/.exec(one)?.[1] ?? []);
  const kind = body.map((one) => /^\s+kind:\s*([a-z_]+)/.exec(one)?.[1]).find(Boolean) ?? "";
  const key = /^\s*(?:- )?([a-z_]+):/.exec(line)?.[1] ?? "";
  return { step: inSteps ? lines[start]!.trim().split(":")[0]! : "", kind, key, keys };
}

function above(lines: string[], at: number, fits: (line: string) => boolean): number {
  for (let one = at - 1; one >= 0; one--) if (fits(lines[one]!)) return one;
  return -1;
}

export function completion(plan: () => Plan, shop: Workshop) {
  return (context: CompletionContext): CompletionResult | null => {
    const language = shop.schema!;
    const line = context.state.doc.lineAt(context.pos);
    const place = placeOf(context.state.doc.toString().split("\n"), line.number - 1);
    const before = line.text.slice(0, context.pos - line.from);
    const word = /[\w-]*$/.exec(before)![0];
    const from = context.pos - word.length;
    if (before.includes("#") || (!word && !context.explicit && !/[:,{[]\s+['"]?$/.test(before))) return null;
    const schema = place.step ? language.ofKind(place.kind) : language.whole;
    const options = /^\s*(- )?[\w-]*$/.test(before)
      ? keysOf(schema, place)
      : place.step && place.key === "kind"
        ? language.kinds.map((kind) => ({ label: kind, detail: kindName(kind), type: "class" }))
        : valuesOf(schema, place.key, plan(), shop);
    return options.length ? { from, options, validFor: /^[\w-]*$/ } : null;
  };
}

function keysOf(schema: Schema, place: Place): Completion[] {
  const known = Object.keys(schema.properties ?? { kind: {} });
  return known
    .filter((key) => !place.keys.includes(key))
    .map((key) => ({
      label: key,
      apply: `${key}: `,
      type: "property",
      detail: named("field", key),
      boost: schema.required?.includes(key) ? 1 : 0,
    }));
}

function valuesOf(schema: Schema, key: string, plan: Plan, shop: Workshop): Completion[] {
  const real = innermost(shop, schema.properties?.[key] ?? {});
  const names = shop.schema!.names(key, real);
  if (names === "step") {
    const ends = ["end", "return"].map((label) => ({ label, detail: t(`target.${label as "end"}`) }));
    return [...plan.steps.map((step) => ({ label: step.label, detail: stepTitle(step) })), ...ends];
  }
  if (names) return (shop.names[names] ?? []).map((name) => ({ label: name, detail: titleOf(names, name) }));
  if (real.type === "boolean") return ["true", "false"].map((label) => ({ label }));
  return (real.enum ?? []).map((one) => ({ label: String(one) }));
}

/** What stands in a table or a list, or the field itself. */
function innermost(shop: Workshop, schema: Schema): Schema {
  const real = shop.schema!.resolve(schema);
  const inner = Object.values(real.patternProperties ?? {})[0] ?? real.items ?? real.oneOf?.[0];
  const then = real.properties?.then;
  return inner ? innermost(shop, inner) : then ? innermost(shop, then) : real;
}

/** What the step or the key under the pointer does. */
export function hover(shop: Workshop) {
  return (view: EditorView, at: number): Tooltip | null => {
    const line = view.state.doc.lineAt(at);
    const word = view.state.wordAt(at);
    if (!word) return null;
    const text = view.state.sliceDoc(word.from, word.to);
    const place = placeOf(view.state.doc.toString().split("\n"), line.number - 1);
    const kind = place.key === "kind" ? text : line.text.trim() === `${text}:` ? kindBelow(view, line.number) : "";
    const parts = kind in shop.docs ? [`${kindName(kind)}: ${named("kind_help", kind)}`, shop.docs[kind]!.replaceAll("``", "")] : about(shop, place, text);
    return parts.length ? { pos: word.from, end: word.to, above: true, create: () => ({ dom: drawn(parts) }) } : null;
  };
}

function kindBelow(view: EditorView, line: number): string {
  const next = line < view.state.doc.lines ? view.state.doc.line(line + 1).text : "";
  return /^\s+kind:\s*([a-z_]+)/.exec(next)?.[1] ?? "";
}

function about(shop: Workshop, place: Place, key: string): string[] {
  const schema = place.step ? shop.schema!.ofKind(place.kind) : shop.schema!.whole;
  if (!(key in (schema.properties ?? {})) || key !== place.key) return [];
  const real = shop.schema!.resolve(schema.properties![key]!);
  const limits = real.minimum === undefined ? "" : t("plan.between", { least: real.minimum, most: real.maximum ?? "∞" });
  const usual = real.default === undefined || real.default === null || real.default === "" ? "" : t("plan.default", { value: JSON.stringify(real.default) });
  return [named("field", key), [limits, usual].filter(Boolean).join(" · ")].filter(Boolean);
}

function drawn(parts: string[]): HTMLElement {
  const box = document.createElement("div");
  box.className = "cm-help";
  for (const part of parts) {
    const line = box.appendChild(document.createElement("p"));
    line.dir = "auto";
    line.textContent = part;
  }
  return box;
}

/** Problems as the margin shows them: what the server found, and what cannot be read here. */
export function diagnostics(view: EditorView, plan: Plan): Diagnostic[] {
  const { doc } = view.state;
  return plan.problems.map((problem) => {
    const line = doc.line(Math.min(Math.max(problem.line, 1), doc.lines));
    const from = line.from + line.text.search(/\S|$/);
    return { from, to: Math.max(from, line.to), severity: "error", message: problem.text };
  });
}
