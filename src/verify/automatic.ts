/** `auto`: each connection under the scenario that it belongs to. */
import { SCENARIOS } from "#expected/scenarios/index.js";
import type { HostPortScenario } from "#expected/scenarios/scenario.js";
import { verifyHostPort, type JudgedByRow } from "./host-port.js";
import type { Replayed } from "./replay/replay.js";
import { lacksTopology } from "./replay/second-thoughts.js";
import type { ConnectionReport } from "./report.js";
import type { StopsOf } from "./stops-told.js";
import { withCausesOf } from "./models-causes.js";
import type { VerifyRun } from "./verify-run.js";

/** A hostPort's connections are judged by its rows, which also know what no topology says. */
export function automatic(run: VerifyRun, replayed: readonly Replayed[]): readonly Judged[] {
  const byRows = new Map<string, ReadonlyMap<string, JudgedByRow>>();
  const judgedByRows = (scenario: HostPortScenario, id: string): JudgedByRow | undefined => {
    const known =
      byRows.get(scenario.name) ??
      new Map(verifyHostPort({ ...run, scenario }).map((one) => [one.report.id, one]));
    byRows.set(scenario.name, known);
    return known.get(id);
  };
  return replayed.map((one) => {
    const { report, belongsTo, rewritesOf } = one;
    const byRow = ({ stops }: JudgedByRow, told: ConnectionReport): Judged => ({
      report: told,
      stops: (final) => stops({ report: final, rewritesOf }),
    });
    if (belongsTo && belongsTo.target !== "path") {
      const judged = judgedByRows(belongsTo, report.id);
      if (judged?.report.verdict === "fail" && lacksTopology(report)) return one;
      return judged ? byRow(judged, withCausesOf(report, judged.report)) : one;
    }
    if (!isUndecided(report) || !hasHostPorts(run)) return one;
    const decided = HOST_PORT_SCENARIOS.flatMap(
      (scenario) => judgedByRows(scenario, report.id) ?? [],
    ).filter((found) => found.report.verdict === "pass");
    const [only] = decided.length === 1 ? decided : [];
    return only ? byRow(only, only.report) : one;
  });
}

interface Judged {
  readonly report: ConnectionReport;
  readonly stops: StopsOf;
}

const HOST_PORT_SCENARIOS: readonly HostPortScenario[] = SCENARIOS.filter(
  (scenario) => scenario.target !== "path",
);

/** Without one its rows have nothing to say; and a port that Docker publishes only looks like one. */
function hasHostPorts({ given: { topology } }: VerifyRun): boolean {
  const hasDocker = topology?.nodes.some(({ docker }) => docker !== undefined) ?? false;
  const hasPods = topology?.pods.some(({ hostPorts, gone }) => hostPorts.length > 0 && !gone);
  return !hasDocker && (hasPods ?? false);
}

/** No path explains it; a hostPort's rows also know how a hostPort goes wrong. */
function isUndecided({ verdict, checks }: ConnectionReport): boolean {
  const [first] = checks;
  const isDoubt = first?.verdict === "inconclusive";
  return verdict === "inconclusive" && isDoubt && first.check === "connection of this scenario";
}
