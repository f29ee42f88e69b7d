/** Calls on paper: what the server says of a draft before it is published. */
import { api } from "./api";

export interface Press {
  keys: string;
  after: number | null;
  hangs_up: boolean;
}

export interface Answers {
  service: string;
  name: string;
  given: { outcome: string; after: number | null }[];
}

export interface Scenario {
  at: string | null;
  caller: string;
  called: string;
  language: string;
  emergency: boolean;
  day: string | null;
  presses: Press[];
  answers: Answers[];
  staffed: Record<string, boolean>;
  waiting: Record<string, number>;
  truths: Record<string, string[]>; // how conditions come out, in order
  hangs_up_after: number | null;
}

export interface End {
  reached: string;
  whom: string;
}

export interface CallEvent {
  at: number;
  label: string;
  visit: number;
  kind: "heard" | "pressed" | "silent" | "turned" | "hung_up" | "ended";
  name: string;
  service: string | null;
  outcome: string;
  seconds: number;
  language: string;
}

export interface Asks {
  what: string; // "press", "staffed" or a service
  name: string;
  options: string[];
  label: string;
}

export interface Played {
  ending: string;
  end: End;
  seconds: number;
  events: CallEvent[];
  labels: string[];
  began: number[];
  asks: Asks | null;
}

export interface Happening {
  at: number;
  label: string;
  what: string;
  name: string;
  outcome: string;
  seconds: number;
}

export interface LostCaller {
  rule: string;
  label: string;
  moment: string;
  emergency: boolean;
  language: string;
  seconds: number;
  story: Happening[];
  scenario: Scenario;
}

export interface Proof {
  holds: boolean;
  version_hash: string;
  worlds: number;
  states: number;
  took: number;
  found: number;
  lost: LostCaller[];
}

export interface ChangedCaller {
  scenario: Scenario;
  live: End;
  draft: End;
}

export interface Changes {
  tried: number;
  whole: boolean;
  found: number;
  changed: ChangedCaller[];
}

export interface ShownTest {
  name: string;
  file: string;
  line_number: number;
  reaches: { what: string; name: string } | null;
  within: number | null;
  reached_at: number | null;
  unheard: string[];
  overheard: string[];
  failures: string[];
  end: End;
  seconds: number;
  scenario: Scenario;
}

export interface ShownTests {
  tests: ShownTest[];
  problems: { file: string; line: number; text: string }[];
}

export interface ReplayedCall {
  call_id: string;
  at: string;
  caller_number: string;
  live: End;
  draft: Played;
}

export interface Replayed {
  calls: number;
  set_aside: number;
  found: number;
  changed: ReplayedCall[];
}

export type Version = "draft" | "live";

/** What a tab of the editor's tools is given. */
export interface ToolProps {
  line: string;
  revision: string; // changes with every saved change
  select: (label: string) => void;
  light: (labels: string[]) => void;
}

const of = (line: string, what: string) => `/api/dialplans/lines/${encodeURIComponent(line)}/${what}`;

export const rehearse = {
  proof: (line: string) => api.get<Proof>(of(line, "proof")),
  changes: (line: string) => api.get<Changes>(of(line, "changes")),
  tests: (line: string) => api.get<ShownTests>(of(line, "tests")),
  replay: (line: string, days: number) => api.get<Replayed>(of(line, `replay?days=${days}`)),
  call: (line: string, scenario: Scenario, version: Version = "draft", asks = false) =>
    api.post<Played>(of(line, "simulation"), { scenario, version, asks }),
};

/** Where a prompt is listened to; `en/welcome` is one of another language than the call's. */
export function soundOf(event: CallEvent): string {
  const cut = event.name.indexOf("/");
  const language = cut < 0 ? event.language : event.name.slice(0, cut);
  return `/api/prompts/${language}/${event.name.slice(cut + 1)}`;
}

export const isPrompt = (event: CallEvent) =>
  event.kind === "heard" && /^([a-z]{2,3}\/)?[a-z]/.test(event.name);
