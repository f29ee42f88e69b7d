/** Calls on paper as sentences about a caller, with the names that people know. */
import { locale, named, t, type Key } from "./i18n.svelte";
import { shown } from "./numbers";
import type { CallEvent, End, Happening, LostCaller, Scenario, ShownTest } from "./rehearsal";
import { nameOf, session } from "./session.svelte";
import type { Proof } from "./types";

const SERVICE: Record<string, string> = { dial: "number", message: "box" }; // as the proof says it
const UNSAID = new Set(["heard", "answer", "answered"]);

/** The queue, number, box or department of this name. */
export function thing(service: string, name: string): string {
  if (service === "queue" || service === "staffed" || service === "callback") return nameOf("queues", name);
  if (service === "box" || service === "ticket") return nameOf("departments", name);
  if (service === "hours") return named("hours", name).replaceAll("_", " ");
  if (service === "condition") return name;
  if (service === "number" && !name.startsWith("+")) return named("number", name).replaceAll("_", " ");
  return shown(name).replaceAll("_", " ");
}

export function prompt(name: string): string {
  return nameOf("prompts", name.slice(name.indexOf("/") + 1));
}

/** "25 seconds", or nothing for what takes no time. */
function lasting(seconds: number): string {
  return seconds >= 1 ? t("told.after", { seconds: Math.round(seconds) }) : "";
}

/** What came of turning to a part of the world: "nobody in the billing queue answers for 25 s". */
export function turned(service: string, name: string, outcome: string, seconds = 0): string {
  const key = `told.${service}.${outcome}`;
  const words = named("told", `${service}.${outcome}`);
  if (outcome === "fails") return t("told.fails", { name: thing(service, name) });
  if (words === `${service}.${outcome}`) return t("told.other", { name: thing(service, name), outcome: named("result", outcome) });
  return `${t(key as Key, { name: thing(service, name) })} ${lasting(seconds)}`.trim();
}

export function eventText(event: CallEvent): string {
  if (event.kind === "heard") return t("told.heard", { prompt: prompt(event.name) });
  if (event.kind === "pressed") return t("told.pressed", { keys: event.name });
  if (event.kind === "silent") return t("told.silent");
  if (event.kind === "hung_up") return t("told.hung_up");
  if (event.kind === "ended") return event.outcome === "refused" ? t("told.refused") : t("told.ended");
  return turned(event.service ?? "", event.name, event.outcome, event.seconds);
}

/** Where a caller ended: "an agent in Billing", "a message for Centre", "nobody". */
export function endText(end: End): string {
  const { reached, whom } = end;
  if (reached === "person") {
    const queue = whom in session.site.queues;
    return queue
      ? t("end.agent", { name: nameOf("queues", whom) })
      : t("end.number", { name: thing("number", whom) });
  }
  return t(`end.${reached}` as Key, { name: thing("box", whom) });
}

/** "Thursday 26.11, 17:59": as the clock of the council shows it, wherever the reader sits. */
export function civil(at: string): string {
  const wall = new Date(`${at.slice(0, 16)}:00Z`);
  const tag = locale.language === "he" ? "he-IL" : "en-GB";
  const day = wall.toLocaleDateString(tag, { weekday: "long", day: "numeric", month: "numeric", timeZone: "UTC" });
  return `${day}, ${at.slice(11, 16)}`;
}

function happening(one: Happening): string {
  if (one.what === "pressed") return one.name ? t("told.pressed", { keys: one.name }) : t("told.silent");
  if (one.what === "waiting") return Number(one.outcome) ? t("told.crowd", { name: thing("queue", one.name), count: one.outcome }) : "";
  if (one.what === "hang_up") return t("told.ended");
  if (one.what === "refuse") return t("told.refused");
  if (one.what === "hand_over") return t("told.hand_over", { line: nameOf("lines", one.name) });
  if (one.what === "emergency") return one.outcome === "on" ? t("told.emergency") : "";
  if (UNSAID.has(one.what)) return "";
  return turned(SERVICE[one.what] ?? one.what, one.name, one.outcome, one.seconds);
}

/** Who is lost: when they call, what happens, and what is wrong at the end. */
export function lostText(lost: Omit<LostCaller, "scenario">): { way: string; end: string } {
  const way = [
    civil(lost.moment),
    ...(lost.emergency ? [t("told.emergency")] : []),
    ...lost.story.map(happening).filter((text) => text !== ""),
  ];
  return { way: way.join(", "), end: ruleText(lost) };
}

/** Why a publish was refused: each lost caller, each test that fails. */
export function proofTexts(proof: Proof): string[] {
  const lost = (proof.counterexamples ?? []).map((one) => {
    const { way, end } = lostText(one);
    return `${way} ${t("told.arrow")} ${end}`;
  });
  const failed = (proof.tests?.failed ?? []).map((name) => t("tests.fails", { name }));
  const texts = [...lost, ...failed, ...(proof.tests?.problems ?? [])];
  return texts.length ? texts : proof.told;
}

function ruleText(lost: Omit<LostCaller, "scenario">): string {
  const values = { seconds: Math.round(lost.seconds), label: lost.label };
  return t(`rule.${lost.rule}` as Key, values);
}

/** A kind of caller: "presses 2, then nothing; Friday 15:00; the external centre is busy". */
export function callerText(scenario: Scenario): string {
  const presses = scenario.presses.map((press) =>
    press.keys ? t("told.pressed", { keys: press.keys }) : t("told.silent"),
  );
  const world = scenario.answers.flatMap((one) =>
    one.given.map((given) => turned(one.service, one.name, given.outcome, given.after ?? 0)),
  );
  const asked = new Set(scenario.answers.filter((one) => one.service === "queue").map((one) => one.name));
  const staffed = Object.entries(scenario.staffed)
    .filter(([name]) => !asked.has(name))
    .map(([name, there]) => turned("staffed", name, there ? "yes" : "no"));
  return [
    ...(scenario.at ? [civil(scenario.at)] : []),
    ...(scenario.emergency ? [t("told.emergency")] : []),
    ...(presses.length ? presses : [t("told.silent")]),
    ...world,
    ...staffed,
  ].join(", ");
}

/** What a test wanted and did not get. */
export function failures(test: ShownTest): string[] {
  const { reaches, within, reached_at: at } = test;
  const told: string[] = [];
  if (reaches && at === null) told.push(t("tests.not_reached", { goal: goalText(reaches.what, reaches.name) }));
  else if (reaches && at !== null && within !== null && at > within)
    told.push(t("tests.late", { goal: goalText(reaches.what, reaches.name), within, seconds: Math.round(at) }));
  told.push(...test.unheard.map((name) => t("tests.unheard", { prompt: prompt(name) })));
  told.push(...test.overheard.map((name) => t("tests.overheard", { prompt: prompt(name) })));
  return told;
}

function goalText(what: string, name: string): string {
  if (what === "queue") return t("end.agent", { name: thing("queue", name) });
  if (what === "number") return t("end.number", { name: thing("number", name) });
  if (what === "box") return t("end.message", { name: thing("box", name) });
  if (what === "step") return t("tests.step", { label: name });
  return t(`end.${what}` as Key, { name });
}
