/** How steps are shown: an icon and a word for each kind, what a step is about, names of its exits. */
import {
  Ambulance, Bot, CalendarDays, CircleHelp, Clock, CreditCard, FileText, GitBranch, Hash, Headset, Languages,
  ListOrdered, MessageSquare, PenLine, PhoneCall, PhoneForwarded, PhoneOff, Phone, RefreshCcw, Search, ShieldX,
  Smile, SquareStack, Ticket, Voicemail, Volume2,
} from "@lucide/svelte"; // prettier-ignore
import type { Component } from "svelte";
import { named, t } from "./i18n.svelte";
import type { PlanStep } from "./plan.svelte";
import { shown } from "./numbers";
import { nameOf } from "./session.svelte";
import type { Path } from "./yamlEdit";

const ICONS: Record<string, Component<any>> = {
  agi: Bot,
  answer: Phone,
  branch: GitBranch,
  calendar: CalendarDays,
  callback: RefreshCcw,
  collect_digits: Hash,
  dial: PhoneCall,
  emergency: Ambulance,
  hangup: PhoneOff,
  hours: Clock,
  language: Languages,
  lookup: Search,
  menu: ListOrdered,
  message: MessageSquare,
  pay: CreditCard,
  play: Volume2,
  queue: Headset,
  refuse: ShieldX,
  say: FileText,
  set: PenLine,
  subroutine: SquareStack,
  survey: Smile,
  ticket: Ticket,
  transfer: PhoneForwarded,
  voicemail: Voicemail,
};

const TITLED = { prompt: "prompts", queue: "queues", line: "lines", department: "departments" } as const;
const ABOUT = ["queue", "hours", "number", "dialplan", "line", "department", "box", "source", "prompt", "variable"];

export function iconOf(kind: string): Component<any> {
  return ICONS[kind] ?? CircleHelp;
}

export function kindName(kind: string): string {
  return named("kind", kind);
}

/** What people call a thing that a step names. */
export function titleOf(what: string, name: string): string {
  if (what in TITLED) return nameOf(TITLED[what as keyof typeof TITLED], name);
  return name.startsWith("+") ? shown(name) : named("name", name).replaceAll("_", " ");
}

/** What a step is about, in a few words: the prompt it plays, the queue it waits in. */
export function summaryOf(step: PlanStep): string {
  const key = ABOUT.find((one) => typeof step.values[one] === "string" && step.values[one]);
  if (key) return titleOf(key, String(step.values[key]));
  const { values, speech, when } = step.values as Record<string, any>;
  if (values && typeof values === "object") return Object.values(values).join(" · ");
  if (Array.isArray(speech)) return speech.filter((one) => typeof one === "string").map((one) => titleOf("prompt", one)).join(" · ");
  if (Array.isArray(when)) return when.map((one) => one?.if ?? "").join(" · ");
  return "";
}

/** The name of a way out: "key 1", "nobody answered", a condition. */
export function exitName(path: Path, step?: PlanStep): string {
  const [key, inner] = path;
  if (key === "digits") return t("exit.key", { key: String(inner) });
  if (key === "when") {
    const cases = step?.values.when as { if?: string }[] | undefined;
    return t("exit.if", { condition: cases?.[Number(inner)]?.if ?? "" });
  }
  return named("field", path.map(String).join("."));
}

export function targetName(target: string): string {
  return target === "end" || target === "return" ? t(`target.${target}`) : target;
}

/** A step as one line in a list of choices. */
export function stepTitle(step: PlanStep): string {
  const about = summaryOf(step);
  const short = about.length > 40 ? `${about.slice(0, 40)}…` : about;
  return [kindName(step.kind), short].filter(Boolean).join(" · ");
}
