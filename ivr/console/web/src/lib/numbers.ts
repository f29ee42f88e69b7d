/** Telephone numbers as people say them: `02-990-0200`. */
export function shown(number: string): string {
  if (!number.startsWith("+972")) return number;
  const national = `0${number.slice(4)}`;
  const head = national.length === 10 ? 3 : 2;
  if (national.length < 9 || national.length > 10) return number;
  return `${national.slice(0, head)}-${national.slice(head, head + 3)}-${national.slice(head + 3)}`;
}
