/**
 * Cases about Services, Docker, pods and proxies under a hostPort's name. Where no hostPort of that
 * class is dialled none passes and none is accused, but for what is listed here with its reason.
 */
import { describe, expect, test } from "vitest";
import {
  MODES,
  modesOf,
  OTHER_CASES,
  outcomeOf,
  ROW_SCENARIOS,
  withTopology,
} from "../support/verify-cases.js";
import { ask, capturesOf, NOTHING_GIVEN, type Question } from "../support/verify-recorded.js";

interface Row {
  readonly recorded: string;
  readonly scenario: string;
  /** Of all captures together, of one of them, or of some: each that is not `inconclusive`, once. */
  readonly told: readonly string[];
  readonly why: string;
}

const SHUT = "answered PC010";
const NODE = "destination translated to the pod PC005, delivered PC005";
const MASQ = "source kept PC001";

// What is really in them.
const TWO_PODS = "client, pod and node dial the hostPort that both pods have; the first has it";
const SIDECAR = "the client dials the hostPort, whose rules end before the sidecar's";
const HOST_NETWORK = "the client dials a proxy in the node's network namespace: a hostNetwork pod";
const DOCKER_HOST = "a --net=host container is reached as a hostNetwork pod is: nothing translates";
const OWN_ADDRESS =
  "a process bound to the node's address dials the pod: OUTPUT translates a hostPort before any capture, so it looks the same";

// prettier-ignore
const WITH_TOPOLOGY: readonly Row[] = [
  { recorded: "hostport-two-pods",            scenario: "hostport-external",    told: ["pass"], why: TWO_PODS },
  { recorded: "hostport-two-pods",            scenario: "hostport-node",        told: ["pass"], why: TWO_PODS },
  { recorded: "hostport-two-pods",            scenario: "hostport-pod",         told: ["pass"], why: TWO_PODS },
  { recorded: "sidecar-redirect",             scenario: "hostport-external",    told: ["pass"], why: SIDECAR },
  { recorded: "broken-sidecar-bypassed",      scenario: "hostport-external",    told: ["pass"], why: SIDECAR },
  { recorded: "broken-sidecar-not-listening", scenario: "hostport-external",    told: [SHUT, "answered PC011"], why: `${SIDECAR}, and it refuses` },
  { recorded: "ingress",                      scenario: "hostnetwork-external", told: ["pass"], why: HOST_NETWORK },
  { recorded: "ingress-proxy-protocol",       scenario: "hostnetwork-external", told: ["pass"], why: HOST_NETWORK },
  { recorded: "broken-ingress-endpoint-down", scenario: "hostnetwork-external", told: ["pass"], why: `${HOST_NETWORK}; it answers 502` },
  { recorded: "broken-hostnetwork-nothing-listening", scenario: "hostnetwork-external", told: ["answered PC019"], why: "the client dials the hostNetwork pod, which does not listen" },
  { recorded: "docker-host",                  scenario: "hostnetwork-external", told: ["pass"], why: DOCKER_HOST },
  { recorded: "node-to-pod",                  scenario: "hostport-node",        told: ["pass"], why: OWN_ADDRESS },
];

// Without a topology the name of the scenario says that there is a hostPort, and it is believed.
const SERVICE_MASQUERADE =
  "the pod alone shows a stranger's masquerade; that a Service's is right no capture says";
const SERVICE_KEEPS = "a NodePort or balancer that keeps the client looks as a hostPort does";
const PUBLISHED = "a port that Docker publishes looks as a hostPort does";
const NOT_A_HOST_PORT = "the node itself ends what is dialled: no hostPort's rule translates it";
const REJECTED = "a Service's port that is dialled and refused, lost or rejected, as a hostPort is";
const DOCKER_PROXY = "docker-proxy, and not the hairpin's rules, leads the container to itself";
const SOLE_DIAL = "all that the pod dials, in vain, is taken for its own hostPort";

// prettier-ignore
const NOTHING_SAID: readonly Row[] = [
  { recorded: "hostport-two-pods",               scenario: "hostport-external",    told: ["pass"], why: TWO_PODS },
  { recorded: "hostport-two-pods",               scenario: "hostport-node",        told: ["pass"], why: TWO_PODS },
  { recorded: "sidecar-redirect",                scenario: "hostport-external",    told: ["pass"], why: SIDECAR },
  { recorded: "broken-sidecar-bypassed",         scenario: "hostport-external",    told: ["pass"], why: SIDECAR },
  { recorded: "broken-sidecar-not-listening",    scenario: "hostport-external",    told: [SHUT, "answered PC011"], why: `${SIDECAR}, and it refuses` },
  { recorded: "ingress-proxy-protocol",          scenario: "hostnetwork-external", told: ["pass"], why: HOST_NETWORK },
  { recorded: "broken-ingress-endpoint-down",    scenario: "hostnetwork-external", told: ["pass"], why: HOST_NETWORK },
  { recorded: "userspace-proxy",                 scenario: "hostnetwork-external", told: ["pass"], why: "kube-proxy itself ends the client's connection, as a hostNetwork pod does" },
  { recorded: "docker-host",                     scenario: "hostnetwork-external", told: ["pass"], why: DOCKER_HOST },
  { recorded: "broken-docker-published-held-port", scenario: "hostnetwork-external", told: ["pass"], why: "the daemon, which holds the port, ends the connection, as a hostNetwork pod does" },
  { recorded: "broken-docker-published-through-proxy", scenario: "hostnetwork-external", told: ["pass"], why: "docker-proxy ends the connection, as a hostNetwork pod does" },
  { recorded: "broken-hostnetwork-nothing-listening", scenario: "hostnetwork-external", told: ["answered PC019"], why: "the client dials the hostNetwork pod, which does not listen" },
  { recorded: "broken-docker-published-no-dnat", scenario: "hostnetwork-external", told: ["answered PC019"], why: "the node itself refuses" },

  { recorded: "docker-published",                scenario: "hostport-external",    told: ["pass"], why: PUBLISHED },
  { recorded: "docker-published-no-proxy",       scenario: "hostport-external",    told: ["pass"], why: PUBLISHED },
  { recorded: "docker-published-no-proxy",       scenario: "hostport-localhost",   told: ["pass"], why: PUBLISHED },
  { recorded: "docker-published-no-proxy",       scenario: "hostport-hairpin",     told: ["pass"], why: PUBLISHED },
  { recorded: "broken-docker-container-icc",     scenario: "hostport-external",    told: ["pass"], why: PUBLISHED },
  { recorded: "broken-docker-forward-drop",      scenario: "hostport-node",        told: ["pass"], why: `${PUBLISHED}; the node's own packets pass OUTPUT, not FORWARD` },
  { recorded: "broken-nodeport-no-masquerade",   scenario: "hostport-external",    told: ["answered PC012", "pass"], why: SERVICE_KEEPS },
  { recorded: "broken-nodeport-no-masquerade",   scenario: "hostport-localhost",   told: ["source masqueraded PC003, answered PC012", "source masqueraded PC003, answered PC013"], why: "127.0.0.1 at the pod is wrong of a NodePort too" },
  { recorded: "health-check-node-port",          scenario: "hostport-external",    told: ["pass"], why: SERVICE_KEEPS },

  ...[
    "broken-clusterip-other-endpoint",
    "broken-endpoint-choice",
    "broken-nodeport-local-as-cluster",
    "broken-return-route",
    "broken-session-affinity",
    "clusterip-outside",
    "externalip",
    "loadbalancer",
    "nodeport-200-connections",
    "nodeport-cluster",
    "session-affinity",
  ].map((recorded) => ({ recorded, scenario: "hostport-external", told: [MASQ], why: SERVICE_MASQUERADE })),
  { recorded: "broken-conntrack-entry-lost",     scenario: "hostport-external",    told: [MASQ], why: SERVICE_MASQUERADE },
  { recorded: "broken-nodeport-forward-reject",  scenario: "hostport-external",    told: ["answered PC011"], why: REJECTED },
  { recorded: "nodeport-no-endpoints",           scenario: "hostport-external",    told: ["answered PC011"], why: REJECTED },
  { recorded: "nodeport-local-no-endpoint",      scenario: "hostport-external",    told: ["answered PC009", "answered PC013"], why: REJECTED },
  { recorded: "ingress",                         scenario: "hostport-external",    told: [NODE], why: NOT_A_HOST_PORT },
  { recorded: "broken-ingress-endpoint-down",    scenario: "hostport-external",    told: [NODE], why: NOT_A_HOST_PORT },
  { recorded: "broken-hostnetwork-nothing-listening", scenario: "hostport-external", told: [`${NODE}, answered PC005`], why: NOT_A_HOST_PORT },
  { recorded: "broken-docker-published-held-port", scenario: "hostport-external",  told: [NODE], why: NOT_A_HOST_PORT },
  { recorded: "broken-docker-published-through-proxy", scenario: "hostport-external", told: [NODE], why: NOT_A_HOST_PORT },
  { recorded: "broken-docker-published-through-proxy", scenario: "hostport-node",  told: ["seen at every point it must cross PC016"], why: DOCKER_PROXY },
  { recorded: "hostnetwork-node",                scenario: "hostport-node",        told: ["seen at every point it must cross PC016"], why: NOT_A_HOST_PORT },
  { recorded: "docker-published-no-proxy",       scenario: "hostport-node",        told: [MASQ], why: "Docker masquerades the node's own address, portmap does not" },
  { recorded: "docker-published-no-proxy",       scenario: "hostport-pod",         told: ["source masqueraded PC004"], why: "Docker masquerades a container to itself alone, portmap all" },
  { recorded: "broken-clusterip-no-bridge-nf",   scenario: "hostport-pod",         told: ["answered PC015, reply translated back PC014"], why: "the answer that no bridge-nf translates back is a hostPort's fault as well" },
  { recorded: "broken-egress-no-masquerade",     scenario: "hostport-hairpin",     told: ["answered PC008", "delivered PC008, answered PC008", "delivered PC008, reply translated back PC014"], why: SOLE_DIAL },
  { recorded: "broken-docker-egress-no-masquerade", scenario: "hostport-hairpin",  told: ["delivered PC008, reply translated back PC014, seen at every point it must cross PC016"], why: SOLE_DIAL },
  { recorded: "broken-docker-forward-drop",      scenario: "hostport-hairpin",     told: ["delivered PC008, answered PC008"], why: SOLE_DIAL },
];

type Asked = Omit<Question, "scenario">;

/** Everything together, and every capture alone. */
function* withItsTopology(recorded: string): Iterable<Asked> {
  for (const mode of modesOf(recorded)) {
    if (mode.endsWith("with topology")) yield MODES[mode](recorded);
  }
  const given = withTopology(recorded);
  for (const capture of capturesOf(recorded)) yield { captures: [capture], given };
}

function* withNothing(recorded: string): Iterable<Asked> {
  for (const mode of modesOf(recorded)) {
    const asked: Asked = MODES[mode](recorded);
    if (asked.given === undefined || asked.given === NOTHING_GIVEN) yield asked;
  }
}

/** Scenario by scenario, what is neither `inconclusive` nor silent. */
async function toldOf(ways: Iterable<Asked>): Promise<Record<string, readonly string[]>> {
  const told: Record<string, readonly string[]> = {};
  const all = [...ways];
  for (const { name: scenario } of ROW_SCENARIOS) {
    const reports = await Promise.all(all.map((asked) => ask({ scenario, ...asked })));
    const outcomes = new Set(reports.map(outcomeOf));
    outcomes.delete("inconclusive");
    if (outcomes.size > 0) told[scenario] = [...outcomes].sort();
  }
  return told;
}

const expectedOf = (rows: readonly Row[], recorded: string): Record<string, readonly string[]> =>
  Object.fromEntries(
    rows
      .filter((row) => row.recorded === recorded)
      .map(({ scenario, told }) => [scenario, told.toSorted()]),
  );

describe("with its topology", () => {
  test.each(OTHER_CASES)("%s", async (recorded) => {
    const told = await toldOf(withItsTopology(recorded));
    expect(told).toEqual(expectedOf(WITH_TOPOLOGY, recorded));
  });
});

describe("with nothing said", () => {
  test.each(OTHER_CASES)("%s", async (recorded) => {
    const told = await toldOf(withNothing(recorded));
    expect(told).toEqual(expectedOf(NOTHING_SAID, recorded));
  });
});

/** What a look-alike rests on is an assumption, so that a strict reader is told nothing. */
describe("--strict decides only what is really there", () => {
  const REAL = WITH_TOPOLOGY.filter(({ why }) => why !== OWN_ADDRESS);

  test.each(OTHER_CASES)("%s", async (recorded) => {
    const ways = [...withItsTopology(recorded), ...withNothing(recorded)];
    const strict = ways.map((asked) => ({ ...asked, strict: true }));
    const told = await toldOf(strict);
    const expected = expectedOf(REAL, recorded);
    const stray = Object.entries(told).flatMap(([scenario, outcomes]) =>
      outcomes
        .filter((outcome) => !expected[scenario]?.includes(outcome))
        .map((outcome) => `${scenario}: ${outcome}`),
    );
    expect(stray).toEqual([]);
  });
});

test("every row is about a case and a scenario that there are", () => {
  const names = new Set(ROW_SCENARIOS.map(({ name }) => name));
  const rows = [...WITH_TOPOLOGY, ...NOTHING_SAID];
  expect(rows.filter(({ recorded }) => !OTHER_CASES.includes(recorded))).toEqual([]);
  expect(rows.filter(({ scenario }) => !names.has(scenario))).toEqual([]);
});
