/** Changes of a YAML text at one place: what stands elsewhere, comments and order, stays as it is. */
import { Document, isCollection, isMap, isPair, isScalar, isSeq, Scalar } from "yaml";
import type { Node, Pair, YAMLMap, YAMLSeq } from "yaml";

export type Path = (string | number)[];

/** Replace `from`…`to` of the text by `insert`. */
export interface Edit {
  from: number;
  to: number;
  insert: string;
}

/** A text and the document that was read from it. */
export interface Source {
  text: string;
  document: Document.Parsed;
}

type Collection = YAMLMap<Node, Node | null> | YAMLSeq<Node>;

export function apply(text: string, edits: Edit[]): string {
  const fromTheEnd = [...edits].sort((one, other) => other.from - one.from);
  return fromTheEnd.reduce((t, e) => t.slice(0, e.from) + e.insert + t.slice(e.to), text);
}

/** Make the value at `path` be `value`; `undefined` takes it away. */
export function set(source: Source, path: Path, value: unknown): Edit[] {
  const node = source.document.getIn(path, true) as Node | undefined;
  if (value === undefined) return remove(source, path);
  if (node === undefined) return insert(source, path, value);
  const [from, to] = node.range!;
  if (isCollection(node) && !node.flow) {
    const end = endOf(source.text, node);
    return [{ from, to: end, insert: written(value) + (source.text[end - 1] === "\n" ? "\n" : "") }];
  }
  return [{ from, to, insert: instead(source, path, node, value) }];
}

/** Take one key or item away, with the comment behind it. */
export function remove(source: Source, path: Path): Edit[] {
  const parent = source.document.getIn(path.slice(0, -1), true);
  if (!isCollection(parent)) return [];
  const at = indexIn(parent as Collection, path.at(-1)!);
  if (at < 0) return [];
  if (parent.items.length === 1 && path.length > 1) return emptied(source, path.slice(0, -1));
  return parent.flow ? removeFlow(parent as Collection, at) : removeBlock(source, parent as Collection, at);
}

/** Give a key of a map another name. */
export function renameKey(source: Source, path: Path, name: string): Edit[] {
  const key = pairAt(source, path)?.key;
  if (!isScalar(key)) return [];
  return [{ from: key.range![0], to: key.range![1], insert: scalar(name, key.type) }];
}

/** Put a step with these keys below the step `after`, or at the end. */
export function addStep(source: Source, label: string, step: object, after?: string): Edit[] {
  const steps = source.document.get("steps", true);
  if (!isMap(steps) || steps.flow || !steps.items.length) {
    const empty = `steps:\n${block(label, step, 2)}`;
    const pair = pairAt(source, ["steps"]);
    if (!pair) return [{ from: source.text.length, to: source.text.length, insert: `\n${empty}` }];
    const from = startOf(pair);
    return [{ from, to: lineAfter(source.text, endOfPair(source.text, pair)), insert: empty }];
  }
  const items = steps.items as Pair<Node, Node | null>[];
  const near = items[indexIn(steps as Collection, after ?? "")] ?? items.at(-1)!;
  const column = columnOf(source.text, startOf(items[0]!));
  const at = lineAfter(source.text, endOfPair(source.text, near));
  const broken = source.text[at - 1] === "\n" ? "" : "\n";
  return [{ from: at, to: at, insert: `${broken}\n${block(label, step, column)}` }];
}

/** The place of the value at `path`, for other edits. */
export function rangeOf(source: Source, path: Path): [number, number] | undefined {
  const node = source.document.getIn(path, true) as Node | undefined;
  return node?.range ? [node.range[0], node.range[1]] : undefined;
}

/** Where a step begins and ends in the text. */
export function extentOf(source: Source, path: Path): [number, number] | undefined {
  const pair = pairAt(source, path);
  return pair && [startOf(pair), endOfPair(source.text, pair)];
}

/** How a value is written on one line, safe within `{…}` too. */
export function written(value: unknown): string {
  const one = new Document([value]);
  (one.contents as unknown as YAMLSeq).flow = true;
  const options = { flowCollectionPadding: false, lineWidth: 0, singleQuote: true } as const;
  const text = one.toString(options).trim();
  return text.includes("\n") ? JSON.stringify(value) : text.slice(1, -1);
}

function block(label: string, step: object, column: number): string {
  const margin = " ".repeat(column);
  const keys = Object.entries(step).map(([key, value]) => `${margin}  ${key}: ${written(value)}\n`);
  return `${margin}${label}:\n${keys.join("")}`;
}

function scalar(value: unknown, type?: Scalar.Type | null): string {
  if (typeof value !== "string" || value.includes("\n")) return written(value);
  if (type === Scalar.QUOTE_DOUBLE) return JSON.stringify(value);
  if (type === Scalar.QUOTE_SINGLE) return `'${value.replaceAll("'", "''")}'`;
  return written(value);
}

/** A text of several lines is written as such; everything else on its line. */
function instead(source: Source, path: Path, node: Node, value: unknown): string {
  const [from, to] = node.range!;
  const before = source.text.slice(from, to);
  const blocks: unknown[] = [Scalar.BLOCK_LITERAL, Scalar.BLOCK_FOLDED];
  const wasBlock = isScalar(node) && blocks.includes(node.type);
  const end = wasBlock && before.endsWith("\n") ? "\n" : "";
  if (typeof value === "string" && (wasBlock || value.includes("\n")) && mayBeBlock(source, path, value, to)) {
    const column = columnOf(source.text, startOf(pairAt(source, path)!));
    const margin = /\n( +)/.exec(wasBlock ? before : "")?.[1] ?? " ".repeat(column + 2);
    const lines = value.replace(/\n+$/, "").split("\n").map((line) => (line ? margin + line : ""));
    return `${value.endsWith("\n") ? "|" : "|-"}\n${lines.join("\n")}${end}`;
  }
  const text = scalar(value, isScalar(node) && node.value !== "" ? node.type : undefined);
  return (from === to ? ` ${text}` : text) + end; // a key that had no value
}

function mayBeBlock(source: Source, path: Path, value: string, to: number): boolean {
  const parent = source.document.getIn(path.slice(0, -1), true);
  const alone = source.text[to - 1] === "\n" || /^[ \t]*(\n|$)/.test(source.text.slice(to));
  return isMap(parent) && !parent.flow && alone && value.trim() !== "" && !/^\s/.test(value);
}

function insert(source: Source, path: Path, value: unknown): Edit[] {
  const above = path.slice(0, -1);
  const parent = source.document.getIn(above, true);
  const key = path.at(-1)!;
  if (!isCollection(parent)) return set(source, above, isIndex(key) ? [value] : { [key]: value });
  const line = isSeq(parent) ? written(value) : `${written(key)}: ${written(value)}`;
  return parent.flow ? insertFlow(source, parent as Collection, line) : insertBlock(source, parent as Collection, line);
}

function insertFlow(source: Source, parent: Collection, line: string): Edit[] {
  const last = parent.items.at(-1);
  const at = last ? endOfItem(source.text, last) : parent.range![0] + 1;
  return [{ from: at, to: at, insert: last ? `, ${line}` : line }];
}

function insertBlock(source: Source, parent: Collection, line: string): Edit[] {
  const at = lineAfter(source.text, endOf(source.text, parent));
  const margin = " ".repeat(columnOf(source.text, parent.range![0]));
  const broken = source.text[at - 1] === "\n" ? "" : "\n";
  return [{ from: at, to: at, insert: `${broken}${margin}${isSeq(parent) ? "- " : ""}${line}\n` }];
}

function removeFlow(parent: Collection, at: number): Edit[] {
  const items = parent.items;
  const next = items[at + 1];
  if (next) return [{ from: startOf(items[at]!), to: startOf(next), insert: "" }];
  return [{ from: endOfItem("", items[at - 1]!), to: endOfItem("", items[at]!), insert: "" }];
}

function removeBlock(source: Source, parent: Collection, at: number): Edit[] {
  const { text } = source;
  const from = text.lastIndexOf("\n", startOf(parent.items[at]!) - 1) + 1;
  let to = lineAfter(text, endOfItem(text, parent.items[at]!));
  if (text[to] === "\n" && (from === 0 || text[from - 2] === "\n")) to++; // one empty line is enough
  return [{ from, to, insert: "" }];
}

/** A collection without items cannot stand in block style. */
function emptied(source: Source, path: Path): Edit[] {
  const node = source.document.getIn(path, true) as Collection;
  const none = isSeq(node) ? "[]" : "{}";
  if (node.flow) return [{ from: node.range![0], to: node.range![1], insert: none }];
  const key = pairAt(source, path)?.key;
  const from = source.text.indexOf(":", key!.range![1]) + 1;
  return [{ from, to: lineAfter(source.text, endOf(source.text, node)), insert: ` ${none}\n` }];
}

function pairAt(source: Source, path: Path): Pair<Node, Node | null> | undefined {
  const parent = path.length > 1 ? source.document.getIn(path.slice(0, -1), true) : source.document.contents;
  if (!isMap(parent)) return undefined;
  return parent.items[indexIn(parent as Collection, path.at(-1)!)] as Pair<Node, Node | null>;
}

function indexIn(parent: Collection, key: string | number): number {
  if (isSeq(parent)) return Number(key);
  return parent.items.findIndex((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));
}

function startOf(item: unknown): number {
  return isPair(item) ? (item.key as Node).range![0] : (item as Node).range![0];
}

function endOfItem(text: string, item: unknown): number {
  return isPair(item) ? endOfPair(text, item as Pair<Node, Node | null>) : endOf(text, item as Node);
}

function endOfPair(text: string, pair: Pair<Node, Node | null>): number {
  return pair.value ? endOf(text, pair.value) : pair.key.range![1];
}

/** The end of what is written, without the comment and the empty lines behind it. */
function endOf(text: string, node: Node): number {
  if (isCollection(node) && !node.flow && node.items.length) return endOfItem(text, node.items.at(-1));
  return node.range![1];
}

/** The start of the line behind the one that ends at or after `at`. */
function lineAfter(text: string, at: number): number {
  if (text[at - 1] === "\n") return at; // a block scalar has its own line end
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}

function columnOf(text: string, at: number): number {
  return at - (text.lastIndexOf("\n", at - 1) + 1);
}

function isIndex(key: string | number): key is number {
  return typeof key === "number";
}
