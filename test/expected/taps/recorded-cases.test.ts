/**
 * Every recorded case, walked through the state its nodes were in: what the captures show has to be
 * what was predicted there, and the reverse. Then the healthy ones with rules made from the topology.
 */
import { afterAll, describe, expect, test } from "vitest";
import { networkOf } from "#expected/network/network.js";
import { recordedStates } from "../../support/clusters.js";
import { labDials } from "../../support/lab-dials.js";
import { compareRecorded, outcomesOf, type Comparison } from "../../support/recorded-sightings.js";
import { CASES, topologyOf } from "../../support/verify-recorded.js";

/** How a case's captures differ from what its state lets one predict, and why they may. */
interface Known {
  readonly case: string;
  readonly why: string;
  /** What every line that differs has to match; lines that match none are faults of the model. */
  readonly strange?: RegExp;
  readonly wrongTtl?: RegExp;
  readonly absent?: RegExp;
}

const A_ROUTER_SAYS = "a router outside the cluster knows no way to pods and says so";

// prettier-ignore
const KNOWN: readonly Known[] = [
  { case: "broken-docker-egress-no-masquerade", why: A_ROUTER_SAYS, strange: /icmp 198\.51\.100\.1:3/ },
  { case: "broken-egress-no-masquerade", why: A_ROUTER_SAYS, strange: /icmp 198\.51\.100\.1:3/ },
  { case: "broken-nodeport-no-masquerade", why: A_ROUTER_SAYS, strange: /icmp 198\.51\.100\.1:3/ },
  { case: "broken-conntrack-entry-lost", why: "an entry is deleted in the middle of a connection", strange: /:39040|41003/, wrongTtl: /41003/ },
  { case: "broken-externalip-not-handled", why: "the router sends the packet back until its TTL is used up", strange: /icmp .*:(11|5) > /, wrongTtl: /203\.0\.113\.10/, absent: /203\.0\.113\.10:80 > / },
  { case: "broken-hairpin-off", why: "hairpin mode of a bridge's port is not part of a node's state", absent: /4100[12]/ },
  { case: "broken-hairpin-off-promisc", why: "hairpin mode of a bridge's port is not part of a node's state", absent: /4100[12]/ },
  { case: "broken-overlay-down", why: "whether a link is up is not part of a node's state", absent: /4100[123]/ },
  { case: "broken-udp-stale-conntrack", why: "a pod is replaced while the connection goes on; the state is that of the end", strange: /./, absent: /4200[12]/ },
  { case: "hostport-client-behind-nat", why: "a router outside the cluster translates", wrongTtl: / 10\.20\.32\.1:/, absent: /198\.51\.100\.79/ },
  { case: "broken-sidecar-not-listening", why: "nobody listens where the sidecar should", absent: /^pod-p1a\.lo / },
  { case: "loadbalancer-proxy", why: "the client's connection ends at a balancer outside the cluster", strange: /^client\.eth0 tcp 198\.51\.100\.1:/ },
];

const figures = { recorded: { seen: 0, predicted: 0 }, generated: { seen: 0, predicted: 0 } };

afterAll(() => {
  const { recorded, generated } = figures;
  process.stdout.write(
    `sightings predicted: ${recorded.predicted} of ${recorded.seen} with the nodes' own rules in ` +
      `${CASES.length} cases, ${generated.predicted} of ${generated.seen} with rules made from the ` +
      `topology in ${HEALTHY.length}\n`,
  );
});

const DIFFERENCES = ["strange", "wrongTtl", "absent"] as const;

function count(kind: keyof typeof figures, { seen, predicted }: Comparison): void {
  figures[kind].seen += seen;
  figures[kind].predicted += predicted;
}

function unexplained(recorded: string, comparison: Comparison): readonly string[] {
  const known = KNOWN.find((entry) => entry.case === recorded);
  return DIFFERENCES.flatMap((kind) =>
    comparison[kind].filter((line) => !known?.[kind]?.test(line)).map((line) => `${kind} ${line}`),
  );
}

describe("with the state that was recorded", () => {
  test.each(CASES)("%s", async (recorded) => {
    const comparison = await compareRecorded(recorded, recordedStates(recorded));
    count("recorded", comparison);
    expect(comparison.seen).toBeGreaterThan(0);
    expect(unexplained(recorded, comparison)).toEqual([]);
  });

  test.each(KNOWN)("$case differs because $why", async ({ case: recorded, ...known }) => {
    const comparison = await compareRecorded(recorded, recordedStates(recorded));
    const kinds = DIFFERENCES.filter((kind) => known[kind] !== undefined);
    expect(kinds.filter((kind) => comparison[kind].length > 0)).toEqual(kinds);
  });
});

/** Healthy cases that a topology does not tell enough of, and what it leaves out. */
const NOT_IN_THE_TOPOLOGY: Readonly<Record<string, string>> = {
  "hostport-pod-no-bridge-nf": "that bridge-nf is off",
  "service-beside-hostport": "its Service",
};
const HEALTHY = CASES.filter(
  (name) => !name.startsWith("broken-") && NOT_IN_THE_TOPOLOGY[name] === undefined,
);

describe("with rules made from the topology", () => {
  test.each(HEALTHY)("%s", async (recorded) => {
    const comparison = await compareRecorded(recorded, new Map());
    count("generated", comparison);
    expect(unexplained(recorded, comparison)).toEqual([]);
  });
});

/** What the model calls the ends that a client sees so. */
const ENDS: Readonly<Record<string, readonly string[]>> = {
  timeout: ["dropped", "answer not known"],
  silence: ["dropped", "answer not known"],
  refused: ["rejected"],
};

/** Cases of which the script's outcome is not what the model can know, and why. */
const OTHER_OUTCOMES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      "broken-docker-published-held-port",
      "broken-docker-published-no-dnat",
      "broken-hostnetwork-nothing-listening",
      "broken-ingress-endpoint-down",
      "broken-no-dnat",
      "broken-nothing-listening",
      "broken-sidecar-not-listening",
      "broken-shared-network-nothing-listening",
    ].map((recorded) => [recorded, "nobody listens, which is not part of the state"]),
  ),
  "broken-clusterip-dead-endpoint": "ICMP host unreachable follows the silence",
  "broken-externalip-not-handled": "the router sends the packet back until its TTL is used up",
  "broken-hairpin-off": "hairpin mode of a bridge's port is not part of a node's state",
  "broken-hairpin-off-promisc": "hairpin mode of a bridge's port is not part of a node's state",
  "broken-overlay-down": "whether a link is up is not part of a node's state",
  "broken-udp-stale-conntrack": "a pod is replaced while the connection goes on",
  "health-check-node-port": "the script notes the status and no address",
  "hostport-client-behind-nat": "a router outside the cluster translates",
  "loadbalancer-proxy": "the client's connection ends at a balancer outside the cluster",
  "broken-answers-dropped": "the handshake passes, which is all that is predicted; data is dropped",
  "no-network": "the kernel refuses a process that has no route; nothing is sent",
};

describe("who the server says asked it", () => {
  test.each(CASES.filter((recorded) => OTHER_OUTCOMES[recorded] === undefined))(
    "%s",
    (recorded) => {
      expect(otherOutcomes(recorded)).toEqual([]);
    },
  );

  test.each(Object.entries(OTHER_OUTCOMES))("%s is another story: %s", (recorded) => {
    expect(otherOutcomes(recorded)).not.toEqual([]);
  });
});

function otherOutcomes(recorded: string): readonly string[] {
  const topology = topologyOf(recorded);
  const network = networkOf(topology, { family: "ipv4", states: recordedStates(recorded) });
  return labDials(recorded, topology).flatMap((dial) => {
    const outcomes = outcomesOf(network, dial);
    const allowed = ENDS[dial.outcome] ?? [dial.outcome];
    if (outcomes.some((outcome) => allowed.includes(outcome))) return [];
    const { from, sourcePort, to, outcome } = dial;
    return [`${from}:${sourcePort} to ${to}: ${outcome}, not ${outcomes.join(" or ")}`];
  });
}
