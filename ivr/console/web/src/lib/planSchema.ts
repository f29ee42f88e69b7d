/** The language of dialplans as its JSON schema tells it: fields of a step, exits, blank steps. */
import type { Path } from "./yamlEdit";

/** The part of JSON Schema that pydantic writes for steps. */
export interface Schema {
  type?: string;
  const?: unknown;
  default?: unknown;
  enum?: unknown[];
  pattern?: string;
  description?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  minProperties?: number;
  required?: string[];
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  $ref?: string;
  $defs?: Record<string, Schema>;
  discriminator?: { propertyName: string; mapping: Record<string, string> };
  "x-names"?: string;
}

export interface Field {
  key: string;
  schema: Schema;
  required: boolean;
}

/** A way out of a step: where it stands in the step, and the label it leads to. */
export interface Exit {
  path: Path;
  target: string;
}

const BY_KEY: Record<string, string> = { source: "lookup" };
const NAMED = ["queue", "hours", "number", "box", "department", "dialplan", "line", "lookup"];
const DIGITS = "1234567890*#";

/** Keys as they stand on a telephone: JavaScript puts numbers first, 0 before 1. */
export function inOrder<T>(entries: [string, T][]): [string, T][] {
  const place = (key: string) => (key.length === 1 && DIGITS.includes(key) ? DIGITS.indexOf(key) : 99);
  return entries.sort(([one], [other]) => place(one) - place(other));
}

export class PlanSchema {
  readonly kinds: string[];
  private readonly refs: Record<string, string>;

  constructor(readonly whole: Schema) {
    const steps = whole.properties?.steps?.additionalProperties;
    this.refs = (typeof steps === "object" && steps.discriminator?.mapping) || {};
    this.kinds = Object.keys(this.refs);
  }

  resolve(schema: Schema): Schema {
    const { $ref, ...more } = schema;
    if ($ref) return { ...this.whole.$defs?.[$ref.split("/").at(-1)!], ...more };
    const real = schema.anyOf?.filter((one) => one.type !== "null");
    return real?.length === 1 ? { ...this.resolve(real[0]!), default: schema.default } : schema;
  }

  ofKind(kind: string): Schema {
    const $ref = this.refs[kind];
    return $ref ? this.resolve({ $ref }) : {};
  }

  /** The fields of a step, but its kind; what it does first, then where it goes. */
  fields(kind: string): Field[] {
    const { properties = {}, required = [] } = this.ofKind(kind);
    const all = Object.entries(properties).filter(([key]) => key !== "kind");
    const fields = all.map(([key, schema]) => ({
      key,
      schema: this.resolve(schema),
      required: required.includes(key),
    }));
    const last = (field: Field) => Number(field.schema["x-names"] === "step") + 2 * Number(field.key === "note");
    return fields.sort((one, other) => last(one) - last(other));
  }

  /** What a text names: a step, prompt, queue, …; `""` if it is only a text. */
  names(key: string | number, schema: Schema): string {
    const named = schema["x-names"] ?? BY_KEY[key] ?? (NAMED.includes(String(key)) ? String(key) : "");
    return schema.type === "string" ? named : "";
  }

  /** Every exit that is written in a step. */
  exits(kind: string, step: unknown): Exit[] {
    return this.walk(this.ofKind(kind), step, []);
  }

  /** A new step of this kind, all of its exits leading to `target`. */
  blank(kind: string, target: string): Record<string, unknown> {
    return { kind, ...(this.filled(this.ofKind(kind), target) as object), ...this.atLeast(kind, target) };
  }

  /** A value to start from. */
  filled(schema: Schema, target: string): unknown {
    const real = this.resolve(schema);
    if (real.const !== undefined) return real.const;
    if (real["x-names"] === "step") return target;
    if (real.enum) return real.enum[0];
    if (real.oneOf) return this.filled(real.oneOf[0]!, target);
    if (real.type === "object") return this.filledObject(real, target);
    if (real.type === "array") return [this.filled(real.items ?? {}, target)];
    if (real.type === "boolean") return false;
    return real.type === "string" ? "" : (real.minimum ?? 1);
  }

  /** A key that is still free in a table whose keys look like `pattern`. */
  freeKey(pattern: string, taken: string[]): string {
    const names = Array.from({ length: taken.length + 1 }, (_, n) => (n ? `name_${n + 1}` : "name"));
    const languages = ["he", "en", "ar", "ru"];
    const fit = new RegExp(pattern);
    const free = [...DIGITS, ...languages, ...names].filter((one) => !taken.includes(one));
    return free.find((one) => fit.test(one)) ?? "name";
  }

  private filledObject(schema: Schema, target: string): unknown {
    const wanted = Object.entries(schema.properties ?? {}).filter(
      ([key]) => key !== "kind" && schema.required?.includes(key),
    );
    const value = Object.fromEntries(wanted.map(([key, one]) => [key, this.filled(one, target)]));
    const [pattern, inner] = Object.entries(schema.patternProperties ?? {})[0] ?? [];
    if (pattern && inner) value[this.freeKey(pattern, [])] = this.filled(inner, target);
    return value;
  }

  /** `set` needs nothing by its schema, but a step that does nothing is refused. */
  private atLeast(kind: string, target: string): object {
    const { properties = {}, required = [] } = this.ofKind(kind);
    const table = Object.entries(properties).find(([, one]) => one.patternProperties);
    if (!table || required.includes(table[0]) || kind !== "set") return {};
    return { [table[0]]: this.filled(table[1], target) };
  }

  private walk(schema: Schema, value: unknown, path: Path): Exit[] {
    const real = this.resolve(schema);
    if (typeof value === "string") return real["x-names"] === "step" ? [{ path, target: value }] : [];
    if (Array.isArray(value)) {
      return value.flatMap((one, at) => this.walk(real.items ?? {}, one, [...path, at]));
    }
    if (typeof value !== "object" || value === null) return [];
    const inner = Object.values(real.patternProperties ?? {})[0];
    const entries = inner ? inOrder(Object.entries(value)) : Object.entries(value);
    return entries.flatMap(([key, one]) =>
      this.walk(real.properties?.[key] ?? inner ?? {}, one, [...path, key]),
    );
  }
}
