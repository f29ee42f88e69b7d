/** The live state of this desk, pushed by the server; it connects again by itself. */
import { api } from "./api";
import { clock } from "./clock.svelte";
import { session } from "./session.svelte";
import type { AgentState, AgentView, Alarm, Card, QueueView } from "./types";

const SILENCE = 12_000; // ms; the server says something every 5 s
const SESSION_OVER = 4401;

type Message = { type: string; at?: string } & Record<string, any>;

class Desk {
  connected = $state(false);
  known = $state(false); // a snapshot has been received
  agent = $state<AgentView | null>(null);
  card = $state<Card | null>(null);
  queues = $state<QueueView[]>([]);
  queuesAt = $state("");
  alarms = $state<Alarm[]>([]);
  withdrawn = $state(""); // why the last ring moved on
  changes = $state(0); // counts what lists may want to look at again
  private socket: WebSocket | null = null;
  private wait = 250;
  private retry = 0;
  private silence = 0;
  private wanted = false;

  open(): void {
    this.wanted = true;
    if (!this.socket) this.connect();
  }

  close(): void {
    this.wanted = false;
    clearTimeout(this.retry);
    clearTimeout(this.silence);
    this.socket?.close();
    this.socket = null;
    this.connected = this.known = false;
    this.agent = this.card = null;
  }

  private connect(): void {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/ws/desk`);
    this.socket = socket;
    socket.onmessage = (event) => this.receive(JSON.parse(event.data) as Message);
    socket.onclose = (event) => this.lost(socket, event.code);
    this.listen();
  }

  /** A connection that is silent for too long is dead, whatever the browser thinks. */
  private listen(): void {
    clearTimeout(this.silence);
    this.silence = window.setTimeout(() => {
      const socket = this.socket;
      if (socket) {
        socket.close();
        this.lost(socket, 0);
      }
    }, SILENCE);
  }

  private lost(socket: WebSocket, code: number): void {
    if (socket !== this.socket) return;
    this.socket = null;
    this.connected = false;
    if (!this.wanted) return;
    if (code === SESSION_OVER) return session.leave();
    const jitter = Math.random() * this.wait;
    this.retry = window.setTimeout(() => void this.again(), this.wait + jitter);
    this.wait = Math.min(this.wait * 2, 5000);
  }

  private async again(): Promise<void> {
    // A refused WebSocket does not say why; this request does, and signs out if it is a 401.
    await api.get("/api/me").catch(() => undefined);
    if (this.wanted && !this.socket) this.connect();
  }

  private receive(message: Message): void {
    this.listen();
    this.wait = 250;
    this.connected = true;
    if (message.at) clock.set(message.at);
    this.apply[message.type]?.(message);
  }

  private readonly apply: Record<string, (message: Message) => void> = {
    snapshot: (m) => {
      this.known = true;
      this.agent = m.agent;
      this.card = m.card;
      this.queues = m.queues;
      this.queuesAt = m.at ?? "";
      this.alarms = m.alarms;
      this.changes++;
    },
    pop: (m) => {
      this.withdrawn = "";
      this.card = m.card;
    },
    pop_withdrawn: (m) => {
      if (this.card?.pop.offer_id !== m.offer_id) return;
      this.card = null;
      this.withdrawn = m.why;
      this.changes++;
    },
    talk: (m) => {
      if (this.card?.pop.call_id === m.call_id) {
        this.card = { ...this.card!, phase: m.phase, since: m.at! };
      }
    },
    recording: (m) => {
      if (this.card?.pop.call_id === m.call_id) this.card = { ...this.card!, recording: m.state };
    },
    agent: (m) => {
      if (!this.agent || this.agent.agent_id !== m.agent_id) return;
      const state = m.state as AgentState;
      this.agent = { ...this.agent, state, since: m.since, reason: m.reason };
      const free = state === "available" || state === "paused" || state === "signed_out";
      if (free && this.card?.phase === "wrap_up") this.card = null;
      this.changes++;
    },
    phone: (m) => {
      if (this.agent?.agent_id === m.agent_id) {
        this.agent = { ...this.agent!, phone_registered: m.registered };
      }
    },
    queues: (m) => {
      this.queues = m.queues;
      this.queuesAt = m.at ?? "";
    },
    alarm: (m) => {
      const others = this.alarms.filter((one) => one.alarm !== m.alarm);
      this.alarms = m.up ? [...others, { alarm: m.alarm, text: m.text }] : others;
    },
    ticket: () => void this.changes++,
    work: () => void this.changes++,
  };
}

export const desk = new Desk();
