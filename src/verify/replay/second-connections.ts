/** A sidecar ends what comes into its pod and dials the program beside it: that shows on the pod's lo. */
import type { EpochNs } from "#net/types.js";
import type { Journey } from "#observed/correlate/journey.js";
import type { Connection, PacketReference } from "#observed/flow/connection.js";
import type { Point } from "#verify/point.js";
import type { AcrossCheck, Verdict } from "#verify/report.js";
import { isAnswered } from "./compared.js";
import { isNamed, whyBlind } from "#verify/coverage.js";
import { SIDECAR_BYPASSED } from "./diagnoses/sidecar-bypassed.js";
import type { ReplayCase } from "./replay-case.js";
import type { SeenFlow } from "./seen-flow.js";
import { captureTapOf } from "./tap-at.js";

/** An answered connection into a pod whose sidecar takes it. */
export interface ToSidecar {
  readonly connection: string;
  readonly pod: string;
  readonly first: EpochNs;
  readonly last: EpochNs;
  /** Whether a capture of the pod's lo could have shown its second; undefined: there is none. */
  readonly ranOnLo: boolean | undefined;
  readonly evidence: PacketReference;
}

export function toSidecar(theCase: ReplayCase): ToSidecar | undefined {
  const { journey, best, points, flows } = theCase;
  const { end } = best.path;
  const [seen] = flows;
  const [begin] = journey.connections;
  if (!seen || !begin || end.kind !== "delivered" || end.to.kind !== "pod") return undefined;
  if (end.proxy?.program !== "sidecar" || !isAnswered(theCase)) return undefined;
  // In mid-stream it may be a part of another that could not be joined: then it has no second.
  if (!isNamed(journey)) return undefined;
  const pod = end.to.name;
  return {
    connection: journey.id,
    pod,
    first: begin.first,
    last: journey.connections.reduce(
      (last, one) => (one.last > last ? one.last : last),
      begin.last,
    ),
    ranOnLo: ranOnLo(
      points.filter((point) => isLoOf(point, pod)),
      journey,
    ),
    evidence: seen.evidence,
  };
}

function ranOnLo(points: readonly Point[], journey: Journey): boolean | undefined {
  if (points.length === 0) return undefined;
  return points.some((point) => whyBlind(point, journey) === undefined);
}

/** From which Istio's Envoy dials the program it stands in front of. */
const SIDECAR_SOURCES: ReadonlySet<string> = new Set(["127.0.0.6", "::6"]);

/** One check per pod whose lo was captured while others connected to it. */
export function secondConnections(
  firsts: readonly ToSidecar[],
  all: readonly SeenFlow[],
): readonly AcrossCheck[] {
  const shown = firsts.filter(({ ranOnLo }) => ranOnLo !== undefined);
  const pods = [...new Set(shown.map(({ pod }) => pod))].sort();
  return pods.map((pod) => {
    const list = shown.filter((first) => first.pod === pod);
    const seconds = all.filter(
      ({ point, tuple }) =>
        isLoOf(point, pod) &&
        // Whoever answers is seen first where the first packets are missing, and alone where one direction is.
        [tuple.source, tuple.destination].some(({ address }) => SIDECAR_SOURCES.has(address)),
    );
    return checkOf(pod, { list, seconds: new Set(seconds.map(({ connection }) => connection)) });
  });
}

function isLoOf(point: Point, pod: string): boolean {
  const tap = captureTapOf(point);
  return tap.kind === "pod" && tap.interface === "lo" && tap.pod === pod;
}

interface Pairs {
  readonly list: readonly ToSidecar[];
  readonly seconds: ReadonlySet<Connection>;
}

const MAX_EVIDENCE = 4;

function checkOf(pod: string, { list, seconds }: Pairs): AcrossCheck {
  const alone = withoutSecond(list, seconds);
  const verdict = verdictOf(alone, list);
  const told = alone.length > 0 ? alone : list;
  return {
    subject: `sidecar of ${pod}`,
    connections: told.map(({ connection }) => connection),
    check: {
      check: "second connection",
      verdict,
      expected: `the sidecar dials the program on lo of ${pod} for each connection into it`,
      observed: `${list.length - alone.length} of ${list.length} have theirs on lo`,
      evidence: told.slice(0, MAX_EVIDENCE).map(({ evidence }) => evidence),
      assumptions: [],
      missing:
        verdict === "inconclusive"
          ? [`a capture of lo in ${pod} that is known to have run then (pod:${pod}/lo=FILE)`]
          : [],
      finding: verdict === "fail" ? SIDECAR_BYPASSED : undefined,
    },
  };
}

/** Where some have theirs the sidecar is used: one may go over an older connection, or be lost. */
function verdictOf(alone: readonly ToSidecar[], list: readonly ToSidecar[]): Verdict {
  if (alone.length === 0) return "pass";
  if (alone.length < list.length) return "inconclusive";
  return alone.some(({ ranOnLo }) => ranOnLo) ? "fail" : "inconclusive";
}

/** Each second connection begins while its first is open, and is the second of one only. */
function withoutSecond(
  list: readonly ToSidecar[],
  seconds: ReadonlySet<Connection>,
): readonly ToSidecar[] {
  const free = [...seconds].map((connection) => connection.first).sort((a, b) => (a < b ? -1 : 1));
  const inTime = list.toSorted((a, b) => (a.first < b.first ? -1 : 1));
  return inTime.filter(({ first, last }) => {
    const at = free.findIndex((begin) => begin >= first && begin <= last);
    if (at >= 0) free.splice(at, 1);
    return at < 0;
  });
}
