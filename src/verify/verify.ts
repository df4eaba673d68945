/**
 * Connection by connection: what the datapath should do against what the captures show. The only
 * folder that sees both sides.
 */
import { targetsOf, type GivenFacts } from "#cluster/facts.js";
import { portConflicts } from "#cluster/port-conflicts.js";
import { networkOf } from "#expected/network/network.js";
import type { Ruleset } from "#expected/netfilter/rule.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import type { PortmapBehaviour } from "#expected/rulesets/portmap.js";
import { SCENARIOS } from "#expected/scenarios/index.js";
import type { HostPortScenario, Scenario } from "#expected/scenarios/scenario.js";
import type { ConntrackEntry } from "#observed/conntrack/conntrack-entry.js";
import { alignJourneys } from "#observed/correlate/align-clocks.js";
import type { Journey } from "#observed/correlate/journey.js";
import { joinConnections } from "#observed/correlate/join.js";
import type { Connection } from "#observed/flow/connection.js";
import type { Attribution } from "./attribution.js";
import type { AutoScenario } from "./auto.js";
import { alignCapture, clockNotes, clocksOf } from "./clocks-of.js";
import { conntrackOfRun, type ConntrackOfRun } from "./dialled.js";
import { carriedOn } from "./carried-on.js";
import { verifyHostPort, type JudgedByRow } from "./host-port.js";
import { withJoinEvidence } from "./join-evidence.js";
import { counterDifferences } from "./counters/counter-differences.js";
import { withDerivedDoubts, withUnanswered } from "./derived-doubts.js";
import { withoutNamelessVeths, withSeenPods } from "./seen-pods.js";
import { secondConnections } from "./replay/second-connections.js";
import { flowsOf } from "./replay/seen-flow.js";
import { judgedWithoutTopology } from "./without-topology.js";
import { withLatency } from "./latency-of.js";
import { withoutMisnamed } from "./misnamed.js";
import { withoutFalsePods } from "./place-check.js";
import { withProxyCauses } from "./proxy-causes.js";
import { ownRowNotes } from "./own-row.js";
import { pointsOf, type Point, type ReadCapture } from "./point.js";
import { endpointChoices } from "./replay/endpoint-choice.js";
import { clientsHandedOn } from "./replay/handed-on.js";
import { disagreements } from "./replay/users-row.js";
import { replay, type Networks, type Replayed } from "./replay/replay.js";
import { lacksTopology } from "./replay/second-thoughts.js";
import { worst, type AcrossCheck, type ConnectionReport, type Report } from "./report.js";
import { relevantTopology } from "./relevant-topology.js";
import { movedPods, withoutAccusation } from "./stale-topology.js";
import { withStops, worthTelling, type StopsOf, type Tellable } from "./stops-told.js";
import { strictly } from "./strictly.js";
import { summaryNotes } from "./summary.js";

/** Nodes' own rules, routes and sysctls, by the node's name. */
export type NodeStates = Readonly<Record<"ipv4" | "ipv6", ReadonlyMap<string, NodeState>>>;

/** Nodes' rules as they were saved before the captures, with counters, by the node's name. */
export type EarlierRules = Readonly<Record<"ipv4" | "ipv6", ReadonlyMap<string, Ruleset>>>;

export interface VerifyInput {
  readonly scenario: Scenario | AutoScenario;
  readonly portmap: PortmapBehaviour;
  readonly given: GivenFacts;
  readonly captures: readonly ReadCapture[];
  readonly connections: readonly Connection[];
  /** A verdict that rests on an assumption becomes inconclusive. */
  readonly strict: boolean;
  /**
   * What was configured, beside what the topology intends: it decides no verdict, and says which
   * rule a failure comes from.
   */
  readonly states?: NodeStates | undefined;
  /** What nodes' conntrack said; undefined when nobody asked. It decides what packets leave open. */
  readonly conntrack?: readonly ConntrackEntry[] | undefined;
  /** Saved before the captures, where `states` was saved behind them: what the rules counted in between. */
  readonly earlierRules?: EarlierRules | undefined;
  /** `configured`: the nodes' own rules are what is expected, whatever the topology intends. */
  readonly expect?: "intended" | "configured";
  /** Connections whose journey is told, however many there are: ids, or endpoints of theirs. */
  readonly journeysOf?: readonly string[] | undefined;
}

export function verify(asked: VerifyInput): Report {
  return verifyAndReplay(asked).report;
}

/** The report, and every connection with the model's path that is nearest to it. */
export function verifyAndReplay(asked: VerifyInput): Verified {
  const { scenario, captures, connections, strict } = asked;
  const topology = asked.given.topology && withSeenPods(asked.given.topology, asked);
  const given = { ...asked.given, topology: topology && relevantTopology(topology, asked) };
  const input = { ...asked, given };
  const joined = joinConnections(connections, { conntrack: input.conntrack ?? [] });
  const clocks = clocksOf({ captures, journeys: joined, topology: given.topology });
  const journeys = alignJourneys(joined, clocks);
  const aligned = captures.map((capture) => alignCapture(capture, clocks));
  const named = pointsOf(aligned, connections, given.topology);
  const checked = withoutMisnamed(named, journeys, given.topology);
  const points = withoutFalsePods(withoutNamelessVeths(checked.points), journeys);
  const conntrack = input.conntrack && conntrackOfRun(input.conntrack, { journeys, points });
  const {
    reports: found,
    across,
    notes,
    counters,
    stops,
    replayed = [],
  } = reportsOf({ ...input, points, journeys, conntrack });
  const objections = movedPods(points, journeys, given.topology);
  const sure = found.map((report) => withoutAccusation(report, objections));
  const relations = carriedOn(journeys, given.topology);
  const judged = (strict ? sure.map(strictly) : sure).map(withCausesOfFailures);
  const told = withProxyCauses(judged, relations);
  const timed = withLatency(told, { journeys, clocks, points });
  const reports = withStops(timed, { stops, asked: asked.journeysOf });
  const assumptions = reports.flatMap((report) =>
    report.checks.flatMap((check) => check.assumptions),
  );
  const verdict = worst([
    ...reports.map((report) => report.verdict),
    ...across.map(({ check }) => check.verdict),
  ]);
  const report: Report = {
    scenario: scenario.name,
    // Nothing to check is not agreement.
    verdict: verdict === "not applicable" ? "inconclusive" : verdict,
    assumptions: [...new Set(assumptions)],
    connections: withJoinEvidence(reports, journeys),
    across,
    clocks: clocks.estimates,
    carriedOn: relations,
    counters,
    notes: [
      ...checked.notes,
      ...clockNotes(clocks.estimates, given.topology),
      ...notes,
      ...(given.topology ? portConflicts(given.topology) : []),
      ...summaryNotes({
        scenario,
        reports,
        journeys,
        points: [...points.values()],
        given,
        observed: { journeys, points },
      }),
    ],
  };
  return { report, replayed };
}

export interface Verified {
  readonly report: Report;
  /** Of a hostPort's rows none. */
  readonly replayed: readonly Replayed[];
}

interface Run extends Omit<VerifyInput, "conntrack"> {
  readonly conntrack: ConntrackOfRun | undefined;
  readonly points: ReadonlyMap<string, Point>;
  readonly journeys: readonly Journey[];
}

interface Found {
  readonly reports: readonly ConnectionReport[];
  readonly across: readonly AcrossCheck[];
  readonly notes: readonly string[];
  readonly counters?: Report["counters"];
  readonly stops: Tellable;
  readonly replayed?: readonly Replayed[];
}

function reportsOf(run: Run): Found {
  const { scenario, given } = run;
  const isByRows = scenario.target === "hostPort" || scenario.target === "hostNetwork";
  if (isByRows && run.expect !== "configured") {
    const byRows = verifyHostPort({ ...run, scenario });
    const reports = byRows.map(({ report }) => report);
    const isNowhere = targetsOf(given, scenario.target).length === 0;
    const notes = [
      ...(isNowhere ? [NOWHERE[scenario.target]] : []),
      ...ownRowNotes(scenario, run.portmap),
    ];
    const counters = countersOf(run, () =>
      replay({ ...run, networks: networksOf(run), scenario: undefined }),
    );
    const stops = stopsByRows(run, worthTelling(byRows, run.journeysOf));
    return { reports: withModelsCauses(run, reports), across: [], notes, counters, stops };
  }
  const networks = networksOf(run);
  if (networks.length === 0) {
    const isAuto = scenario.target === "auto" && given.topology === undefined;
    const byRows = isAuto ? judgedWithoutTopology(run) : [];
    const judged = byRows.map(({ report }) => report);
    const reports = isAuto ? withUnanswered(judged, run) : judged;
    const notes = [isAuto ? AUTO_BY_ROWS : `${scenario.name} ${NEEDS_TOPOLOGY}`];
    return {
      reports,
      across: [],
      notes,
      stops: stopsByRows(run, worthTelling(byRows, run.journeysOf)),
    };
  }
  const isAll = scenario.target === "auto";
  const replayed = replay({ ...run, networks, scenario: isAll ? undefined : scenario });
  const judged = isAll && run.expect !== "configured" ? automatic(run, replayed) : replayed;
  return {
    reports: withDerivedDoubts(
      judged.map(({ report }) => report),
      { ...run, topology: isAll ? given.topology : undefined },
    ),
    stops: new Map(
      worthTelling(judged, run.journeysOf).map(({ report, stops }) => [report.id, stops]),
    ),
    across: withCauses(replayed, [
      ...endpointChoices(
        replayed.flatMap(({ choice }) => choice ?? []),
        given.topology?.kubeProxy,
      ),
      ...clientsHandedOn(
        replayed.flatMap(({ handedOn }) => handedOn ?? []),
        replayed.flatMap(({ proxyClient }) => proxyClient ?? []),
      ),
      ...secondConnections(
        replayed.flatMap((one) => one.toSidecar ?? []),
        run.journeys.flatMap((journey) => flowsOf(journey, run.points)),
      ),
    ]),
    notes: disagreements(replayed),
    replayed,
    counters: countersOf(run, () => replayed),
  };
}

/** What rules counted, beside the connections that meet them. */
function countersOf(
  { earlierRules, states, given: { topology } }: Run,
  replayed: () => readonly Replayed[],
): Report["counters"] {
  if (earlierRules === undefined || states === undefined || !topology) return undefined;
  const met = replayed().flatMap(({ meetings }) => meetings() ?? []);
  return (["ipv4", "ipv6"] as const).flatMap((family) =>
    counterDifferences({ topology, before: earlierRules[family], after: states[family], met }),
  );
}

function withCauses(
  replayed: readonly Replayed[],
  across: readonly AcrossCheck[],
): readonly AcrossCheck[] {
  return across.map((one) => {
    if (one.check.verdict !== "fail") return one;
    const found = replayed
      .filter(({ report }) => one.connections.includes(report.id))
      .flatMap(({ differences }) => differences());
    return { ...one, attributions: distinct(found) };
  });
}

function distinct(causes: readonly Attribution[]): readonly Attribution[] {
  return [...new Map(causes.map((cause) => [JSON.stringify(cause), cause])).values()];
}

const NOWHERE = {
  hostPort: "the topology lists pods, and no hostPort of any: --host-port or --pod names one",
  hostNetwork: "the topology lists no hostNetwork pod with a port: --host-port names one",
} as const;

const AUTO_BY_ROWS =
  "without --topology FILE or --state DIR connections are held against hostPorts and hostNetwork pods alone, " +
  "and none is said to fail";

const NEEDS_TOPOLOGY =
  "is held against the model of a cluster: --topology FILE says which nodes, pods and Services it has";

function networksOf({ given: { topology }, states, expect }: Run): readonly Networks[] {
  if (!topology) return [];
  return (["ipv4", "ipv6"] as const).map((family) => {
    const own = states?.[family];
    const configured = own?.size ? networkOf(topology, { family, states: own }) : undefined;
    if (expect === "configured" && configured)
      return { intended: configured, configured: undefined };
    return { intended: networkOf(topology, { family }), configured };
  });
}

/** What the model says of connections that a hostPort's rows have found wrong. */
function withModelsCauses(
  run: Run,
  reports: readonly ConnectionReport[],
): readonly ConnectionReport[] {
  const networks = networksOf(run);
  if (networks.length === 0 || !reports.some(isFailed)) return reports;
  const replayed = replay({ ...run, networks, scenario: undefined });
  const byId = new Map(replayed.map(({ report }) => [report.id, report]));
  return reports.map((report) => withCausesOf(byId.get(report.id), report));
}

/** The model knows more of what lies between two points than a row. */
function withCausesOf(
  replayed: ConnectionReport | undefined,
  report: ConnectionReport,
): ConnectionReport {
  const attributions = replayed?.attributions ?? [];
  if (!isFailed(report) || attributions.length === 0) return withAnswersOf(replayed, report);
  return withAnswersOf(replayed, { ...report, attributions });
}

function withAnswersOf(
  replayed: ConnectionReport | undefined,
  report: ConnectionReport,
): ConnectionReport {
  return replayed?.answers ? { ...report, answers: replayed.answers } : report;
}

const isFailed = ({ verdict }: ConnectionReport): boolean => verdict === "fail";

interface Judged {
  readonly report: ConnectionReport;
  readonly stops: StopsOf;
}

/** A hostPort's connections are judged by its rows, which also know what no topology says. */
function automatic(run: Run, replayed: readonly Replayed[]): readonly Judged[] {
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

/** The model walks the same way, where there is a topology: asked of those whose journey is told. */
function stopsByRows(run: Run, byRows: readonly JudgedByRow[]): Tellable {
  const byId = new Map(run.journeys.map((journey) => [journey.id, journey]));
  const networks = lazily(() => networksOf(run));
  return new Map(
    byRows.map(({ report: { id }, stops }) => {
      const stopsOf: StopsOf = (report) => {
        const journey = byId.get(id);
        const journeys = journey && networks().length > 0 ? [journey] : [];
        const [one] = replay({ ...run, networks: networks(), journeys, scenario: undefined });
        return stops({ report, rewritesOf: one?.rewritesOf });
      };
      return [id, stopsOf];
    }),
  );
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

const HOST_PORT_SCENARIOS: readonly HostPortScenario[] = SCENARIOS.filter(
  (scenario) => scenario.target !== "path",
);

/** Without one its rows have nothing to say; and a port that Docker publishes only looks like one. */
function hasHostPorts({ given: { topology } }: Run): boolean {
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

/** A verdict that was taken back accuses nobody. */
function withCausesOfFailures(report: ConnectionReport): ConnectionReport {
  return isFailed(report) ? report : { ...report, attributions: [] };
}
