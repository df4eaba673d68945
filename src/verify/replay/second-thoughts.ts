/** Verdicts taken back: a failure that more topology may explain, a pass that may be another's. */
import type { Network } from "#expected/network/network.js";
import { HANDSHAKE_NEEDED, isNamed } from "#verify/coverage.js";
import type { Point } from "#verify/point.js";
import { worst, type Check, type ConnectionReport } from "#verify/report.js";
import type { Judgement } from "./judgement.js";
import type { ReplayCase } from "./replay-case.js";
import { whatTopologyLacks } from "./unlisted.js";
import { nodesThatTell } from "./unproven-sender.js";

const IN_TOPOLOGY = "in the topology: ";

export interface Judged {
  readonly network: Network;
  readonly judgement: Judgement;
  readonly points: readonly Point[];
  readonly theCase: ReplayCase;
}

export function withSecondThoughts(
  checks: readonly Check[],
  { network, judgement, points, theCase }: Judged,
): readonly Check[] {
  const failed = checks.filter(({ verdict }) => verdict === "fail");
  if (failed.length > 0) {
    if (!isNamed(theCase.journey)) {
      return checks.map((check) =>
        check.verdict === "fail" ? undecided(check, [HANDSHAKE_NEEDED]) : check,
      );
    }
    const lacks = whatTopologyLacks(network, theCase, failed);
    if (lacks === undefined) return checks;
    const missing = [`${IN_TOPOLOGY}${lacks}`];
    return checks.map((check) => (check.verdict === "fail" ? undecided(check, missing) : check));
  }
  if (worst(checks.map(({ verdict }) => verdict)) !== "pass") return checks;
  const nodes = nodesThatTell(judgement, { topology: network.topology, points });
  if (nodes.length === 0) return checks;
  const missing = nodes.map(
    (node) => `captures on ${node}, of its uplink and its bridge: they tell who dialled what`,
  );
  return checks.map((check) => (isOfSource(check) ? undecided(check, missing) : check));
}

function isOfSource({ check }: Check): boolean {
  return check === "source kept" || check === "source masqueraded";
}

function undecided(check: Check, missing: readonly string[]): Check {
  return { ...check, verdict: "inconclusive", finding: undefined, missing };
}

/** True where a verdict waits for something that the topology may have left out. */
export function lacksTopology({ checks }: ConnectionReport): boolean {
  return checks.some(({ missing }) => missing.some((one) => one.startsWith(IN_TOPOLOGY)));
}
