/** First drafts: a new line, or a new shared dialplan, that serves its callers from the beginning. */

export interface Wanted {
  name: string;
  topic: string; // in words: what one calls about
  number: string; // of a line
}

const LINE = /^[a-z][a-z0-9_-]{0,39}$/;
const SHARED = /^[a-z][a-z0-9_]{0,39}$/;

export function mayBeNamed(name: string, shared: boolean): boolean {
  return (shared ? SHARED : LINE).test(name);
}

/** A number as people write it, as dialplans do: `02-990-0107` is `+97229900107`; `""` if it is none. */
export function dialplanNumber(written: string): string {
  const plain = written.replace(/[\s\u200e\u200f().-]/g, "").replace(/^0(?=\d{8,9}$)/, "+972");
  return /^(\+\d{8,15}|[1-9]\d{2,5})$/.test(plain) ? plain : "";
}

/** The recording notice, then a person at the centre; if anything fails, the centre as well. */
export function lineDraft({ name, topic, number }: Wanted): string {
  return `line: ${name}
numbers: ['${number}']
language: he
start: notice
on_error: sorry
steps:
  notice:
    kind: play
    prompt: recording_notice
    next: note_topic

${toTheCentre(topic, "end")}
  sorry:
    kind: play
    prompt: sorry_technical
    next: sorry_centre

  sorry_centre:
    kind: subroutine
    dialplan: centre
    next: end
`;
}

/** A person at the centre, then back to the line. */
export function sharedDraft({ name, topic }: Wanted): string {
  return `sub_dialplan: ${name}
start: note_topic
steps:
${toTheCentre(topic, "return")}`;
}

function toTheCentre(topic: string, next: string): string {
  const words = JSON.stringify(topic.replace(/[{}]/g, "")); // braces would name a variable
  return `  note_topic:
    kind: set
    values: {topic: ${words}}
    next: centre

  centre:
    kind: subroutine
    dialplan: centre
    next: ${next}
`;
}
