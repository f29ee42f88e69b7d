/** Where the steps of a plan are drawn: ranks from the start on, laid out by dagre. */
import { graphlib, layout } from "@dagrejs/dagre";
import { Position, type Edge, type Node } from "@xyflow/svelte";
import { ENDS, type PlanStep } from "./plan.svelte";

export const WIDTH = 220;
export const HEAD = 78; // px: the step's kind, name and what it is about
export const ROW = 30; // px: one exit
const HANDLE = 12;

export type StepNode = Node<{ step: PlanStep; start: boolean; onError: boolean }, "step">;

export interface Drawing {
  nodes: StepNode[];
  edges: Edge[];
}

/** Draw *steps* from the right for readers of Hebrew, else from the left. */
export function draw(steps: PlanStep[], start: string, onError: string, rtl: boolean): Drawing {
  const labels = new Set(steps.map((step) => step.label));
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: rtl ? "RL" : "LR", nodesep: 26, ranksep: 64, marginx: 24, marginy: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const step of steps) graph.setNode(step.label, { width: WIDTH, height: heightOf(step) });
  const edges = steps.flatMap((step) => edgesOf(step, labels));
  for (const edge of edges) graph.setEdge(edge.source, edge.target);
  layout(graph);
  const nodes = steps.map((step) => {
    const { x, y } = graph.node(step.label) as { x: number; y: number };
    const data = { step, start: step.label === start, onError: step.label === onError };
    return nodeOf(step, x - WIDTH / 2, y - heightOf(step) / 2, data, rtl);
  });
  return { nodes, edges };
}

export function heightOf(step: PlanStep): number {
  return HEAD + step.exits.length * ROW + (step.exits.length ? 6 : 0);
}

export function handleOf(path: (string | number)[]): string {
  return path.join("/");
}

/** The handles' places are known, so that edges are drawn before anything is measured. */
function nodeOf(step: PlanStep, x: number, y: number, data: StepNode["data"], rtl: boolean): StepNode {
  const [way, back] = rtl ? [Position.Left, Position.Right] : [Position.Right, Position.Left];
  const edge = (side: Position) => (side === Position.Left ? -HANDLE / 2 : WIDTH - HANDLE / 2);
  const size = { width: HANDLE, height: HANDLE };
  const exits = step.exits.map((exit, row) => ({
    id: handleOf(exit.path),
    type: "source" as const,
    position: way,
    x: edge(way),
    y: HEAD + row * ROW + (ROW - HANDLE) / 2,
    ...size,
  }));
  const entry = { id: "in", type: "target" as const, position: back, x: edge(back), y: (HEAD - HANDLE) / 2, ...size };
  return {
    id: step.label,
    type: "step",
    position: { x, y },
    width: WIDTH,
    height: heightOf(step),
    handles: [entry, ...exits],
    data,
  };
}

function edgesOf(step: PlanStep, labels: Set<string>): Edge[] {
  return step.exits
    .filter((exit) => !ENDS.includes(exit.target) && labels.has(exit.target))
    .map((exit) => ({
      id: `${step.label}:${handleOf(exit.path)}`,
      source: step.label,
      sourceHandle: handleOf(exit.path),
      target: exit.target,
      targetHandle: "in",
      ariaLabel: `${step.label} → ${exit.target}`,
    }));
}
