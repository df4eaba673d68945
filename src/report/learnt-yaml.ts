/** What was learnt from captures as a scenario file for review, with the packets that show it. */
import { scenarioYaml } from "#expected/scenario-files/scenario-yaml.js";
import { yamlComment } from "#expected/scenario-files/yaml-text.js";
import type { PortmapBehaviour } from "#expected/rulesets/portmap.js";
import type { PathPoint, PathRow } from "#expected/scenarios/path-row.js";
import type { PathScenario } from "#expected/scenarios/scenario.js";
import type { LearntPoint, LearntRow } from "#verify/learn/learnt-rows.js";
import type { LeftOut } from "#verify/learn/observation.js";

export interface LearntFile {
  readonly name: string;
  /** What it was learnt from, as the command line names it. */
  readonly cases: readonly string[];
  readonly rows: readonly LearntRow[];
  readonly leftOut: readonly LeftOut[];
  readonly portmap: PortmapBehaviour;
}

/** Rows of one special case, or of none; the others are told. */
export function* learntYaml(learnt: LearntFile): Iterable<string> {
  const { name, cases, portmap } = learnt;
  const { rows, about, strangers } = ofOneCase(learnt.rows);
  const scenario: PathScenario = {
    name,
    title: `what was learnt from ${cases.join(" and ")}`,
    question: "does the network do to each connection what it did when this was learnt?",
    target: "path",
    ...(about === undefined ? {} : { about }),
    otherPoints: "may",
    paths: rows.map(({ row }) => row),
    explanation: "",
  };
  const commentsOn = new Map<PathRow | PathPoint, readonly string[]>(
    rows.flatMap(({ row, ids, points }) => [
      [row, [`${counted(ids.length)}: ${listed(ids)}`]] as const,
      ...points.map((point) => [point.point, [commentOf(point, ids.length)]] as const),
    ]),
  );
  yield* scenarioYaml(scenario, { name, portmap, comments: REVIEW, commentsOn });
  for (const { row, ids } of strangers) {
    yield* yamlComment(
      `left out: ${listed(ids)}: ${row.name}: a special case has a file of its own`,
    );
  }
  for (const { id, why } of learnt.leftOut) yield* yamlComment(`left out: ${id}: ${why}`);
}

const REVIEW: readonly string[] = [
  "Learnt from captures: what was seen, which need not be what is right. Before you rely on it, check of each row",
  "- source and outcome: is this what you want, or only what happened?",
  "- seen: must: it was so of every connection; of a few connections that says little.",
  "- capture points that are missing: nothing was captured there, so nothing is said of them.",
];

function ofOneCase(rows: readonly LearntRow[]) {
  const about = rows.some((row) => row.about === undefined) ? undefined : rows[0]?.about;
  const [own, strangers] = [
    rows.filter((row) => row.about === about),
    rows.filter((row) => row.about !== about),
  ];
  return { rows: own, about, strangers };
}

function commentOf({ evidence: { file, packet }, count }: LearntPoint, whole: number): string {
  return `${file}#${packet}, ${count} of ${whole}`;
}

const MAX_IDS = 8;

function listed(ids: readonly string[]): string {
  const more = ids.length - MAX_IDS;
  return [...ids.slice(0, MAX_IDS), ...(more > 0 ? [`and ${more} more`] : [])].join(" ");
}

function counted(count: number): string {
  return `${count} connection${count === 1 ? "" : "s"}`;
}
