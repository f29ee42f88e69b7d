/** The sound of ringing and the tab's title; browsers allow sound only after a click. */
let context: AudioContext | null = null;
let timer = 0;
let title = "";

export function soundAllowed(): boolean {
  return context?.state === "running";
}

/** Call from a click: from then on ringing can be heard. */
export async function allowSound(): Promise<boolean> {
  context ??= new AudioContext();
  await context.resume().catch(() => undefined);
  return soundAllowed();
}

export function startRinging(text: string): void {
  stopRinging();
  title = document.title;
  let on = false;
  const turn = () => {
    on = !on;
    document.title = on ? `☎ ${text}` : title;
    if (on) ding();
  };
  turn();
  timer = window.setInterval(turn, 1400);
}

export function stopRinging(): void {
  if (!timer) return;
  clearInterval(timer);
  timer = 0;
  document.title = title;
}

function ding(): void {
  if (!context || context.state !== "running") return;
  const start = context.currentTime;
  for (const [pitch, after] of [
    [659, 0],
    [880, 0.18],
  ] as const) {
    const tone = context.createOscillator();
    const level = context.createGain();
    tone.frequency.value = pitch;
    level.gain.setValueAtTime(0.0001, start + after);
    level.gain.exponentialRampToValueAtTime(0.18, start + after + 0.02);
    level.gain.exponentialRampToValueAtTime(0.0001, start + after + 0.5);
    tone.connect(level).connect(context.destination);
    tone.start(start + after);
    tone.stop(start + after + 0.55);
  }
}
