/** The tabs in which a draft is looked at before it is published, in their order. */
import type { Component } from "svelte";
import type { Key } from "../../lib/i18n.svelte";
import type { ToolProps } from "../../lib/rehearsal";
import ChangesTab from "./ChangesTab.svelte";
import ProofTab from "./ProofTab.svelte";
import TestsTab from "./TestsTab.svelte";
import TryTab from "./TryTab.svelte";

interface Tab {
  value: string;
  label: Key;
  part: Component<ToolProps>;
}

export const REHEARSAL_TABS: Tab[] = [
  { value: "proof", label: "proof.tab", part: ProofTab },
  { value: "try", label: "try.tab", part: TryTab },
  { value: "changes", label: "changes.tab", part: ChangesTab },
  { value: "tests", label: "tests.tab", part: TestsTab },
];
