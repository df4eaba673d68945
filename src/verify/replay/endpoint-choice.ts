/** The endpoints that many connections got, against what the rules allow. */
import { counted } from "#net/counted.js";
import type { KubeProxy } from "#cluster/service.js";
import type { AcrossCheck, Check, Finding } from "#verify/report.js";
import { binomialTest } from "./binomial.js";
import type { Choice } from "./choice.js";
import { AFFINITY_BROKEN } from "./diagnoses/affinity-broken.js";
import { UNEVEN_CHOICE } from "./diagnoses/uneven-choice.js";

/** A split as improbable as this is no chance: of a million healthy Services it accuses one. */
const IMPROBABLE = 1e-6;

/** One check per Service port and node whose connections could have gone to several endpoints. */
export function endpointChoices(
  choices: readonly Choice[],
  kubeProxy: KubeProxy | undefined,
): readonly AcrossCheck[] {
  const groups = new Map<string, Choice[]>();
  for (const choice of choices) {
    const subject = subjectOf(choice);
    groups.set(subject, [...(groups.get(subject) ?? []), choice]);
  }
  return [...groups].flatMap(([subject, list]) => {
    const check = checkOfKnown(list, kubeProxy);
    return check ? [{ subject, connections: list.map(({ connection }) => connection), check }] : [];
  });
}

function subjectOf({ service, port, node, probabilities }: Choice): string {
  const endpoints = [...probabilities.keys()].sort().join(" ");
  return `${service.name}:${port?.port ?? ""} by ${node} (${endpoints})`;
}

/** Where some connections' endpoints are not known, those of one endpoint may be the ones that are. */
function checkOfKnown(
  list: readonly Choice[],
  kubeProxy: KubeProxy | undefined,
): Check | undefined {
  const known = list.filter(({ endpoint }) => endpoint !== undefined);
  const found = checkOf(known, kubeProxy);
  const unknown = list.length - known.length;
  const isDecided = found?.verdict === "pass" || found?.verdict === "fail";
  // Two endpoints for one client are two, whatever the others got.
  const isProven = found?.check === "session affinity" && found.verdict === "fail";
  if (!found || unknown === 0 || !isDecided || isProven) return found;
  return {
    ...found,
    verdict: "inconclusive",
    observed: `${found.observed}; of ${unknown} more no capture shows the endpoint`,
    missing: ["captures on the node that chooses, behind its translation: bridge and uplink"],
    finding: undefined,
  };
}

function checkOf(list: readonly Choice[], kubeProxy: KubeProxy | undefined): Check | undefined {
  const seconds = list[0]?.service.sessionAffinitySeconds;
  if (seconds !== undefined) return affinity(list, seconds);
  if (kubeProxy?.mode !== "ipvs") return spread(list);
  return kubeProxy.scheduler === "rr" ? inTurn(list) : undefined;
}

/** Each endpoint's count by the exact binomial test, corrected for their number (Bonferroni). */
function spread(list: readonly Choice[]): Check | undefined {
  const [first] = list;
  if (!first || list.length < 2) return undefined;
  const shares = [...first.probabilities].map(([endpoint, probability]) => ({
    endpoint,
    probability,
    count: list.filter((choice) => choice.endpoint === endpoint).length,
  }));
  const ofAll = ({ successes, probability }: { successes: number; probability: number }): number =>
    Math.min(1, binomialTest({ successes, of: list.length, probability }) * shares.length);
  const chance = Math.min(
    ...shares.map(({ count, probability }) => ofAll({ successes: count, probability })),
  );
  const observed = `${describeCounts(shares, list.length)}; so uneven by chance: ${percent(chance)}`;
  const expected = shares
    .map(({ endpoint, probability }) => `${endpoint} ${percent(probability)}`)
    .join(", ");
  if (chance < IMPROBABLE) {
    return check({ verdict: "fail", expected, observed, list, finding: UNEVEN_CHOICE });
  }
  const allToOne = Math.min(
    ...shares.map(({ probability }) => ofAll({ successes: list.length, probability })),
  );
  if (allToOne < IMPROBABLE) return check({ verdict: "pass", expected, observed, list });
  const few = `${list.length} connections are too few to tell chance from a fault`;
  return check({ verdict: "not applicable", expected, observed: `${observed}; ${few}`, list });
}

interface Share {
  readonly endpoint: string;
  readonly count: number;
}

/** Connections and not requests: a client that keeps its connection open counts once. */
function describeCounts(shares: readonly Share[], total: number): string {
  const counts = shares.map(({ endpoint, count }) => `${endpoint} ${count}`).join(", ");
  return `${counts} of ${total} connections`;
}

/** By name and client address the rules send a client where its last connection went. */
function affinity(list: readonly Choice[], seconds: number): Check {
  const expected = `one endpoint per client address for ${seconds} s`;
  const byClient = new Map<string, Choice>();
  let returned = 0;
  for (const choice of list.toSorted((a, b) => (a.time < b.time ? -1 : 1))) {
    const before = byClient.get(choice.client);
    byClient.set(choice.client, choice);
    const isInWindow =
      before !== undefined && choice.time - before.time < BigInt(seconds) * 1_000_000_000n;
    if (before && isInWindow && before.endpoint !== choice.endpoint) {
      const observed = `${choice.client}: ${before.connection} to ${before.endpoint}, ${choice.connection} to ${choice.endpoint}`;
      const shown = [before, choice];
      return check({ verdict: "fail", expected, observed, list: shown, finding: AFFINITY_BROKEN });
    }
    if (isInWindow) returned += 1;
  }
  const observed =
    `${list.length} connections of ${counted(byClient.size, "client")}, ` +
    `${returned} in that time behind another of its client, to the same endpoint`;
  const verdict = returned > 0 ? "pass" : "not applicable";
  return check({ verdict, expected, observed, list });
}

/** Round robin; other clients of the node, which no capture shows, take turns as well. */
function inTurn(list: readonly Choice[]): Check | undefined {
  const endpoints = list[0]?.probabilities.size ?? 0;
  const order = list.toSorted((a, b) => (a.time < b.time ? -1 : 1)).map(({ endpoint }) => endpoint);
  if (order.length <= endpoints) return undefined;
  const repeats = order.filter((endpoint, at) =>
    order.slice(Math.max(0, at - endpoints + 1), at).includes(endpoint),
  ).length;
  const expected = `${endpoints} endpoints in turn`;
  if (repeats === 0) {
    return check({ verdict: "pass", expected, observed: `${order.length} in turn`, list });
  }
  return check({
    verdict: "inconclusive",
    expected,
    observed: `${repeats} of ${order.length} out of turn: other clients may have had theirs in between`,
    list,
    missing: ["a capture of every connection to the Service on that node"],
  });
}

const percent = (share: number): string =>
  share < 0.0001 ? share.toExponential(0) : `${Number((share * 100).toFixed(2))} %`;

interface Found {
  readonly verdict: Check["verdict"];
  readonly expected: string;
  readonly observed: string;
  readonly list: readonly Choice[];
  readonly finding?: Finding;
  readonly missing?: readonly string[];
}

const MAX_EVIDENCE = 4;

function check({ verdict, expected, observed, list, finding, missing }: Found): Check {
  const isAffinity = list[0]?.service.sessionAffinitySeconds !== undefined;
  return {
    check: isAffinity ? "session affinity" : "endpoint choice",
    verdict,
    expected,
    observed,
    evidence: list.slice(0, MAX_EVIDENCE).map(({ evidence }) => evidence),
    assumptions: [],
    missing: missing ?? [],
    finding,
  };
}
