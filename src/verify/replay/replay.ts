/** Every conversation against the model's paths: what the rules make of it, and what was seen. */
import { formatPredictedEndpoint } from "#expected/netfilter/predicted-tuple.js";
import type { Network } from "#expected/network/network.js";
import type { PathScenario, Scenario } from "#expected/scenarios/scenario.js";
import type { Journey } from "#observed/correlate/journey.js";
import type { Attribution } from "#verify/attribution.js";
import type { Point } from "#verify/point.js";
import { reportedSighting, reportOf } from "#verify/connection-report.js";
import { worst, type Check, type ConnectionReport } from "#verify/report.js";
import { isTunnelTransport } from "#verify/tunnel-transport.js";
import { attribute, attributeChoice } from "./causes/attribute.js";
import { meetingsOf } from "#verify/counters/meetings-of.js";
import type { RuleMeetings } from "#verify/counters/rule-meetings.js";
import { choiceOf, type Choice } from "./choice.js";
import { checksOf } from "./checks/index.js";
import { describeDialled, type ConntrackOfRun } from "#verify/dialled.js";
import { sightingsOf } from "./exchange.js";
import { describeOptions, doubtAbout, isExplained, NOT_SHOWN } from "./doubt.js";
import { FollowedPaths } from "./followed-paths.js";
import { handedOnBy, proxyClientOf, type HandedOn, type ProxyClient } from "./handed-on.js";
import { judge, type Model } from "./judge.js";
import type { Judgement } from "./judgement.js";
import { checkOf, runReplayCheck, type ReplayOutcome } from "./replay-check.js";
import type { ReplayCase } from "./replay-case.js";
import { reportedFlow } from "./reported-flow.js";
import { withSecondThoughts } from "./second-thoughts.js";
import type { RewritesOf, StopsOf } from "#verify/stops-told.js";
import { stopsOfCase } from "./stops.js";
import { rewritesAlong } from "./stops-rewrites.js";
import { unjudgedStops } from "./stops-unjudged.js";
import { threeAnswersOf } from "./three-answers-of.js";
import { disagreement, toldByRow, unresolvedRow, type Disagreement } from "./users-row.js";
import { causesByRow } from "./users-row-causes.js";
import { unaccounted } from "./unaccounted.js";
import { toSidecar, type ToSidecar } from "./second-connections.js";
import { flowsOf, type SeenFlow } from "./seen-flow.js";

export interface ReplayInput {
  readonly networks: readonly Networks[];
  readonly journeys: readonly Journey[];
  readonly points: ReadonlyMap<string, Point>;
  /** What nodes' conntrack said; undefined when nobody asked. */
  readonly conntrack?: ConntrackOfRun | undefined;
  /** Undefined: whatever scenario a connection belongs to. */
  readonly scenario: Scenario | undefined;
}

/** The cluster of one address family. */
export interface Networks {
  /** As its topology lets one expect. */
  readonly intended: Network;
  /** With nodes' own rules; undefined where none were given. */
  readonly configured: Network | undefined;
}

/** A conversation's report, and the scenario it belongs to where that is sure. */
export interface Replayed {
  readonly report: ConnectionReport;
  readonly belongsTo: Scenario | undefined;
  /** Undefined where no path is near it. */
  readonly subject: Subject | undefined;
  /** What the rules that programs write would do otherwise than the user's own row; undefined: nothing. */
  readonly disagreement: Disagreement | undefined;
  /** Healthy as a connection of this scenario and of another; nothing shows which. */
  readonly isAlike: boolean;
  /** Where the rules had several endpoints to choose from. */
  readonly choice: Choice | undefined;
  /** Of a connection to a proxy. */
  readonly proxyClient: ProxyClient | undefined;
  /** Of a connection that a proxy dials for a client it names. */
  readonly handedOn: HandedOn | undefined;
  /** What the saved rules do otherwise with such connections, asked for where many of them fail together. */
  readonly differences: () => readonly Attribution[];
  /** Rules that it meets by the saved files; undefined where these do not explain what was seen. */
  readonly meetings: () => RuleMeetings | undefined;
  /** Of a connection that a sidecar takes. */
  readonly toSidecar: ToSidecar | undefined;
  /** Its journey, of the report as it is in the end. */
  readonly stops: StopsOf;
  /** What rewrites it on its path; undefined where no path is near it. */
  readonly rewritesOf: RewritesOf | undefined;
}

/** What was judged: a case, and the cluster that it is of. */
export interface Subject {
  readonly network: Network;
  readonly theCase: ReplayCase;
}

/** One per conversation that the topology knows something of. */
export function replay(input: ReplayInput): readonly Replayed[] {
  const { journeys, points } = input;
  const seen = journeys
    .filter((journey) => hasPorts(journey) && !isTunnel(journey))
    .map((journey) => ({ journey, flows: flowsOf(journey, points) }));
  const all = seen.flatMap(({ flows }) => flows);
  const byId = new Map(seen.map(({ journey, flows }) => [journey.id, flows]));
  const models = input.networks.map(({ intended, configured }) => ({
    network: intended,
    followed: new FollowedPaths(intended, ownScenario(input)),
    configured,
    saved: savedPaths({ intended, configured }),
  }));
  const replayed = seen.flatMap(({ journey, flows }) => {
    const rivals = (journey.ambiguousWith ?? []).flatMap((id) => byId.get(id) ?? []);
    return replayOne({ journey, flows, rivals, all }, { ...input, models }) ?? [];
  });
  const isDecided = replayed.some(
    ({ report, belongsTo }) =>
      belongsTo === input.scenario && (report.verdict === "pass" || report.verdict === "fail"),
  );
  return isDecided ? replayed.map(withoutLikeness) : replayed;
}

/**
 * Beside connections that are of the scenario for sure, one that only looks as if it may be, and
 * healthy either way, has nothing to add.
 */
function withoutLikeness(one: Replayed): Replayed {
  if (!one.isAlike) return one;
  const checks = one.report.checks.map((check) => ({
    ...check,
    verdict: "not applicable" as const,
    assumptions: [],
    missing: [],
  }));
  return { ...one, report: { ...one.report, checks, verdict: "not applicable" } };
}

/** Echoes and the like are no connections to a port; no scenario is about them. */
function hasPorts({ protocol }: Journey): boolean {
  return protocol === "tcp" || protocol === "udp" || protocol === "sctp";
}

/** The packets around the pods' own, from node to node. */
function isTunnel({ protocol, connections }: Journey): boolean {
  return connections.every(({ responder, originator }) =>
    [responder, originator].some(({ port }) => isTunnelTransport(protocol, port)),
  );
}

interface Conversation {
  readonly journey: Journey;
  readonly flows: readonly SeenFlow[];
  /** Those of conversations that nothing in the captures tells from this one. */
  readonly rivals: readonly SeenFlow[];
  /** Those of every conversation of the run. */
  readonly all: readonly SeenFlow[];
}

interface Saved {
  /** What has been walked of the network as it was saved; undefined where it was not. */
  readonly saved: FollowedPaths | undefined;
}

/** The saved rules may be what is expected. */
function savedPaths({ intended, configured }: Networks): FollowedPaths | undefined {
  if (configured) return new FollowedPaths(configured);
  const isSaved = [...intended.nodes.values()].some(({ files }) => files !== undefined);
  return isSaved ? new FollowedPaths(intended) : undefined;
}

/** Whose rows go before what the model says. */
function ownScenario({ scenario }: ReplayInput): PathScenario | undefined {
  return scenario?.target === "path" && scenario.file !== undefined ? scenario : undefined;
}

interface Run extends ReplayInput {
  readonly models: readonly (Model & Pick<Networks, "configured"> & Saved)[];
}

function replayOne(conversation: Conversation, input: Run): Replayed | undefined {
  const { flows } = conversation;
  const points = [...input.points.values()];
  const family = flows[0]?.tuple.source.address.includes(":") ? "ipv6" : "ipv4";
  const model = input.models.find(({ network }) => network.family === family);
  const judgement = model && judge(model, { flows, points, conntrack: input.conntrack });
  if (!judgement) return model && unjudged(conversation, { network: model.network, input });
  const { network, configured, saved } = model;
  const theCase = caseOf(conversation, { network, judgement, points });
  const owners = new Set(judgement.nearest.map(({ classified }) => classified?.scenario));
  const [only] = owners;
  const belongsTo = owners.size === 1 ? only : undefined;
  const doubt =
    unexplained(conversation, { network, owners, input }) ??
    doubtAbout(judgement, { owners, scenario: input.scenario }) ??
    unresolvedRow(judgement.nearest[0]);
  const checks = doubt
    ? runReplayCheck(
        { nameFor: () => "connection of this scenario", examine: () => doubt },
        theCase,
      )
    : toldByRow(
        withSecondThoughts(checksOf(theCase), { network, judgement, points, theCase }),
        theCase,
      );
  const told = doubt ? checks : [...toldByConntrack(judgement, theCase), ...checks];
  const verdict = worst(checks.map((check) => check.verdict));
  return {
    report: {
      ...reportOf(theCase.journey, {
        sightings: theCase.sightings.map(reportedSighting),
        client: theCase.row?.client,
        checks: told,
        scenario: nameOfAll(owners),
      }),
      attributions:
        verdict === "fail" || verdict === "inconclusive"
          ? causesByRow(
              attribute(theCase, {
                intended: network,
                configured,
                checks,
                conntrack: input.conntrack,
              }),
              theCase,
            )
          : [],
      ...(saved || verdict === "fail" ? { answers: threeAnswersOf(theCase, saved) } : {}),
    },
    belongsTo,
    subject: { network, theCase },
    disagreement: doubt ? undefined : disagreement(theCase),
    isAlike: owners.size > 1 && isExplained(judgement) && doubt?.verdict === "inconclusive",
    // Seen at one endpoint alone, connections tell nothing of those that went to another.
    choice: judgement.isArrivalSeen ? choiceBeside(doubt, choiceOf(network, theCase)) : undefined,
    proxyClient: proxyClientOf(theCase),
    handedOn: handedOnBy(theCase),
    toSidecar: toSidecar(theCase),
    meetings: () => (saved ? meetingsOf(theCase, saved) : undefined),
    differences: () =>
      configured ? attributeChoice(theCase, { intended: network, configured }) : [],
    stops: (report) =>
      stopsOfCase(theCase, {
        report,
        isGuess: doubt !== undefined && doubt.verdict !== "not applicable",
        saved: configured ?? network,
      }),
    rewritesOf: (direction) =>
      rewritesAlong(theCase.best.path, { direction, saved: configured ?? network }),
  };
}

/** One that is in doubt got an endpoint too, and nobody knows which. */
function choiceBeside(
  doubt: ReplayOutcome | undefined,
  choice: Choice | undefined,
): Choice | undefined {
  if (doubt?.verdict === "not applicable") return undefined;
  return choice && doubt ? { ...choice, endpoint: undefined } : choice;
}

/** No dial that the topology allows leads there. A scenario that was named is about others then. */
function unjudged(
  { journey, flows }: Conversation,
  { network, input }: { readonly network: Network; readonly input: Run },
): Replayed | undefined {
  const outcome = input.scenario === undefined ? unaccounted(network, flows) : undefined;
  if (!outcome) return undefined;
  const check = checkOf("connection of this scenario", outcome, []);
  return {
    report: reportOf(journey, {
      scenario: "none",
      client: undefined,
      sightings: flows.map(reportedFlow),
      checks: [check],
    }),
    belongsTo: undefined,
    subject: undefined,
    disagreement: undefined,
    isAlike: false,
    choice: undefined,
    proxyClient: undefined,
    handedOn: undefined,
    toSidecar: undefined,
    differences: () => [],
    meetings: () => undefined,
    stops: () => unjudgedStops(flows),
    rewritesOf: undefined,
  };
}

/** Under `auto`: dialled in a way that no scenario is about, and yet arrived in a pod. */
function unexplained(
  { flows }: Conversation,
  {
    network,
    owners,
    input,
  }: {
    readonly network: Network;
    readonly owners: ReadonlySet<Scenario | undefined>;
    readonly input: Run;
  },
): ReplayOutcome | undefined {
  const isOfNone = [...owners].every((owner) => owner === undefined);
  return input.scenario === undefined && isOfNone ? unaccounted(network, flows) : undefined;
}

/** `clusterip or nodeport-cluster` where the captures do not tell. */
function nameOfAll(owners: ReadonlySet<Scenario | undefined>): string {
  const names = [...owners].flatMap((owner) => owner?.name ?? []);
  return names.length > 0 ? names.sort().join(" or ") : "none";
}

interface Found {
  readonly network: Network;
  readonly judgement: Judgement;
  readonly points: readonly Point[];
}

function caseOf(conversation: Conversation, { network, judgement, points }: Found): ReplayCase {
  const { nearest, branches, isDialSeen } = judgement;
  const [{ dial, comparison, classified, byRow }] = nearest;
  const theCase: ReplayCase = {
    ...conversation,
    topology: network.topology,
    dial,
    best: comparison,
    branches,
    row: classified?.row,
    byRow,
    points,
    sightings: [],
    assumptions: [
      ...network.assumptions,
      ...comparison.path.assumptions,
      ...(isDialSeen || !classified ? [] : [`${NOT_SHOWN}: ${describeOptions(nearest)}`]),
    ],
  };
  return { ...theCase, sightings: sightingsOf(theCase) };
}

/** What was dialled, where conntrack alone has it: what the verdict rests on, with file and line. */
function toldByConntrack({ dialled }: Judgement, theCase: ReplayCase): readonly Check[] {
  if (dialled?.kind !== "decided") return [];
  const expected = formatPredictedEndpoint(theCase.dial.tuple.destination);
  const observed = `dialled ${describeDialled(dialled.by)}`;
  return [checkOf("connection of this scenario", { verdict: "pass", expected, observed }, [])];
}
