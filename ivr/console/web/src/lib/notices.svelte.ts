/** Short sentences about results: shown for a while, told to screen readers. */
export interface Notice {
  id: number;
  kind: "good" | "bad" | "plain";
  text: string;
  undo?: { label: string; act: () => void };
}

class Notices {
  list = $state<Notice[]>([]);
  private next = 1;

  say(text: string, kind: Notice["kind"] = "plain", undo?: Notice["undo"], seconds = 6): number {
    const id = this.next++;
    this.list = [...this.list.slice(-3), { id, kind, text, undo }];
    setTimeout(() => this.drop(id), seconds * 1000);
    return id;
  }

  drop(id: number): void {
    this.list = this.list.filter((one) => one.id !== id);
  }
}

export const notices = new Notices();

/** Do `act` in five seconds, unless it is undone before: better than asking "are you sure?". */
export function soon(text: string, undoLabel: string, act: () => void, undone: () => void): void {
  const timer = setTimeout(act, 5000);
  const id = notices.say(
    text,
    "plain",
    {
      label: undoLabel,
      act: () => {
        clearTimeout(timer);
        notices.drop(id);
        undone();
      },
    },
    5,
  );
}
