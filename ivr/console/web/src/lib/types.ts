/** What the server sends, as `ivr/console` writes it. */
import type { LostCaller } from "./rehearsal";

export type Role = "agent" | "shift_lead" | "administrator" | "auditor";

export interface Me {
  user_id: string;
  authority_id: string;
  name: string;
  full_name: string;
  role: Role;
  agent_id: string | null;
  csrf: string;
  home: string;
}

export type AgentState =
  | "signed_out"
  | "available"
  | "ringing"
  | "on_call"
  | "wrap_up"
  | "paused";

export interface AgentView {
  agent_id: string;
  name: string;
  state: AgentState;
  since: string;
  reason: string;
  queues: string[];
  phone_registered: boolean;
}

export interface QueueView {
  name: string;
  waiting: number;
  longest_wait: number;
  signed_in: number;
  available: number;
}

export interface Contact {
  contact_id: string;
  name: string;
  number: string;
  address: string;
  language: string;
  note: string;
}

export interface PastCall {
  call_id: string;
  line: string;
  at: string;
  outcome: string;
  agent_id: string | null;
}

export interface Ticket {
  ticket_id: string;
  reference: string;
  subject: string;
  state: string;
  department: string;
  opened_at: string;
  text: string;
  call_id: string | null;
}

export interface Pop {
  offer_id: string;
  call_id: string;
  agent_id: string;
  line: string;
  queue: string;
  caller_number: string;
  choices: string[];
  waited: number;
  offered_at: string;
  contact: Contact | null;
  last_calls: PastCall[];
  open_tickets: Ticket[];
}

export interface Card {
  pop: Pop;
  phase: "ringing" | "talking" | "wrap_up";
  since: string;
  complete: boolean;
  recording: string;
}

export interface Alarm {
  alarm: string;
  text: string;
}

export interface CallRecord {
  call_id: string;
  line: string;
  caller_number: string;
  called_number: string;
  arrived_at: string;
  answered_at: string | null;
  ended_at: string | null;
  outcome: string;
  hangup_cause: number | null;
  talked_with: string;
  talk_seconds: number;
}

export interface ListedCall {
  call: CallRecord;
  caller_name: string;
  queue: string;
  waited: number;
}

export interface TraceRow {
  seq: number;
  label: string;
  kind: string;
  at: string;
  heard: string[];
  pressed: string;
  went_to: string;
  error: string;
  details: Record<string, unknown>;
}

export interface Recording {
  name: string;
  call_id: string;
  started_at: string;
  seconds: number;
}

export interface Offer {
  offer_id: string;
  agent_id: string;
  queue: string;
  made_at: string;
  ended_at: string | null;
  why: string;
}

export interface CallDetail extends ListedCall {
  offers: Offer[];
  trace: TraceRow[];
  tickets: Ticket[];
  recordings: Recording[];
}

export interface WorkItem {
  item_id: string;
  kind: string;
  at: string;
  caller_number: string;
  caller_name: string;
  line: string;
  call_id: string;
  recording: string;
  seconds: number;
  note: string;
}

export interface ShownUser {
  user_id: string;
  name: string;
  full_name: string;
  role: Role;
  agent_id: string | null;
  disabled: boolean;
}

export interface AuditEntry {
  entry_id: number;
  at: string;
  who: string;
  action: string;
  subject: string;
  address: string;
  details: Record<string, unknown>;
}

/** Names of the site for people, by language: `{ he, en }`. */
export interface Site {
  authority: Record<string, string>;
  lines: Record<string, Record<string, string>>;
  queues: Record<string, Record<string, string>>;
  departments: Record<string, Record<string, string>>;
  prompts: Record<string, Record<string, string>>;
  agents: Record<string, string>;
}

export interface LineState {
  name: string;
  version: number; // 0: never published
  published_at: string | null;
  published_by: string;
  note: string;
  draft: "same" | "differs" | "new" | "withdrawn" | "gone";
  problems: number;
  scheduled_for: string | null;
}

/** One place that names a thing; `step` is empty where `site.yaml` itself does. */
export interface Use {
  file: string;
  line: number;
  step: string;
  kind: string;
  live: boolean; // of what is live now; else of the draft
}

export interface DraftFile {
  name: string;
  text: string;
  revision: string;
}

export interface PlanProblem {
  file: string;
  line: number;
  text: string;
}

export interface StepCounts {
  now: Record<string, number>;
  today: Record<string, number>;
}

/** What the path proof found: a sentence for each lost caller. */
export interface Proof {
  holds: boolean;
  told: string[]; // in English, for the command line
  counterexamples?: Omit<LostCaller, "scenario">[];
  tests?: { run: number; failed: string[]; problems: string[] };
}

export interface PlanVersion {
  line: string;
  version: number;
  published_at: string;
  published_by: string;
  note: string;
  proof: Proof | null;
  override_reason: string;
  based_on: number;
  withdrawn: boolean;
}

export interface Publication {
  versions: PlanVersion[];
  remarks: string[];
}

export interface ScheduledPublish {
  publish_id: string;
  due_at: string;
  lines: string[];
  note: string;
  override_reason: string;
  made_by: string;
  state: string;
  result: string;
}
