/**
 * The story rows, read. `41001-41002 *1 | clusterip or node-to-pod | node | pass`: source ports of
 * the story, `*1` for one connection whose port is another in every recording (masqueraded, or a
 * proxy's own); the scenario, several where nothing tells; the client class; the outcome, for a
 * failure its checks with their findings. `across` rows are about many connections together.
 */
import type { ConnectionReport, Report } from "#verify/report.js";
import { askReplay, clientPortOf, failuresOf } from "./replay-cases.js";
import { BROKEN } from "./replay-stories-broken.js";
import { HEALTHY } from "./replay-stories-healthy.js";

export const STORIES: Readonly<Record<string, readonly string[]>> = { ...HEALTHY, ...BROKEN };

export interface StoryRow {
  readonly recorded: string;
  readonly text: string;
  readonly ports: readonly number[];
  /** How many connections have a port that no story names. */
  readonly others: number;
  readonly scenarios: readonly string[];
  /** What is to be said of each. */
  readonly told: string;
  readonly outcome: string;
}

export const STORY_ROWS: readonly StoryRow[] = Object.entries(STORIES).flatMap(([recorded, rows]) =>
  rows.filter((text) => !text.startsWith("across")).map((text) => readRow(recorded, text)),
);

export const ACROSS_ROWS = Object.entries(STORIES).flatMap(([recorded, rows]) =>
  rows
    .filter((text) => text.startsWith("across"))
    .map((text) => ({ recorded, told: text.slice("across | ".length) })),
);

function readRow(recorded: string, text: string): StoryRow {
  const [who = "", scenario = "", client = "", outcome = ""] = text.split(" | ");
  const words = who.split(" ");
  return {
    recorded,
    text,
    ports: words.filter((word) => !word.startsWith("*")).flatMap(portsOf),
    others: Number(words.find((word) => word.startsWith("*"))?.slice(1) ?? 0),
    scenarios: scenario.split(" or "),
    told: [scenario, client, outcome].join(" | "),
    outcome,
  };
}

function portsOf(range: string): readonly number[] {
  const [first = 0, last = first] = range.split("-").map(Number);
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

const asked = new Map<string, Promise<Report>>();

/** A case with all that it has, under `--scenario auto`. */
export function wholeStory(recorded: string): Promise<Report> {
  const known = asked.get(recorded) ?? askReplay({ recorded });
  asked.set(recorded, known);
  return known;
}

export function toldOf(report: ConnectionReport): string {
  const { scenario, client = "-", verdict } = report;
  const outcome = verdict === "fail" ? failuresOf(report).join(", ") : verdict;
  return [scenario, client, outcome].join(" | ");
}

/** Undefined for a port that no story names: drawn at random, or a server's. */
export function storyPortOf(recorded: string, report: ConnectionReport): number | undefined {
  const port = clientPortOf(report);
  const rows = STORY_ROWS.filter((row) => row.recorded === recorded);
  return rows.some(({ ports }) => ports.includes(port)) ? port : undefined;
}
