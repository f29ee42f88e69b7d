/** How each state of an agent looks: an icon and a tint, beside its word. */
import {
  CirclePause,
  CirclePower,
  Headset,
  NotebookPen,
  PhoneCall,
  PhoneIncoming,
} from "@lucide/svelte";
import type { AgentState } from "./types";

export const looks: Record<AgentState, { icon: typeof Headset; tint: string }> = {
  available: { icon: Headset, tint: "bg-good-soft text-good" },
  ringing: { icon: PhoneIncoming, tint: "bg-ring-soft text-ring" },
  on_call: { icon: PhoneCall, tint: "bg-talk-soft text-talk" },
  wrap_up: { icon: NotebookPen, tint: "bg-wrap-soft text-wrap" },
  paused: { icon: CirclePause, tint: "bg-pause-soft text-pause" },
  signed_out: { icon: CirclePower, tint: "bg-pause-soft text-pause" },
};
