/**
 * `auto` where nobody told a topology: connections by the rows of a hostPort and a hostNetwork pod. What was
 * dialled decides which rules a connection should meet, and packets alone do not tell a hostPort from a
 * Service's port: so nobody is accused, and a pass says what it rests on.
 */
import { SCENARIOS } from "#expected/scenarios/index.js";
import type { HostPortScenario } from "#expected/scenarios/scenario.js";
import { formatEndpoint, type Endpoint } from "#net/five-tuple.js";
import { isPrivate } from "#net/prefix.js";
import { verifyHostPort, type HostPortRun, type JudgedByRow } from "./host-port.js";
import { worst, type Check, type ConnectionReport } from "./report.js";

export type RunWithoutTopology = Omit<HostPortRun, "scenario">;

/** One connection, and how its journey is told. */
export function judgedWithoutTopology(run: RunWithoutTopology): readonly JudgedByRow[] {
  const byScenario = ROW_SCENARIOS.map((scenario) => ({
    scenario,
    byId: new Map(verifyHostPort({ ...run, scenario }).map((one) => [one.report.id, one])),
  }));
  const ends = translatedEnds(byScenario.flatMap(({ byId }) => [...byId.values()]));
  return run.journeys.flatMap(({ id }) => {
    const answers = byScenario.flatMap(({ scenario, byId }): Answer[] => {
      const judged = byId.get(id);
      return judged && judged.report.verdict !== "not applicable" ? [{ scenario, judged }] : [];
    });
    return answered(answers, { run, ends }) ?? [];
  });
}

const ROW_SCENARIOS: readonly HostPortScenario[] = SCENARIOS.filter(
  (scenario) => scenario.target !== "path",
);

interface Answer {
  readonly scenario: HostPortScenario;
  readonly judged: JudgedByRow;
}

interface Known {
  readonly run: RunWithoutTopology;
  /** Of all connections, which ends are seen translated to which, in both directions. */
  readonly ends: ReadonlyMap<string, ReadonlySet<string>>;
}

function answered(answers: readonly Answer[], known: Known): JudgedByRow | undefined {
  const [first] = answers;
  if (first === undefined) return undefined;
  const passing = answers.filter(({ judged }) => judged.report.verdict === "pass");
  const [only, ...others] = passing;
  const isOnly = only !== undefined && others.length === 0;
  if (isOnly && isHostPort(only, known)) return withAssumption(only);
  const decided = answers.filter(({ judged }) => judged.report.verdict !== "inconclusive");
  return inconclusive(decided[0] ?? first, decided);
}

/**
 * Whether it may be taken for a hostPort: both sides of its translation are seen, each leads to
 * the other alone, and neither a node port nor a balancer's address is as likely.
 */
function isHostPort({ scenario, judged: { report } }: Answer, { run, ends }: Known): boolean {
  if (scenario.target !== "hostPort") return false;
  const [before, after] = translationOf(report);
  if (before === undefined || after === undefined) return false;
  if (run.given.hostPort !== undefined) return true;
  const isOne = [before, after].every((end) => ends.get(formatEndpoint(end))?.size === 1);
  const isBalancers = isPrivate(after.address) && !isPrivate(before.address);
  return isOne && !isBalancers && !isNodePort(before.port);
}

/** kube-apiserver's default of `--service-node-port-range`. */
function isNodePort(port: number): boolean {
  return port >= 30_000 && port <= 32_767;
}

/** What was dialled and where that led; undefined where either is not seen. */
function translationOf({ sightings }: ConnectionReport): readonly (Endpoint | undefined)[] {
  const requests = sightings.filter(({ direction }) => direction === "request");
  const after = requests.at(-1)?.destination;
  const before = requests.find(
    ({ destination }) => after && formatEndpoint(destination) !== formatEndpoint(after),
  )?.destination;
  return [before, after];
}

function translatedEnds(all: readonly JudgedByRow[]): Known["ends"] {
  const ends = new Map<string, Set<string>>();
  for (const { report } of all) {
    const [before, after] = translationOf(report);
    if (before === undefined || after === undefined) continue;
    const [from, to] = [formatEndpoint(before), formatEndpoint(after)];
    ends.set(from, (ends.get(from) ?? new Set()).add(to));
    ends.set(to, (ends.get(to) ?? new Set()).add(from));
  }
  return ends;
}

function withAssumption({ judged }: Answer): JudgedByRow {
  const [before] = translationOf(judged.report);
  const port = before === undefined ? "what was dialled" : formatEndpoint(before);
  const assumption = `${port} is a hostPort, or a port that Docker publishes: no Service's, which may have to be masqueraded`;
  return told(judged, (check) =>
    check.verdict === "not applicable"
      ? check
      : { ...check, assumptions: [...check.assumptions, assumption] },
  );
}

const NEEDED = "--topology FILE or --state DIR: what was dialled, a hostPort or a Service's port";

function inconclusive({ judged }: Answer, decided: readonly Answer[]): JudgedByRow {
  const missing = [
    NEEDED,
    ...decided.map(({ scenario, judged: { report } }) => wouldBe(scenario.name, report)),
  ];
  const needed = missing.join("; ");
  return told(judged, (check) =>
    check.verdict === "not applicable"
      ? check
      : {
          ...check,
          verdict: "inconclusive",
          finding: undefined,
          missing: [...new Set([...check.missing, needed])],
        },
  );
}

/** What a scenario's rows say of it: it would be that, if it were of this scenario. */
function wouldBe(name: string, { checks }: ConnectionReport): string {
  const failed = checks.filter(({ verdict }) => verdict === "fail");
  const codes = [...new Set(failed.map(({ check, finding }) => `${check} ${finding?.code ?? ""}`))];
  if (codes.length === 0) return `as ${name} it would pass`;
  const isMasquerade = failed.some(({ check }) => check === "source kept");
  const but = isMasquerade ? ", but a NodePort with policy Cluster masquerades its clients" : "";
  return `as ${name} it would fail (${codes.join(", ")})${but}`;
}

function told({ report, stops }: JudgedByRow, change: (check: Check) => Check): JudgedByRow {
  const checks = report.checks.map(change);
  const verdict = worst(checks.map((check) => check.verdict));
  const isDecided = verdict === "pass";
  return {
    report: {
      ...report,
      checks,
      verdict,
      scenario: isDecided ? report.scenario : "none",
      attributions: [],
    },
    stops,
  };
}
