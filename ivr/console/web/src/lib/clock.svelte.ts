/** The server's time, ticking once a second, and how times and durations are written. */
import { locale, t } from "./i18n.svelte";

class ServerClock {
  now = $state(Date.now());
  private ahead = 0;

  constructor() {
    setInterval(() => (this.now = Date.now() + this.ahead), 1000);
  }

  /** Durations are counted by the server's clock: that of the desk may be wrong. */
  set(at: string): void {
    const ahead = Date.parse(at) - Date.now();
    if (Math.abs(ahead - this.ahead) > 500) this.ahead = ahead;
    this.now = Date.now() + this.ahead;
  }
}

export const clock = new ServerClock();

/** Seconds since `at`, never less than none. */
export function since(at: string): number {
  return Math.max(0, (clock.now - Date.parse(at)) / 1000);
}

/** `02:41`, or `1:02:41` from an hour on. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

function tag(): string {
  return locale.language === "he" ? "he-IL" : "en-GB";
}

export function timeOf(at: string, seconds = false): string {
  return new Date(at).toLocaleTimeString(tag(), {
    hour: "2-digit",
    minute: "2-digit",
    second: seconds ? "2-digit" : undefined,
  });
}

/** "today 14:05", "yesterday 09:10", else day and month. */
export function moment(at: string): string {
  const date = new Date(at);
  const days = dayNumber(new Date(clock.now)) - dayNumber(date);
  const time = timeOf(at);
  if (days === 0) return t("time.today", { time });
  if (days === 1) return t("time.yesterday", { time });
  const day = date.toLocaleDateString(tag(), { day: "numeric", month: "numeric", year: "2-digit" });
  return `${day} ${time}`;
}

export function fullMoment(at: string): string {
  return new Date(at).toLocaleString(tag());
}

function dayNumber(date: Date): number {
  return Math.floor(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}
