/** A run of `verify` over hand-made connections. */
import type { GivenFacts } from "#cluster/facts.js";
import { findScenario } from "#expected/scenarios/index.js";
import type { Scenario } from "#expected/scenarios/scenario.js";
import type { Report } from "#verify/report.js";
import type { ReadCapture } from "#verify/point.js";
import { verify } from "#verify/verify.js";
import { instant, seen, type Seen } from "./verify-connection.js";
import { LAB_FLAGS, portmapOf } from "./verify-recorded.js";

export interface Run {
  /** The name of a built-in one, or one that a user wrote. */
  readonly scenario: string | Scenario;
  readonly seen: readonly Seen[];
  /** Points that recorded, beside those that saw something; from before to after everything. */
  readonly recording?: readonly string[];
  /** The lab's flags unless said. */
  readonly given?: GivenFacts;
  readonly portmap?: string;
}

export function run(question: Run): Report {
  const { scenario: asked } = question;
  const scenario = typeof asked === "string" ? findScenario(asked) : asked;
  if (!scenario) throw new Error(`no scenario ${JSON.stringify(asked)}`);
  const connections = question.seen.map(seen);
  const names = [...connections.map(({ point }) => point.name), ...(question.recording ?? [])];
  return verify({
    scenario,
    connections,
    captures: [...new Set(names)].map(recordedThroughout),
    given: question.given ?? LAB_FLAGS,
    portmap: portmapOf(question.portmap ?? "1.1.1"),
    strict: false,
  });
}

function recordedThroughout(point: string): ReadCapture {
  return {
    point,
    file: `${point}.pcap`,
    records: 9,
    first: instant(-60_000),
    last: instant(60_000),
  };
}
