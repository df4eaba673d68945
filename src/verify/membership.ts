/** Whether a connection is one that the scenario is about. A wrong yes would accuse a healthy node. */
import type { ClientClass, HostPortScenario, Row } from "#expected/scenarios/scenario.js";
import { ownerOf, type Facts } from "#cluster/facts.js";
import type { Journey } from "#observed/correlate/journey.js";
import { formatEndpoint } from "#net/five-tuple.js";
import type { Candidate, ClientEvidence } from "./case.js";
import type { Home } from "./row-point.js";
import type { Check, Verdict } from "./report.js";
import { serverEnd, type Sighting } from "./sighting.js";

interface Question {
  readonly journey: Journey;
  readonly sightings: readonly Sighting[];
  readonly client: ClientEvidence;
  readonly facts: Facts;
  readonly home: Home;
  readonly scenario: HostPortScenario;
  readonly rows: readonly Row[];
  readonly assumptions: readonly string[];
}

/** The row to judge by, or the check that says why none. */
export type Membership = { readonly row: Row } | { readonly check: Check };

/** A word for each class, as notes and verdicts use it. */
const CLIENT_WORDS: Record<Candidate, string> = {
  external: "a client outside the cluster",
  "other-node": "another node",
  "own-address": "the node, by its own address",
  localhost: "the node, by 127.0.0.1",
  hairpin: "the pod itself",
  "pod-same-node": "a pod of this node",
  "pod-other-node": "a pod of another node",
  direct: "somebody who dials the pod directly, as kubelet's probes do",
  service: "a client of a Service of the pod",
};

/** The scenario that is about a class of clients. */
const SCENARIO_FOR: Record<ClientClass, string> = {
  external: "hostport-external",
  "other-node": "hostport-node",
  "own-address": "hostport-node",
  localhost: "hostport-localhost",
  hairpin: "hostport-hairpin",
  "pod-same-node": "hostport-pod",
  "pod-other-node": "hostport-pod",
};

export function membership(question: Question): Membership {
  const { client, rows, scenario } = question;
  const other = dialledSomethingElse(question);
  if (other) return { check: notThisScenario(question, other) };
  const forwarded = scenario.target === "hostNetwork" ? hostNetworkDoubt(question) : undefined;
  if (forwarded) return { check: forwarded };

  const row = rows.find((candidate) => client.classes.has(candidate.client));
  if (!row) return { check: notThisScenario(question, describe(client)) };
  if (client.classes.size === 1) return { row };
  // Whoever it was kept no address; but only strangers come from that far for sure.
  if (client.rewritten && row.client === "external") return { row };
  return { check: undecided(question) };
}

/** Seen on its way to another address or port first: a Service or the pod's other ports. */
function dialledSomethingElse({ sightings, journey }: Question): string | undefined {
  if (sightings.some(({ stage }) => stage === "dialled")) return undefined;
  const request = sightings.find(
    ({ stage, direction, connection }) =>
      stage === "elsewhere" && direction === "request" && connection.tunnels.length === 0,
  );
  if (!request || journey.connections.length < 2) return undefined;
  return `the client dialled ${formatEndpoint(serverEnd(request))} (${request.point}), not the hostPort`;
}

function describe({ classes, why }: ClientEvidence): string {
  const words = [...classes].map((name) => CLIENT_WORDS[name]);
  if (words.length === 0) return why;
  const last = words.pop() ?? "";
  const list = words.length === 0 ? last : `${words.join("; ")}; or ${last}`;
  return words.length === 0 ? `${list}: ${why}` : `${why}; could be ${list}`;
}

function notThisScenario(question: Question, observed: string): Check {
  const [only] = question.client.classes;
  const isOne = question.client.classes.size === 1 && only !== undefined;
  const fit = isOne && only !== "direct" && only !== "service" ? SCENARIO_FOR[only] : undefined;
  const fits = fit === undefined || fit === question.scenario.name ? [] : [`--scenario ${fit}`];
  return check(question, { verdict: "not applicable", observed, missing: fits });
}

function undecided(question: Question): Check {
  return check(question, {
    verdict: "inconclusive",
    observed: describe(question.client),
    missing: whatWouldDecide(question),
  });
}

function whatWouldDecide({ client, facts, sightings }: Question): readonly string[] {
  const [seen] = client.evidence;
  const address = client.dialled ?? seen?.source.address;
  if (address !== undefined && ownerOf(facts, address).owner === "unknown") {
    return [
      `--client ${address} if that is the client, or --topology FILE with the nodes' addresses`,
    ];
  }
  if (client.classes.has("service")) {
    return ["a capture at the node's uplink (NODE/eth0=FILE), which shows what was dialled"];
  }
  if (seen?.place.role === "unknown") {
    return [`${seen.point} named after where it was taken: pod:NAME=FILE, or NODE/eth0=FILE`];
  }
  if (client.classes.has("direct")) {
    const atBridge = sightings.some(({ place }) => place.role === "bridge");
    const where = atBridge ? "in the client's pod, if it is a pod" : "on the node's bridge";
    return [
      `a capture ${where} (${atBridge ? "pod:NAME" : "NODE/cni0"}=FILE), which shows who dialled`,
    ];
  }
  return ["--topology FILE with the nodes' and pods' addresses"];
}

/**
 * What a hostNetwork pod's captures look like before a reply shows who answers is what a hostPort's
 * look like at the uplink; and a node's address has to be known for one.
 */
function hostNetworkDoubt(question: Question): Check | undefined {
  const { sightings } = question;
  const inPod = sightings.find(({ place }) => place.role === "pod" || place.role === "veth");
  if (inPod) {
    const observed = `seen at ${inPod.point}: a hostNetwork pod has no network of its own`;
    return check(question, { verdict: "not applicable", observed, missing: [] });
  }
  const reply = sightings.find(
    ({ direction, place }) => direction === "reply" && place.role !== "client",
  );
  if (reply && reply.place.role === "uplink" && reply.hops > 0 && !knowsPort(question)) {
    const observed = `TTL ${reply.ttl} at ${reply.point}: a pod behind the node answers`;
    return check(question, { verdict: "not applicable", observed, missing: [] });
  }
  if (reply) return undefined;
  return check(question, {
    verdict: "inconclusive",
    observed: "no reply was captured on the node, so nothing shows that the node itself answers",
    missing: ["a capture of both directions on the node's uplink (NODE/eth0=FILE)"],
  });
}

/** Without a port every connection to the node is looked at, hostPorts' and Services' too. */
const knowsPort = ({ facts: { target } }: Question): boolean => target.port !== undefined;

interface Answer {
  readonly verdict: Verdict;
  readonly observed: string;
  readonly missing: readonly string[];
}

function check({ client, scenario, assumptions }: Question, answer: Answer): Check {
  const isDoubt = answer.verdict === "inconclusive";
  return {
    check: "connection of this scenario",
    expected: scenario.title,
    evidence: client.evidence.map(({ evidence }) => evidence),
    assumptions: isDoubt ? [...assumptions, ...client.assumptions] : [],
    finding: undefined,
    ...answer,
  };
}
