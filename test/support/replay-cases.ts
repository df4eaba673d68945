/** Recorded cases through the replay: in process, with a topology, connection by connection. */
import type { Topology } from "#cluster/topology.js";
import { CURRENT_PORTMAP } from "#expected/rulesets/portmap.js";
import { findScenario } from "#expected/scenarios/index.js";
import type { Scenario } from "#expected/scenarios/scenario.js";
import type { ConntrackEntry } from "#observed/conntrack/conntrack-entry.js";
import { readConntrack } from "#observed/conntrack/read-conntrack.js";
import { AUTO } from "#verify/auto.js";
import type { ConnectionReport, Report } from "#verify/report.js";
import { verifyCaptures } from "../../src/pipeline.js";
import {
  capturesOf,
  filesOf,
  NOTHING_GIVEN,
  portmapOf,
  textOf,
  topologyOf,
  track,
  type NamedCapture,
} from "./verify-recorded.js";

/** Every combination instead of a sample that is the same every time. */
export const IS_FULL = process.env["PCAPCHECK_REPLAY"] === "full";

export interface ReplayQuestion {
  readonly recorded: string;
  /** `auto` when nothing is said; one that a user wrote is none of the names. */
  readonly scenario?: string | Scenario;
  /** Every capture of the case when nothing is said. */
  readonly captures?: readonly NamedCapture[];
  /** The case's own when nothing is said; `none` is a run without one. */
  readonly topology?: Topology | "none";
  /** Nodes whose recorded conntrack tables are given; none when nothing is said. */
  readonly conntrack?: "all" | readonly string[];
  /** Instead of what the tables say. */
  readonly entries?: readonly ConntrackEntry[];
}

export async function askReplay(question: ReplayQuestion): Promise<Report> {
  const { recorded, captures = capturesOf(recorded) } = question;
  const { scenario: name = AUTO.name, topology = topologyOf(recorded) } = question;
  const scenario = typeof name !== "string" ? name : name === AUTO.name ? AUTO : findScenario(name);
  if (!scenario) throw new Error(`no scenario ${JSON.stringify(name)}`);
  const given = { ...NOTHING_GIVEN, topology: topology === "none" ? undefined : topology };
  const version = topologyOf(recorded).portmap ?? CURRENT_PORTMAP;
  return verifyCaptures(await track(captures), {
    scenario,
    given,
    strict: false,
    portmap: portmapOf(version),
    conntrack:
      question.entries ?? (question.conntrack && conntrackOf(recorded, question.conntrack)),
  });
}

/** What a case's tables say, of all that have one or of these nodes. */
export function conntrackOf(
  recorded: string,
  nodes: "all" | readonly string[] = "all",
): readonly ConntrackEntry[] {
  return filesOf(recorded).flatMap((file) => {
    const [, node] = /^(.*)\.conntrack(?:-events)?\.txt$/.exec(file) ?? [];
    if (node === undefined || (nodes !== "all" && !nodes.includes(node))) return [];
    const text = textOf(`${recorded}/${file}`);
    return readConntrack({ node, file: `captures/${recorded}/${file}`, text }).entries;
  });
}

/** The port that the story calls a connection by: the source of what was seen first of it. */
export function clientPortOf({ sightings }: ConnectionReport): number {
  const first = sightings.find(({ direction }) => direction === "request") ?? sightings[0];
  return first?.source.port ?? 0;
}

/** `answered PC030`: each failed check once, with its finding. */
export function failuresOf({ checks }: ConnectionReport): readonly string[] {
  return [
    ...new Set(
      checks
        .filter(({ verdict }) => verdict === "fail")
        .map(({ check, finding }) => `${check} ${finding?.code ?? "without a finding"}`),
    ),
  ];
}

/** Where a connection's first packet of a direction was captured: the same in every run. */
export function anchorsOf({ sightings }: ConnectionReport): readonly string[] {
  return sightings.flatMap(({ evidence, direction }) =>
    evidence.map(({ file, packet }) => `${file}#${packet} ${direction}`),
  );
}
