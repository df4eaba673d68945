/** What a failure comes from where no topology lets the model say more: between which points, or the pod. */
import { ROW_POINTS } from "#expected/scenarios/scenario.js";
import type { Attribution, PathCause } from "./attribution.js";
import type { Case } from "./case.js";
import { replies, requests } from "./checks/check.js";
import type { Check, CheckName } from "./report.js";

/** Of a connection with a failed check. */
export function rowCauses(theCase: Case, checks: readonly Check[]): readonly Attribution[] {
  const failed = checks.filter(({ verdict }) => verdict === "fail");
  if (failed.length === 0) return [];
  return [serverCause(theCase, failed) ?? pathCause(theCase, failed)];
}

/** Diagnoses by which the network did its part. */
const BY_SERVER: ReadonlyMap<string, "refuses" | "is silent"> = new Map([
  ["pod-refused", "refuses"],
  ["node-refused", "refuses"],
  ["pod-silent", "is silent"],
]);

function serverCause(
  { facts, sightings }: Case,
  failed: readonly Check[],
): Attribution | undefined {
  const does = failed.map(({ finding }) => BY_SERVER.get(finding?.id ?? "")).find(Boolean);
  // What comes from a wrong address a pod may well drop.
  if (does === undefined || failed.some(({ check }) => check !== "answered")) return undefined;
  const { target } = facts;
  const who = target.hostNetwork
    ? "a process of the node"
    : `pod ${target.pod ?? target.address ?? ""}`;
  const cited = failed.flatMap(({ evidence }) => evidence);
  const seen = sightings.find(({ evidence }) =>
    cited.some(({ file, packet }) => file === evidence.file && packet === evidence.packet),
  );
  return {
    kind: "server",
    who: `${who}, port ${target.port ?? facts.given.hostPort ?? "dialled"}`.replace(
      "pod ,",
      "the pod,",
    ),
    does,
    seenAt: seen?.point,
    candidates:
      does === "refuses"
        ? ["the process does not run, or listens on another port or on 127.0.0.1 only"]
        : ["a full accept queue, or a process that hangs", "rules in its own namespace"],
    collect: ["in its network namespace: ss -lntup"],
  };
}

function pathCause(theCase: Case, failed: readonly Check[]): PathCause {
  const isAnswers = failed.every(({ check }) => OF_ANSWERS.has(check));
  const isData = failed.every(({ check }) => check === "data arrives");
  const there = thereOf(failed);
  const seen = (isAnswers && !isData ? replies : requests)(theCase);
  const named = new Set(seen.map(({ point }) => point));
  const ordered = wayOf(theCase, isAnswers && !isData ? -1 : 1);
  const bad = there === "nothing" ? undefined : badPoint(theCase, failed);
  const at = bad === undefined ? -1 : ordered.findIndex(({ name }) => name === bad);
  const good = at >= 0 ? ordered.slice(0, at) : ordered;
  const lastAt = good.findLastIndex(({ name }) => named.has(name));
  const last = good.find(({ name, order }) => named.has(name) && order === good[lastAt]?.order);
  const first = bad ?? ordered.find(({ name }, index) => index > lastAt && !named.has(name))?.name;
  return {
    kind: "path",
    packets: isData ? "data" : isAnswers ? "answer" : "request",
    last: isData ? undefined : last?.name,
    first: isData ? undefined : first,
    there,
    candidates: CANDIDATES[isData ? "data" : isAnswers && there === "nothing" ? "answer" : there],
    collect: ["--topology FILE and --state DIR with the node's rules: then they are compared"],
  };
}

const OF_ANSWERS: ReadonlySet<CheckName> = new Set(["reply translated back", "data arrives"]);

function thereOf(failed: readonly Check[]): PathCause["there"] {
  const names = new Set(failed.map(({ check }) => check));
  if (names.has("source kept")) return "another source";
  if (names.has("source masqueraded")) return "source not translated";
  const destination = failed.find(({ check }) => check.startsWith("destination"));
  if (destination) {
    const isStray = destination.finding?.id.startsWith("stale") ?? false;
    return isStray ? "another destination" : "destination not translated";
  }
  return "nothing";
}

/** The first point that shows it so: of a destination the one that is cited, of a source any as well. */
function badPoint(theCase: Case, failed: readonly Check[]): string | undefined {
  const cited = failed.flatMap(({ evidence }) => evidence);
  const wrong = theCase.sightings.findLast(({ evidence }) =>
    cited.some(({ file, packet }) => file === evidence.file && packet === evidence.packet),
  );
  if (wrong === undefined || !failed[0]?.check.startsWith("source")) return wrong?.point;
  const { address } = wrong.source;
  const likewise = requests(theCase).filter(
    ({ source, stage }) => source.address === address && stage === wrong.stage,
  );
  const names = new Set(likewise.map(({ point }) => point));
  return wayOf(theCase, 1).find(({ name }) => names.has(name))?.name ?? wrong.point;
}

interface WayPoint {
  readonly name: string;
  readonly order: number;
}

/** Captures at points that must show the connection, from the client to the pod or back. */
function wayOf(theCase: Case, towards: 1 | -1): readonly WayPoint[] {
  const { points, row } = theCase;
  const must = new Set(row.points.filter(({ seen }) => seen === "always").map(({ at }) => at));
  return points
    .flatMap((point) => {
      const at = theCase.rowPointOf(point);
      return at !== undefined && must.has(at)
        ? [{ name: point.name, order: ROW_POINTS.indexOf(at) }]
        : [];
    })
    .sort((a, b) => (a.order - b.order) * towards || a.name.length - b.name.length);
}

const OLDER = "a conntrack entry that is older than the rules";

const CANDIDATES: Readonly<Record<PathCause["there"] | "data" | "answer", readonly string[]>> = {
  nothing: [
    "a rule or the policy of FORWARD (host firewall, NetworkPolicy)",
    "portmap's DNAT rule, which is missing or stands behind another program's",
    "net.ipv4.ip_forward is 0, or the reverse path filter",
    "conntrack, whose table is full or which takes the packet for INVALID",
  ],
  answer: [
    "a rule or the policy of FORWARD that lacks answers (no RELATED,ESTABLISHED)",
    "the node's routes lead elsewhere, or the reverse path filter",
    "conntrack, whose table is full or which takes the packet for INVALID",
  ],
  "another source": ["a MASQUERADE or SNAT rule in POSTROUTING that is not intended", OLDER],
  "another destination": ["a DNAT rule of an earlier pod, or of another program", OLDER],
  "source not translated": ["portmap's masquerade is missing, or another rule comes first", OLDER],
  "destination not translated": ["portmap's DNAT is missing, or another rule comes first", OLDER],
  "the node's own answer": [
    "portmap's DNAT is missing, or another rule comes first",
    "a rule that rejects with tcp-reset",
    OLDER,
  ],
  other: [OLDER],
  data: [
    "an MTU too small for the packet, somewhere on the way",
    "a rule against large packets or certain flags",
    OLDER,
  ],
};
