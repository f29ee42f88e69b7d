/** A caller who is being tried: what was decided so far, and how far the call came with it. */
import { messageOf } from "./api";
import { rehearse, type Played, type Scenario } from "./rehearsal";

export type Decision =
  | { is: "press"; keys: string; after: number | null }
  | { is: "hang_up" }
  | { is: "world"; what: string; name: string; outcome: string };

export class Trying {
  at = $state(""); // as a clock shows it; now, if empty
  caller = $state("+972501110001");
  language = $state("");
  emergency = $state(false);
  decisions = $state<Decision[]>([]);
  played = $state.raw<Played | null>(null);
  heard = $state(0); // events of the call that were there before the last decision
  problem = $state("");
  working = $state(false);
  private asked = 0;
  private began = "";

  constructor(readonly line: string) {}

  async restart(): Promise<void> {
    this.decisions = [];
    this.began = new Date(this.at || Date.now()).toISOString();
    this.played = null;
    await this.run();
  }

  async decide(decision: Decision): Promise<void> {
    this.decisions.push(decision);
    await this.run();
  }

  async back(): Promise<void> {
    this.decisions.pop();
    await this.run();
  }

  /** The whole call is run again with all that was decided: the engine keeps nothing of it. */
  private async run(): Promise<void> {
    const mine = ++this.asked;
    const before = this.played?.events ?? [];
    this.working = true;
    try {
      const played = await rehearse.call(this.line, this.scenario(), "draft", true);
      if (mine !== this.asked) return;
      this.heard = sameUntil(before, played.events);
      [this.played, this.problem] = [played, ""];
    } catch (error) {
      if (mine === this.asked) this.problem = messageOf(error);
    } finally {
      if (mine === this.asked) this.working = false;
    }
  }

  private scenario(): Scenario {
    const scenario: Scenario = {
      at: this.began,
      caller: this.caller,
      called: "",
      language: this.language,
      emergency: this.emergency,
      day: null,
      presses: [],
      answers: [],
      staffed: {},
      waiting: {},
      truths: {},
      hangs_up_after: null,
    };
    for (const one of this.decisions) {
      if (one.is === "press") scenario.presses.push({ keys: one.keys, after: one.after, hangs_up: false });
      else if (one.is === "hang_up") scenario.presses.push({ keys: "", after: null, hangs_up: true });
      else if (one.what === "staffed") scenario.staffed[one.name] = one.outcome === "yes";
      else answered(scenario, one.what, one.name, one.outcome);
    }
    return scenario;
  }
}

function answered(scenario: Scenario, service: string, name: string, outcome: string): void {
  const known = scenario.answers.find((one) => one.service === service && one.name === name);
  const given = { outcome, after: null };
  if (known) known.given.push(given);
  else scenario.answers.push({ service, name, given: [given] });
}

/** How many events at the beginning are the same: what follows is new to the ear. */
function sameUntil(before: Played["events"], now: Played["events"]): number {
  const differs = now.findIndex((event, index) => JSON.stringify(event) !== JSON.stringify(before[index]));
  return differs < 0 ? now.length : differs;
}
