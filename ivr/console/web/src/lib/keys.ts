/** Keyboard shortcuts: Alt and a letter by its place on the keyboard, so that layouts do not matter. */
export type Letter = "A" | "P" | "W" | "T" | "N" | "R" | "Q";

export function onAlt(actions: Partial<Record<Letter, () => void>>): () => void {
  const press = (event: KeyboardEvent) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const act = actions[event.code.replace("Key", "") as Letter];
    if (act) {
      event.preventDefault();
      act();
    }
  };
  addEventListener("keydown", press);
  return () => removeEventListener("keydown", press);
}
