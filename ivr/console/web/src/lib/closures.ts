/** Closures as people enter and read them, and which field a refusal is about. */
import { Problem } from "./api";
import { locale, named, t } from "./i18n.svelte";

export interface Closure {
  closure_id: string;
  hours: string; // "": all opening hours
  first_day: string;
  last_day: string;
  times: string[]; // none: closed
  why: string;
}

export interface Closures {
  today: string;
  hours: string[];
  closures: Closure[];
  over: Closure[];
}

export type Body = Omit<Closure, "closure_id">;
export type ClosureField = keyof Body;

const FIELD_OF: Record<string, ClosureField> = {
  no_such_hours: "hours",
  closure_backwards: "last_day",
  closure_over: "last_day",
  closure_too_far: "last_day",
};

/** What the server refused, by field; empty if it is about none. */
export function refused(error: unknown): Partial<Record<ClosureField, string>> {
  if (!(error instanceof Problem)) return {};
  const field = FIELD_OF[error.code];
  if (field) return { [field]: error.message };
  const fields = error.fields.map((one) => one.split(".")[0] as ClosureField);
  return Object.fromEntries(fields.map((one) => [one, t(`closures.wrong_${one}`)]));
}

export function bodyOf({ hours, first_day, last_day, times, why }: Closure): Body {
  return { hours, first_day, last_day, times, why };
}

export function hoursName(hours: string): string {
  return hours ? named("hours", hours).replaceAll("_", " ") : t("closures.all_hours");
}

/** `2026-12-31` as people say it, with the day of the week. */
export function dayName(day: string): string {
  const options = { weekday: "short", day: "numeric", month: "numeric", year: "numeric", timeZone: "UTC" } as const;
  return new Date(`${day}T00:00Z`).toLocaleDateString(locale.language === "he" ? "he-IL" : "en-GB", options);
}

export function daysOf(closure: Closure): string {
  const [first, last] = [dayName(closure.first_day), dayName(closure.last_day)];
  return closure.first_day === closure.last_day ? first : t("closures.from_to", { first, last });
}
