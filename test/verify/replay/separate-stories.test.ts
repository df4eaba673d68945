/**
 * The cases about many conversations at once and about captures that see too little, under `--scenario auto`:
 * nothing healthy fails for what a capture could not see.
 */
import { describe, expect, test } from "vitest";
import { clientPortOf } from "../../support/replay-cases.js";
import { toldOf, wholeStory } from "../../support/replay-stories.js";
import { SEPARATE_CASES } from "../../support/verify-recorded.js";

interface Row {
  readonly recorded: string;
  /** First and last source port of the story. */
  readonly ports: readonly [number, number];
  readonly scenario: string;
  readonly client: string;
  readonly outcome: readonly string[];
}

const PASS = ["pass"];
/** Where no capture may have seen enough. */
const UNSURE = ["pass", "inconclusive"];
const NODE = ["destination translated to the pod PC005, delivered PC005, answered PC005"];
const NOT_MASQUERADED = [
  "source masqueraded PC024, reply translated back PC028, seen at every point it must cross PC033",
];

const EXTERNAL = { scenario: "hostport-external", client: "external" };
const OTHER_NODE = { scenario: "hostport-pod", client: "pod-other-node" };
const HAIRPIN = { scenario: "hostport-hairpin", client: "hairpin" };
const NODE_PORT = { scenario: "nodeport-cluster", client: "external" };
const CLUSTER_IP = { scenario: "clusterip", client: "pod" };
const POD_TO_POD = { scenario: "pod-to-pod", client: "pod" };
const EGRESS = { scenario: "pod-egress", client: "pod" };

// prettier-ignore
const ROWS: readonly Row[] = [
  { recorded: "broken-hostport-notrack", ports: [41001, 41012], ...EXTERNAL,   outcome: NODE },
  { recorded: "broken-hostport-notrack", ports: [41101, 41103], ...OTHER_NODE, outcome: NODE },
  { recorded: "broken-plan-nodeport",    ports: [41001, 41002], ...NODE_PORT,  outcome: NOT_MASQUERADED },
  { recorded: "capture-kernel-drops",    ports: [41001, 41030], ...EXTERNAL,   outcome: UNSURE },
  { recorded: "capture-late-pod",        ports: [41001, 41003], ...EXTERNAL,   outcome: UNSURE },
  { recorded: "capture-one-direction",   ports: [41001, 41005], ...EXTERNAL,   outcome: UNSURE },
  { recorded: "capture-snaplen-96",      ports: [41001, 41002], ...EXTERNAL,   outcome: PASS },
  { recorded: "capture-snaplen-96",      ports: [41003, 41004], ...NODE_PORT,  outcome: UNSURE },
  { recorded: "capture-snaplen-96",      ports: [41005, 41005], ...CLUSTER_IP, outcome: UNSURE },
  { recorded: "capture-snaplen-96",      ports: [42001, 42002], ...EXTERNAL,   outcome: PASS },
  { recorded: "hostport-counted",        ports: [41001, 41012], ...EXTERNAL,   outcome: PASS },
  { recorded: "hostport-counted",        ports: [41101, 41103], ...OTHER_NODE, outcome: PASS },
  { recorded: "hostport-ipv6",           ports: [41001, 41002], ...EXTERNAL,   outcome: PASS },
  { recorded: "hostport-ipv6",           ports: [41003, 41005], ...CLUSTER_IP, outcome: PASS },
  { recorded: "hostport-ipv6",           ports: [41006, 41006], ...HAIRPIN,    outcome: PASS },
  { recorded: "hostport-ipv6",           ports: [41007, 41007], ...EGRESS,     outcome: PASS },
  { recorded: "mixed-load",              ports: [41001, 41040], ...EXTERNAL,   outcome: PASS },
  { recorded: "mixed-load",              ports: [41101, 41140], ...NODE_PORT,  outcome: PASS },
  { recorded: "mixed-load",              ports: [41301, 41320], ...CLUSTER_IP, outcome: PASS },
  { recorded: "mixed-load",              ports: [41401, 41410], ...HAIRPIN,    outcome: PASS },
  { recorded: "mixed-load",              ports: [41501, 41510], ...CLUSTER_IP, outcome: PASS },
  { recorded: "mixed-load",              ports: [41601, 41615], ...POD_TO_POD, outcome: PASS },
  { recorded: "mixed-load",              ports: [42001, 42005], ...EXTERNAL,   outcome: PASS },
  { recorded: "mixed-load",              ports: [42101, 42105], ...EXTERNAL,   outcome: PASS },
  { recorded: "mixed-load",              ports: [42201, 42203], ...POD_TO_POD, outcome: PASS },
  { recorded: "mixed-load",              ports: [42401, 42405], ...EGRESS,     outcome: PASS },
  { recorded: "mixed-load",              ports: [42501, 42505], ...EGRESS,     outcome: PASS },
  { recorded: "mixed-load",              ports: [42601, 42602], ...EXTERNAL,   outcome: UNSURE },
  { recorded: "mixed-load-late-pods",    ports: [41001, 41008], ...EXTERNAL,   outcome: PASS },
  { recorded: "mixed-load-late-pods",    ports: [41101, 41108], ...NODE_PORT,  outcome: PASS },
  { recorded: "mixed-load-late-pods",    ports: [41301, 41304], ...CLUSTER_IP, outcome: PASS },
  { recorded: "mixed-load-late-pods",    ports: [41401, 41402], ...HAIRPIN,    outcome: PASS },
  { recorded: "mixed-load-late-pods",    ports: [41501, 41502], ...CLUSTER_IP, outcome: PASS },
  { recorded: "mixed-load-late-pods",    ports: [41601, 41604], ...POD_TO_POD, outcome: PASS },
  { recorded: "mixed-load-mid-stream",   ports: [41001, 41008], ...EXTERNAL,   outcome: PASS },
  { recorded: "mixed-load-mid-stream",   ports: [41101, 41108], ...NODE_PORT,  outcome: PASS },
  { recorded: "mixed-load-mid-stream",   ports: [41301, 41304], ...CLUSTER_IP, outcome: PASS },
  { recorded: "mixed-load-mid-stream",   ports: [41401, 41402], ...HAIRPIN,    outcome: PASS },
  { recorded: "mixed-load-mid-stream",   ports: [41501, 41502], ...CLUSTER_IP, outcome: PASS },
  { recorded: "mixed-load-mid-stream",   ports: [41601, 41604], ...POD_TO_POD, outcome: PASS },
  { recorded: "mixed-load-mid-stream",   ports: [42501, 42502], ...EGRESS,     outcome: PASS },
  { recorded: "plan-nodeport",           ports: [41001, 41002], ...NODE_PORT,  outcome: PASS },
  { recorded: "recut",                   ports: [41001, 41002], ...EXTERNAL,   outcome: PASS },
  { recorded: "recut",                   ports: [41101, 41102], ...POD_TO_POD, outcome: PASS },
  { recorded: "recut",                   ports: [41201, 41202], ...OTHER_NODE, outcome: PASS },
  { recorded: "recut-mid-stream",        ports: [41001, 41002], ...EXTERNAL,   outcome: PASS },
  { recorded: "recut-mid-stream",        ports: [41101, 41102], ...POD_TO_POD, outcome: PASS },
  { recorded: "recut-mid-stream",        ports: [41201, 41202], ...OTHER_NODE, outcome: PASS },
  { recorded: "udp-fragments",           ports: [42001, 42002], ...EXTERNAL,   outcome: UNSURE },
  { recorded: "udp-fragments",           ports: [42003, 42003], ...EGRESS,     outcome: UNSURE },
  { recorded: "udp-fragments",           ports: [42004, 42004], ...POD_TO_POD, outcome: UNSURE },
];

/** Those of a row that are told otherwise, or not at all. */
async function strayOf({ recorded, ports, scenario, client, outcome }: Row) {
  const [first, last] = ports;
  const { connections } = await wholeStory(recorded);
  const named = connections
    .map((one) => ({ port: clientPortOf(one), told: toldOf(one) }))
    .filter(({ port }) => first <= port && port <= last);
  const allowed = new Set(outcome.map((one) => `${scenario} | ${client} | ${one}`));
  const others = named.filter(({ told }) => !allowed.has(told));
  const absent = last - first + 1 - new Set(named.map(({ port }) => port)).size;
  return [
    ...others.map(({ port, told }) => `${port} | ${told}`),
    ...(absent === 0 ? [] : [`${absent} are not told of`]),
  ];
}

describe("each conversation of the story", () => {
  test.each(ROWS)("$recorded: $ports $scenario", async (row) => {
    expect(await strayOf(row)).toEqual([]);
  });
});

test("every such case has a row, but for pings, which no scenario is about", () => {
  const told = new Set([...ROWS.map(({ recorded }) => recorded), "icmp-egress"]);
  expect([...told].toSorted()).toEqual(SEPARATE_CASES);
});

test.each(SEPARATE_CASES.filter((recorded) => !recorded.startsWith("broken-")))(
  "%s: nothing fails",
  async (recorded) => {
    const { connections } = await wholeStory(recorded);
    expect(connections.filter(({ verdict }) => verdict === "fail").map(toldOf)).toEqual([]);
  },
);
