/** A hostPort or hostNetwork scenario's rows against what the captures show, connection by connection. */
import { targetsOf, type Facts, type GivenFacts, type Target } from "#cluster/facts.js";
import type { PortmapBehaviour } from "#expected/rulesets/portmap.js";
import type { HostPortScenario, Row } from "#expected/scenarios/scenario.js";
import type { Journey } from "#observed/correlate/journey.js";
import { askedClients } from "./asked-clients.js";
import type { Case, ClientEvidence } from "./case.js";
import { asTheRowSays, hasOtherTuples } from "./checks/as-the-row-says.js";
import { checksFor } from "./checks/index.js";
import { runCheck } from "./checks/check.js";
import { clientEvidence, type ClientContext } from "./client-class.js";
import { reportedSighting, reportOf } from "./connection-report.js";
import { withConntrack } from "./conntrack-class.js";
import type { ConntrackOfRun } from "./dialled.js";
import { HANDSHAKE_NEEDED, isNamed } from "./coverage.js";
import { diagnose } from "./diagnoses/index.js";
import { inferTarget } from "./infer.js";
import type { JourneyStop } from "./journey-stop.js";
import { localAddress } from "./local-address.js";
import { membership } from "./membership.js";
import { FIRST_CLIENT_PORT, isDirectionByPort, sightingsOf } from "./orient.js";
import { connectionsByPoint, sendingAddress } from "./place-check.js";
import { causesByOwnRow, findingByOwnRow, ownRowOf, toldByOwnRow } from "./own-row.js";
import type { Point } from "./point.js";
import { flowsOf } from "./replay/seen-flow.js";
import type { Check, ConnectionReport } from "./report.js";
import { isServedByRival, rivalObjection, rivalsOf } from "./rival-targets.js";
import { rowCauses } from "./row-causes.js";
import { homeNode, rowPointOf, type Home } from "./row-point.js";
import type { Sighting } from "./sighting.js";
import { stopsOfRow, type StopsOfRow } from "./stops-of-rows.js";
import { stopsOfSightings } from "./stops-of-sightings.js";

export interface HostPortRun {
  readonly scenario: HostPortScenario;
  readonly portmap: PortmapBehaviour;
  readonly given: GivenFacts;
  readonly points: ReadonlyMap<string, Point>;
  readonly journeys: readonly Journey[];
  readonly conntrack: ConntrackOfRun | undefined;
}

interface TargetRun extends HostPortRun {
  /** Pods that ask for the same port of the same node. */
  readonly rivals: readonly Target[];
}

/** One connection by the rows. */
export interface JudgedByRow {
  readonly report: ConnectionReport;
  /** Its journey, of the report as it is in the end and with what the model says of rewriting. */
  readonly stops: (told: StopsOfRow) => readonly JourneyStop[];
}

/** The connections of a hostPort or hostNetwork scenario, by its rows. */
export function verifyHostPort(run: HostPortRun): readonly JudgedByRow[] {
  const targets = targetsOf(run.given, run.scenario.target);
  const found = targets.flatMap((target) =>
    verifyTarget(target, { ...run, rivals: rivalsOf(target, targets) }),
  );
  const byId = oncePerConnection(found);
  return run.journeys.flatMap(({ id }) => byId.get(id) ?? []);
}

/**
 * Two pods may ask for one hostPort: then a connection is one to whichever of them the first rule
 * chose, and the topology's conflict is told as a note.
 */
function oncePerConnection(found: readonly JudgedByRow[]): ReadonlyMap<string, JudgedByRow> {
  const byId = new Map<string, JudgedByRow>();
  for (const one of found) {
    const { id, verdict } = one.report;
    const known = byId.get(id)?.report;
    const isBetter = known && verdict === "pass" && known.verdict !== "pass";
    if (!known || known.verdict === "not applicable" || isBetter) byId.set(id, one);
  }
  return byId;
}

function verifyTarget(target: Target, run: TargetRun): readonly JudgedByRow[] {
  const inferred = inferTarget(run.given, target, {
    ...run,
    asked: askedClients(run.scenario, run.portmap),
  });
  const isNodeInferred = inferred.node.length > 0;
  const given = isNodeInferred ? { ...run.given, node: inferred.node } : run.given;
  const facts: Facts = { given, target: inferred.target, isNodeInferred };
  const home = homeOf(facts, run);
  const seen = run.journeys
    .filter((journey) => !isServedByRival(journey, { target, rivals: run.rivals }))
    .map((journey) => ({ journey, sightings: sightingsOf(journey, { facts, points: run.points }) }))
    .filter(({ sightings }) => sightings.length > 0);
  const clientContext = clientContextOf(
    seen.flatMap(({ sightings }) => sightings),
    { facts, home, run },
  );
  const objection = topologyObjection(facts, run);
  const setting = { facts, home, run, objection };
  return seen.map(({ journey, sightings }) => {
    const client = withConntrack(clientEvidence(sightings, clientContext), {
      conntrack: run.conntrack,
      facts,
      flows: flowsOf(journey, run.points),
    });
    const assumptions = [...inferred.assumptions, ...directionAssumption(journey, facts)];
    return verifyJourney({ journey, sightings, client }, { ...setting, assumptions });
  });
}

function directionAssumption(journey: Journey, { target, given }: Facts): readonly string[] {
  const isTold = target.port !== undefined || given.hostPort !== undefined;
  if (isTold || !isDirectionByPort(journey)) return [];
  const [first] = journey.connections;
  return [
    `${first?.responder.port} is the port that serves: clients get ports from ${FIRST_CLIENT_PORT} up, ` +
      "and no handshake shows who dialled",
  ];
}

function clientContextOf(
  all: readonly Sighting[],
  { facts, home, run }: Pick<Setting, "facts" | "home" | "run">,
): ClientContext {
  const dialling = new Set(all.flatMap(({ stage, point }) => (stage === "dialled" ? point : [])));
  const byName = new Map([...run.points.values()].map((point) => [point.name, point]));
  return {
    facts,
    asked: askedClients(run.scenario, run.portmap),
    showsDialling: (point) => dialling.has(point),
    isClientSide: ({ point: name }) => {
      const point = byName.get(name);
      const at = point && rowPointOf(point, home);
      // `client` itself is outside: there a pod's address is a fault, and not a way to dial it.
      return at !== undefined && at.startsWith("client-");
    },
  };
}

function homeOf(facts: Facts, { points, journeys }: HostPortRun): Home {
  const list = [...points.values()];
  const byPoint = connectionsByPoint(journeys);
  const podPoints = list.filter(({ key, place }) => {
    if (place.role !== "pod") return false;
    const { pod, address } = facts.target;
    if (pod !== undefined && place.pod !== undefined) return place.pod === pod;
    const at = byPoint.get(key) ?? [];
    return at.length === 0 || localAddress(at) === address;
  });
  return {
    facts,
    node: homeNode(facts, list),
    podPoints: new Set(podPoints.map(({ name }) => name)),
  };
}

interface Subject {
  readonly journey: Journey;
  readonly sightings: readonly Sighting[];
  readonly client: ClientEvidence;
}

interface Setting {
  readonly facts: Facts;
  readonly home: Home;
  readonly run: TargetRun;
  readonly assumptions: readonly string[];
  /** What the captures say against what was given; then no failure is sure. */
  readonly objection: string | undefined;
}

/** The pod's own capture shows another address than the topology or `--pod` gives it. */
function topologyObjection(
  { target }: Facts,
  { points, journeys }: HostPortRun,
): string | undefined {
  const byPoint = connectionsByPoint(journeys);
  for (const { key, name, place } of points.values()) {
    if (place.role !== "pod" || target.pod === undefined || place.pod !== target.pod) continue;
    const seen = sendingAddress(byPoint.get(key) ?? []);
    if (seen !== undefined && target.address !== undefined && seen !== target.address) {
      return `${name} shows the pod at ${seen}, the topology says ${target.address}: which holds?`;
    }
  }
  return undefined;
}

function verifyJourney(subject: Subject, setting: Setting): JudgedByRow {
  const { run } = setting;
  const rows = run.scenario.rows(run.portmap);
  const decided = membership({ ...subject, ...setting, rows, scenario: run.scenario });
  if ("check" in decided) {
    const stops = (): readonly JourneyStop[] => stopsOfSightings(subject.sightings);
    return { report: report(subject, setting, undefined, [decided.check]), stops };
  }
  const theCase = caseOf(subject, setting, decided.row);
  const own = hasOtherTuples(theCase) ? [asTheRowSays] : [];
  const checks = [...checksFor(run.scenario), ...own]
    .map((definition) => runCheck(definition, theCase))
    .map((check) => (check.verdict === "fail" ? diagnosed(check, theCase, run) : check));
  const told = [...toldByConntrack(subject, run.scenario), ...toldByOwnRow(checks, theCase)];
  const found = report(subject, setting, decided.row, told);
  return {
    report: {
      ...found,
      attributions: causesByOwnRow(rowCauses(theCase, found.checks), theCase, found.checks),
    },
    stops: (told) => stopsOfRow(theCase, told),
  };
}

function diagnosed(check: Check, theCase: Case, { scenario }: HostPortRun): Check {
  const finding = findingByOwnRow(scenario, theCase) ?? diagnose(check, theCase);
  return { ...check, finding };
}

/** What the row was chosen by, where packets left several. */
function toldByConntrack({ client }: Subject, { title }: HostPortScenario): readonly Check[] {
  if (client.toldBy === undefined) return [];
  return [
    {
      check: "connection of this scenario",
      verdict: "pass",
      expected: title,
      observed: client.toldBy,
      evidence: [],
      assumptions: [],
      missing: [],
      finding: undefined,
    },
  ];
}

function caseOf(subject: Subject, { facts, home, run, assumptions }: Setting, row: Row): Case {
  return {
    ...subject,
    row,
    ownRow: ownRowOf(run.scenario, row, run.portmap),
    facts,
    points: [...run.points.values()],
    rowPointOf: (point) => rowPointOf(point, home),
    journeys: run.journeys,
    assumptions,
  };
}

function report(
  { journey, sightings }: Subject,
  { run, objection: given }: Setting,
  row: Row | undefined,
  found: readonly Check[],
): ConnectionReport {
  const objection = given ?? rivalObjection(sightings, run);
  const named = isNamed(journey) ? found : found.map(unlessFailed);
  const checks = objection === undefined ? named : named.map((check) => doubted(check, objection));
  return reportOf(journey, {
    scenario: run.scenario.name,
    client: row?.client,
    sightings: sightings.map(reportedSighting),
    checks,
  });
}

/** Of a part of a connection a failure may be what the missing part explains. */
function unlessFailed(check: Check): Check {
  if (check.verdict !== "fail") return check;
  return {
    ...check,
    verdict: "inconclusive",
    finding: undefined,
    missing: [HANDSHAKE_NEEDED],
  };
}

function doubted(check: Check, objection: string): Check {
  if (check.verdict !== "fail" && check.verdict !== "pass") return check;
  return { ...check, verdict: "inconclusive", finding: undefined, missing: [objection] };
}
