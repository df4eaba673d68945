/**
 * Captures of traffic that only looks like a scenario's, recorded on a real kernel: what a Service, a
 * NAT router, a routed pod network or a late capture may not be taken for.
 */
import { describe, expect, test } from "vitest";
import type { GivenFacts } from "#cluster/facts.js";
import { SCENARIOS } from "#expected/scenarios/index.js";
import type { Report } from "#verify/report.js";
import {
  missingOf,
  MODE_NAMES,
  MODES,
  outcomeOf,
  ROW_SCENARIOS,
  withTopology,
} from "../support/verify-cases.js";
import {
  ask,
  captureOf,
  capturesOf,
  LAB_FLAGS,
  NOTHING_GIVEN,
  topologyOf,
  type NamedCapture,
} from "../support/verify-recorded.js";

const EXTERNAL = "hostport-external";
const TOPOLOGY = "with topology";

/** `node1.eth0 pod-p1a.eth0` of a case, or `all`; then what is said beside them. */
interface Mode {
  readonly recorded: string;
  readonly points: string;
  readonly given: "nothing given" | "with topology" | "with flags";
  readonly strict?: boolean;
}

interface Question extends Mode {
  readonly scenario: string;
}

const inWords = ({ recorded, scenario, points, given, strict = false }: Question): string =>
  `${recorded} as ${scenario}, ${points}, ${given}${strict ? ", --strict" : ""}`;

function reportOf({
  recorded,
  scenario,
  points,
  given,
  strict = false,
}: Question): Promise<Report> {
  return ask({
    scenario,
    captures: namedCaptures(recorded, points),
    given: GIVEN[given](recorded),
    strict,
  });
}

function namedCaptures(recorded: string, points: string): readonly NamedCapture[] {
  if (points === "all") return capturesOf(recorded);
  return points.split(" ").map((point) => captureOf(recorded, point));
}

const GIVEN: Record<Mode["given"], (recorded: string) => GivenFacts> = {
  "nothing given": () => NOTHING_GIVEN,
  "with topology": withTopology,
  "with flags": () => LAB_FLAGS,
};

/** The case's own client ports with their verdicts; `*` for a port that the node made up. */
function clientsOf({ connections }: Report): string {
  const words = connections.flatMap(({ sightings: [first], verdict }) => {
    const port = first?.source.port ?? 0;
    if (port === 40_001 || port === 40_002) return [];
    return `${port > 41_000 && port < 42_100 ? port : "*"} ${SHORT[verdict]}`;
  });
  return words.join(", ");
}

const SHORT = { pass: "pass", fail: "fail", inconclusive: "?", "not applicable": "-" };

const EDGES = "node1.eth0 pod-p1a.eth0";
const BRIDGE = "node1.cni0 pod-p1a.eth0";
const LARGE = "data arrives PC020";
const DEAF = "reply translated back PC014";

// `?` is undecided, `-` not a connection of the scenario.
// prettier-ignore
const ROWS: readonly (Question & { readonly expected: string; readonly clients: string })[] = [
  { recorded: "broken-large-packets-dropped", scenario: EXTERNAL, points: EDGES,        given: TOPOLOGY,               expected: LARGE,  clients: "41001 pass, 41002 fail" },
  { recorded: "broken-large-packets-dropped", scenario: EXTERNAL, points: EDGES,        given: TOPOLOGY, strict: true, expected: LARGE,  clients: "41001 pass, 41002 fail" },
  { recorded: "broken-large-packets-dropped", scenario: EXTERNAL, points: EDGES,        given: "nothing given",        expected: LARGE,  clients: "41001 pass, 41002 fail" },
  { recorded: "broken-large-packets-dropped", scenario: EXTERNAL, points: "all",        given: TOPOLOGY,               expected: LARGE,  clients: "41001 pass, 41002 fail" },
  { recorded: "broken-large-packets-dropped", scenario: EXTERNAL, points: "node1.any",  given: TOPOLOGY,               expected: LARGE,  clients: "41001 pass, 41002 fail" },
  { recorded: "broken-large-packets-dropped", scenario: EXTERNAL, points: "node1.eth0", given: TOPOLOGY,               expected: LARGE,  clients: "41001 ?, 41002 fail" },
  { recorded: "broken-large-packets-dropped", scenario: EXTERNAL, points: "pod-p1a.eth0", given: TOPOLOGY,             expected: "inconclusive", clients: "41001 pass, 41002 ?" },

  { recorded: "broken-udp-replies-dropped",   scenario: EXTERNAL, points: EDGES,        given: TOPOLOGY,               expected: DEAF,   clients: "42000 pass, 42002 fail, 42001 pass" },
  { recorded: "broken-udp-replies-dropped",   scenario: EXTERNAL, points: EDGES,        given: TOPOLOGY, strict: true, expected: DEAF,   clients: "42000 pass, 42002 fail, 42001 pass" },
  { recorded: "broken-udp-replies-dropped",   scenario: EXTERNAL, points: "all",        given: TOPOLOGY,               expected: DEAF,   clients: "42000 pass, 42002 fail, 42001 pass" },
  { recorded: "broken-udp-replies-dropped",   scenario: EXTERNAL, points: "pod-p1a.eth0", given: TOPOLOGY,             expected: "inconclusive", clients: "42000 ?, 42002 ?, 42001 ?" },

  { recorded: "pod-dialled-by-address",       scenario: EXTERNAL, points: EDGES,        given: TOPOLOGY,               expected: "pass", clients: "41001 pass, 41002 pass, 41003 -, 41004 -" },
  { recorded: "pod-dialled-by-address",       scenario: EXTERNAL, points: EDGES,        given: "nothing given",        expected: "pass", clients: "41001 pass, 41002 pass, 41003 -, 41004 -" },
  { recorded: "pod-dialled-by-address",       scenario: EXTERNAL, points: EDGES,        given: TOPOLOGY, strict: true, expected: "pass", clients: "41001 pass, 41002 pass, 41003 -, 41004 -" },
  { recorded: "pod-dialled-by-address",       scenario: EXTERNAL, points: "all",        given: TOPOLOGY,               expected: "pass", clients: "41001 pass, 41002 pass, 41003 -, 41004 -" },
  { recorded: "pod-dialled-by-address",       scenario: EXTERNAL, points: "node1.any",  given: TOPOLOGY,               expected: "pass", clients: "41001 pass, 41002 pass, 41003 -, 41004 -" },

  { recorded: "service-beside-hostport",      scenario: EXTERNAL, points: BRIDGE,       given: TOPOLOGY,               expected: "inconclusive", clients: "41001 pass, 41002 pass, * ?, * -, * -, * -, 41007 -, 41008 -" },
  { recorded: "service-beside-hostport",      scenario: EXTERNAL, points: EDGES,        given: TOPOLOGY,               expected: "pass", clients: "41001 pass, 41002 pass, 41003 -, * -, * -, * -, 41007 -, 41008 -" },
  { recorded: "service-beside-hostport",      scenario: EXTERNAL, points: "all",        given: TOPOLOGY,               expected: "pass", clients: "41001 pass, 41002 pass, 41003 -, * -, * -, * -, 41007 -, 41008 -" },
  { recorded: "service-beside-hostport",      scenario: EXTERNAL, points: "all",        given: "nothing given",        expected: "pass", clients: "41001 pass, 41002 pass, 41003 -, * -, * -, * -, 41007 -, 41008 -" },

  { recorded: "hostport-pod-no-bridge-nf",    scenario: "hostport-pod", points: "all",  given: TOPOLOGY,               expected: "pass", clients: "41001 pass, 41002 pass" },
  { recorded: "hostport-pod-no-bridge-nf",    scenario: "hostport-pod", points: "all",  given: TOPOLOGY, strict: true, expected: "pass", clients: "41001 pass, 41002 pass" },
  { recorded: "hostport-pod-no-bridge-nf",    scenario: "hostport-pod", points: EDGES,  given: TOPOLOGY,               expected: "inconclusive", clients: "41001 ?, 41002 ?" },
  { recorded: "hostport-pod-no-bridge-nf",    scenario: EXTERNAL, points: EDGES,        given: TOPOLOGY,               expected: "inconclusive", clients: "41001 ?, 41002 ?" },

  { recorded: "hostport-mid-connection",      scenario: EXTERNAL, points: EDGES,        given: TOPOLOGY,               expected: "pass", clients: "41001 pass, 41002 pass" },
  { recorded: "hostport-mid-connection",      scenario: EXTERNAL, points: EDGES,        given: TOPOLOGY, strict: true, expected: "pass", clients: "41001 pass, 41002 pass" },
  { recorded: "hostport-mid-connection",      scenario: EXTERNAL, points: EDGES,        given: "with flags",           expected: "pass", clients: "41001 pass, 41002 pass" },
  { recorded: "hostport-mid-connection",      scenario: EXTERNAL, points: "all",        given: TOPOLOGY,               expected: "pass", clients: "41001 pass, 41002 pass" },

  { recorded: "hostport-client-behind-nat",   scenario: EXTERNAL, points: `client.eth0 ${EDGES}`, given: TOPOLOGY,     expected: "pass", clients: "41001 pass, 41002 pass" },
  { recorded: "hostport-client-behind-nat",   scenario: EXTERNAL, points: `client.eth0 ${EDGES}`, given: TOPOLOGY, strict: true, expected: "pass", clients: "41001 pass, 41002 pass" },
  { recorded: "hostport-client-behind-nat",   scenario: EXTERNAL, points: "all",        given: TOPOLOGY,               expected: "pass", clients: "41001 pass, 41002 pass" },
  { recorded: "hostport-client-behind-nat",   scenario: EXTERNAL, points: "pod-p1a.eth0", given: "nothing given",      expected: "inconclusive", clients: "41001 ?, 41002 ?" },

  { recorded: "pod-egress-mid-connection",    scenario: EXTERNAL, points: "download",   given: "nothing given",        expected: "inconclusive", clients: "" },
  { recorded: "pod-egress-mid-connection",    scenario: EXTERNAL, points: "download",   given: TOPOLOGY,               expected: "inconclusive", clients: "" },
  { recorded: "pod-egress-mid-connection",    scenario: EXTERNAL, points: EDGES,        given: TOPOLOGY,               expected: "inconclusive", clients: "" },
  { recorded: "pod-egress-mid-connection",    scenario: EXTERNAL, points: "all",        given: TOPOLOGY,               expected: "inconclusive", clients: "" },
  { recorded: "pod-egress-mid-connection",    scenario: EXTERNAL, points: "all",        given: "nothing given",        expected: "inconclusive", clients: "" },
  { recorded: "pod-egress-mid-connection",    scenario: EXTERNAL, points: "node1.any",  given: "nothing given",        expected: "inconclusive", clients: "" },
];

describe("mixed traffic under the scenario it is about", () => {
  test.each(ROWS.map((row) => [inWords(row), row] as const))("%s", async (_, row) => {
    const report = await reportOf(row);
    const { expected, clients } = row;
    expect({ outcome: outcomeOf(report), clients: clientsOf(report) }).toEqual({
      outcome: expected,
      clients,
    });
  });
});

const HEALTHY = [
  "pod-dialled-by-address",
  "service-beside-hostport",
  "hostport-pod-no-bridge-nf",
  "hostport-mid-connection",
  "hostport-client-behind-nat",
  "pod-egress-mid-connection",
];

/** What each is really about; nothing, where nobody dials. */
const SCENARIO: Readonly<Record<string, string>> = {
  "pod-dialled-by-address": EXTERNAL,
  "service-beside-hostport": EXTERNAL,
  "hostport-pod-no-bridge-nf": "hostport-pod",
  "hostport-mid-connection": EXTERNAL,
  "hostport-client-behind-nat": EXTERNAL,
};

describe("healthy traffic of another kind is neither passed nor accused", () => {
  test.each(HEALTHY)("%s", async (recorded) => {
    const told: string[] = [];
    for (const { name: scenario } of ROW_SCENARIOS) {
      if (scenario === SCENARIO[recorded]) continue;
      for (const points of ["all", EDGES, BRIDGE, "pod-p1a.eth0", "node1.any"]) {
        for (const strict of [false, true]) {
          const question = { recorded, scenario, points, given: TOPOLOGY, strict } as const;
          const outcome = outcomeOf(await reportOf(question));
          if (outcome !== "inconclusive") told.push(`${inWords(question)}: ${outcome}`);
        }
      }
    }
    expect(told).toEqual([]);
  });

  test.each([
    "pod-dialled-by-address",
    "hostport-pod-no-bridge-nf",
    "hostport-mid-connection",
    "hostport-client-behind-nat",
    "pod-egress-mid-connection",
  ])("%s: no mode and no scenario accuses the node", async (recorded) => {
    const told: string[] = [];
    for (const { name: scenario } of SCENARIOS) {
      for (const mode of MODE_NAMES) {
        const report = await ask({ scenario, ...MODES[mode](recorded) });
        if (report.verdict === "fail") {
          told.push(`${recorded} as ${scenario}, ${mode}: ${outcomeOf(report)}`);
        }
      }
    }
    expect(told).toEqual([]);
  });
});

describe("a node's uplink is not a pod's capture, whatever it is called", () => {
  const recorded = [
    "broken-extra-masquerade",
    "broken-no-dnat",
    "broken-forward-drop",
    "hostnetwork-external",
    EXTERNAL,
  ];

  test.each(recorded)("%s", async (name) => {
    const told: string[] = [];
    for (const point of ["trace", "capture", "pod:p1a", "pod:p1a@node1/eth0"]) {
      for (const given of ["nothing given", "with flags", TOPOLOGY] as const) {
        if (isTakenAtItsWord({ name, point, given })) continue;
        const captures = [captureOf(name, "node1.eth0", point)];
        const report = await ask({ scenario: EXTERNAL, captures, given: GIVEN[given](name) });
        const outcome = outcomeOf(report);
        if (outcome === "pass" || /PC010|PC012/.test(outcome)) {
          told.push(`${name} as ${EXTERNAL}, ${point}=node1.eth0.pcap, ${given}: ${outcome}`);
        }
      }
    }
    expect(told).toEqual([]);
  });

  /** Where the node itself answers, or nobody, the packets do not tell a pod's name wrong. */
  function isTakenAtItsWord(mode: { name: string; point: string; given: string }): boolean {
    const isRouted = ["broken-extra-masquerade", EXTERNAL].includes(mode.name);
    return !isRouted && mode.point.startsWith("pod:") && mode.given === "nothing given";
  }
});

test("what joins a connection without a handshake at eth0 and in the pod is said", async () => {
  const { connections } = await reportOf({
    recorded: "hostport-mid-connection",
    scenario: EXTERNAL,
    points: EDGES,
    given: TOPOLOGY,
  });
  const joined = connections.filter(({ verdict }) => verdict === "pass");
  expect(joined.map(({ sightings }) => sightings.map(({ point }) => point))).toEqual([
    ["node1.eth0", "node1.eth0", "pod-p1a.eth0", "pod-p1a.eth0"],
    ["node1.eth0", "node1.eth0", "pod-p1a.eth0", "pod-p1a.eth0"],
  ]);
  expect(joined.map(({ joinedBy }) => joinedBy)).not.toContain(undefined);
});

test("what is missing for a Service's client is a capture that shows what it dialled", async () => {
  const report = await reportOf({
    recorded: "service-beside-hostport",
    scenario: EXTERNAL,
    points: BRIDGE,
    given: TOPOLOGY,
  });
  expect(missingOf(report)).toEqual([
    "a capture at the node's uplink (NODE/eth0=FILE), which shows what was dialled",
  ]);
});

test("a download from the middle: it says that nothing was checked, and why", async () => {
  const { notes } = await reportOf({
    recorded: "pod-egress-mid-connection",
    scenario: EXTERNAL,
    points: "download",
    given: "nothing given",
  });
  expect(notes).toEqual([
    "no connection of hostport-external in the capture: nothing was checked; `pcapcheck flows` lists what is there",
    expect.stringContaining("1 connection without a handshake in the captures"),
  ]);
});

describe("a topology that gives the pod another address than its own capture shows", () => {
  const topology = topologyOf(EXTERNAL);
  const stale = {
    ...topology,
    pods: topology.pods.map((pod) =>
      pod.name === "p1a" ? { ...pod, address: "10.233.1.9" } : pod,
    ),
  };

  test.each([EDGES, "all"])("%s: inconclusive, and it says so", async (points) => {
    const captures = namedCaptures(EXTERNAL, points);
    const report = await ask({
      scenario: EXTERNAL,
      captures,
      given: { ...NOTHING_GIVEN, topology: stale },
    });
    expect(report.verdict).toBe("inconclusive");
    expect(missingOf(report)).toContain(
      "pod-p1a.eth0 shows the pod at 10.233.1.2, the topology says 10.233.1.9: which holds?",
    );
  });
});
