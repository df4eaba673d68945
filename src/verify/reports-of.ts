/** Who judges a run's connections: rows, the model's paths, or rows alone where nobody told a topology. */
import { targetsOf } from "#cluster/facts.js";
import type { Attribution } from "./attribution.js";
import { verifyHostPort, type JudgedByRow } from "./host-port.js";
import { counterDifferences } from "./counters/counter-differences.js";
import { withDerivedDoubts, withUnanswered } from "./derived-doubts.js";
import { secondConnections } from "./replay/second-connections.js";
import { flowsOf } from "./replay/seen-flow.js";
import { judgedWithoutTopology } from "./without-topology.js";
import { ownRowNotes } from "./own-row.js";
import { endpointChoices } from "./replay/endpoint-choice.js";
import { clientsHandedOn } from "./replay/handed-on.js";
import { disagreements } from "./replay/users-row.js";
import { replay, type Replayed } from "./replay/replay.js";
import type { AcrossCheck, ConnectionReport, Report } from "./report.js";
import { worthTelling, type StopsOf, type Tellable } from "./stops-told.js";
import { automatic } from "./automatic.js";
import { withModelsCauses } from "./models-causes.js";
import { networksOf, type VerifyRun } from "./verify-run.js";

export function reportsOf(run: VerifyRun): Found {
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

export interface Found {
  readonly reports: readonly ConnectionReport[];
  readonly across: readonly AcrossCheck[];
  readonly notes: readonly string[];
  readonly counters?: Report["counters"];
  readonly stops: Tellable;
  readonly replayed?: readonly Replayed[];
}

/** What rules counted, beside the connections that meet them. */
function countersOf(
  { earlierRules, states, given: { topology } }: VerifyRun,
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

/** The model walks the same way, where there is a topology: asked of those whose journey is told. */
function stopsByRows(run: VerifyRun, byRows: readonly JudgedByRow[]): Tellable {
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
