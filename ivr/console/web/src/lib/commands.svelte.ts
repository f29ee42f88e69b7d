/** What an agent orders: the server answers with the new state, or says why not. */
import { api, messageOf } from "./api";
import { desk } from "./desk.svelte";
import { notices } from "./notices.svelte";
import type { AgentView } from "./types";

type Order = "sign-in" | "sign-out" | "pause" | "resume" | "finish-wrap-up";

export async function order(what: Order, body: object = {}): Promise<void> {
  const id = desk.agent?.agent_id;
  if (!id) return;
  try {
    desk.agent = await api.post<AgentView>(`/api/agents/${id}/${what}`, body);
  } catch (error) {
    notices.say(messageOf(error), "bad");
  }
}

/** The main key of a state: into the queues, back from a break, or done with wrap-up. */
export function forward(): void {
  const state = desk.agent?.state;
  if (state === "signed_out") void order("sign-in");
  else if (state === "paused") void order("resume");
  else if (state === "wrap_up") void order("finish-wrap-up");
}

export async function record(callId: string, what: "pause" | "resume"): Promise<void> {
  try {
    await api.post(`/api/calls/${encodeURIComponent(callId)}/recording/${what}`);
  } catch (error) {
    notices.say(messageOf(error), "bad");
  }
}

export async function hangUp(callId: string): Promise<void> {
  try {
    await api.post(`/api/calls/${encodeURIComponent(callId)}/hang-up`);
  } catch (error) {
    notices.say(messageOf(error), "bad");
  }
}
