/** Every diagnosis is in the list, is reached, and is not what its healthy twin is told. */
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readTopology } from "#cluster/topology-file.js";
import { readScenarioFile } from "#expected/scenario-files/scenario-file.js";
import { DIAGNOSES } from "#verify/diagnoses/index.js";
import { AFFINITY_BROKEN } from "#verify/replay/diagnoses/affinity-broken.js";
import { REPLAY_DIAGNOSES } from "#verify/replay/diagnoses/index.js";
import { SIDECAR_BYPASSED } from "#verify/replay/diagnoses/sidecar-bypassed.js";
import { UNEVEN_CHOICE } from "#verify/replay/diagnoses/uneven-choice.js";
import { CHECK_NAMES, type CheckName, type Report } from "#verify/report.js";
import { MODES, outcomeOf, SCENARIO_OF } from "../support/verify-cases.js";
import type { Seen } from "../support/verify-connection.js";
import { ask, LAB_FLAGS, NOTHING_GIVEN } from "../support/verify-recorded.js";
import { run, type Run } from "../support/verify-run.js";

const FOLDER = new URL("../../src/verify/diagnoses/", import.meta.url);

/** Modules beside the diagnoses that are none. */
const HELPERS = new Set(["index.ts", "diagnosis.ts"]);

const twice = (values: readonly string[]): readonly string[] =>
  values.filter((value, at) => values.indexOf(value) !== at);

/** What a connection is and what a proxy says of it are decided, or they are not. */
const NEVER_FAIL: ReadonlySet<CheckName> = new Set([
  "connection of this scenario",
  "client handed on",
]);

/** Of many connections together; their checks name them. */
const ACROSS = [
  { ...UNEVEN_CHOICE, checks: ["endpoint choice"] as const },
  { ...AFFINITY_BROKEN, checks: ["session affinity"] as const },
  { ...SIDECAR_BYPASSED, checks: ["second connection"] as const },
];
const ALL = [...DIAGNOSES, ...REPLAY_DIAGNOSES, ...ACROSS];

describe("the list of diagnoses", () => {
  test("holds every file of the folder, under its own name", () => {
    const files = readdirSync(FOLDER).filter((file) => !HELPERS.has(file));
    expect(DIAGNOSES.map(({ id }) => `${id}.ts`).toSorted()).toEqual(files.toSorted());
  });

  test("has a code of its own for each, and no gap", () => {
    const codes = ALL.map(({ code }) => code);
    expect(twice(ALL.map(({ id }) => id))).toEqual([]);
    expect(twice(codes)).toEqual([]);
    expect(codes.toSorted()).toEqual(
      codes.map((_code, at) => `PC${String(at + 1).padStart(3, "0")}`),
    );
  });

  test.each(ALL)("$code $id says what happened, why, and what to do", (diagnosis) => {
    const { title, explanation, remedy, checks } = diagnosis;
    expect(title).toMatch(/^[^A-Z].*[^.]$/);
    expect(explanation).toMatch(/\.$/);
    expect(remedy).toMatch(/[^.]$/);
    // A line that was broken in the source must not show.
    expect(`${title} ${explanation} ${remedy}`).not.toMatch(/ {2}|\w- \w/);
    expect(checks.filter((check) => !CHECK_NAMES.includes(check))).toEqual([]);
    expect(twice(checks)).toEqual([]);
  });

  test("leaves no check without one that always fits", () => {
    const explained = new Set(ALL.flatMap(({ checks }) => [...checks]));
    const checks = CHECK_NAMES.filter((name) => !NEVER_FAIL.has(name));
    expect(checks.filter((name) => !explained.has(name))).toEqual([]);
  });
});

// Hand-made where no recorded case has the fault: 203.0.113.7 dials 10.20.32.204:9000 of 10.233.1.2.
const AT_NODE: Seen = {
  at: "node1.eth0",
  tuple: "203.0.113.7:41001 > 10.20.32.204:9000",
  ttl: [63, 63],
};
const IN_POD: Seen = { at: "pod:web", tuple: "203.0.113.7:41001 > 10.233.1.2:8080", ms: 1 };
const AT_CLIENT: Seen = { ...AT_NODE, at: "client", ttl: [64, 62] };

/** Two more, one before and one after: they prove that the point was recording. */
function aroundAt(at: "client" | "pod:web"): readonly Seen[] {
  const end = at === "client" ? "10.20.32.204:9000" : "10.233.1.2:8080";
  const ttl = at === "client" ? 64 : 62;
  return [
    { at, tuple: `203.0.113.7:42001 > ${end}`, isn: [1, 2], ttl: [ttl, 64], ms: -500 },
    { at, tuple: `203.0.113.7:42002 > ${end}`, isn: [3, 4], ttl: [ttl, 64], ms: 500 },
  ];
}

/** A user's own row: portmap's rules keep the client's address. */
const BY_THE_BRIDGE = readScenarioFile({
  file: "my.yaml",
  text: `schema: pcapcheck.scenario/v1
name: by-the-bridge
target: hostPort
rows:
- name: a client to a hostPort
  client: external
  source: bridge
  points:
  - { at: pod, requests: [bridge > pod], replies: [pod > bridge] }
`,
});

const external = (...seen: readonly Seen[]): Run => ({ scenario: "hostport-external", seen });
const HOST_NETWORK = { ...NOTHING_GIVEN, node: ["10.20.32.204"], hostPort: 8081 };
const AT_SOCKET: Seen = { ...AT_NODE, tuple: "203.0.113.7:41001 > 10.20.32.204:8081" };

interface Fault {
  readonly code: string;
  readonly fault: string | Run;
  /** The same without the fault. */
  readonly healthy: string | Run;
}

// prettier-ignore
const FAULTS: readonly Fault[] = [
  { code: "PC001", fault: "broken-extra-masquerade", healthy: "hostport-external" },
  {
    code: "PC002",
    fault: external(AT_NODE, { ...IN_POD, tuple: "192.0.2.55:41001 > 10.233.1.2:8080" }),
    healthy: external(AT_NODE, IN_POD),
  },
  { code: "PC003", fault: "broken-localhost-no-masquerade", healthy: "hostport-localhost" },
  { code: "PC004", fault: "broken-hairpin-off-promisc", healthy: "hostport-hairpin-promisc" },
  { code: "PC005", fault: "broken-no-dnat", healthy: "hostport-external" },
  { code: "PC006", fault: "broken-udp-stale-conntrack", healthy: "hostport-udp" },
  {
    code: "PC007",
    fault: external(AT_NODE, { ...IN_POD, at: "node1.cni0", tuple: "203.0.113.7:41001 > 10.233.1.9:8080" }),
    healthy: external(AT_NODE, { ...IN_POD, at: "node1.cni0" }, IN_POD),
  },
  { code: "PC008", fault: "broken-hairpin-off", healthy: "hostport-hairpin" },
  { code: "PC009", fault: "broken-forward-drop", healthy: "hostport-external" },
  { code: "PC010", fault: "broken-nothing-listening", healthy: "hostport-external" },
  {
    code: "PC011",
fault: external({ ...AT_NODE, at: "client", isn: [1000, undefined], ttl: [64, undefined], syns: [2, 0], packets: [2, 0], icmpErrors: [{ type: 3, code: 13, from: "10.20.32.204" }] }),
    healthy: external(AT_NODE, IN_POD),
  },
  {
    code: "PC012",
    fault: external({ ...IN_POD, isn: [1000, undefined], ttl: [62, undefined], syns: [4, 0], packets: [4, 0] }),
    healthy: external(IN_POD),
  },
  {
    code: "PC013",
    fault: external({ ...AT_NODE, at: "client", isn: [1000, undefined], ttl: [64, undefined], syns: [4, 0], packets: [4, 0] }),
    healthy: external({ ...AT_NODE, at: "client", ttl: [64, 62] }, IN_POD),
  },
  {
    code: "PC014",
    fault: external({ ...IN_POD, syns: [3, 4], packets: [3, 4] }),
    healthy: external(IN_POD),
  },
  {
    code: "PC015",
    fault: external(AT_NODE, IN_POD, { at: "client", tuple: "203.0.113.7:41001 > 10.233.1.2:8080", isn: [1000, 2000], ttl: [undefined, 62], packets: [0, 1], ms: 2 }),
    healthy: external(AT_NODE, IN_POD, { at: "client", tuple: "203.0.113.7:41001 > 10.20.32.204:9000", isn: [1000, 2000], ttl: [undefined, 62], packets: [0, 1], ms: 2 }),
  },
  {
    code: "PC016",
    fault: external(AT_NODE, IN_POD, { ...IN_POD, at: "node1.lo" }),
    healthy: { ...external(AT_NODE, IN_POD), recording: ["node1.lo"] },
  },
  {
    code: "PC017",
    fault: external(...aroundAt("pod:web"), ...aroundAt("client"), { ...AT_CLIENT, isn: [1000, undefined], ttl: [64, undefined], syns: [4, 0], packets: [4, 0] }),
    healthy: external(...aroundAt("pod:web"), ...aroundAt("client"), AT_CLIENT, IN_POD),
  },
  {
    code: "PC018",
    fault: { scenario: "hostnetwork-external", given: HOST_NETWORK, seen: [{ ...AT_SOCKET, ttl: [63, 63] }] },
    healthy: { scenario: "hostnetwork-external", given: HOST_NETWORK, seen: [{ ...AT_SOCKET, ttl: [63, 64] }] },
  },
  {
    code: "PC019",
    fault: { scenario: "hostnetwork-external", given: HOST_NETWORK, seen: [{ ...AT_SOCKET, isn: [1000, undefined], ttl: [63, 64], packets: [1, 1], resets: [0, 1] }] },
    healthy: { scenario: "hostnetwork-external", given: HOST_NETWORK, seen: [{ ...AT_SOCKET, ttl: [63, 64] }] },
  },
  {
    code: "PC020",
    fault: external({ ...AT_NODE, data: [1400, 0], repeated: 3 }, { ...IN_POD, data: [0, 0] }),
    healthy: external({ ...AT_NODE, data: [1400, 0], repeated: 3 }, { ...IN_POD, data: [1400, 0], repeated: 3 }),
  },
  {
    code: "PC040",
    fault: { scenario: BY_THE_BRIDGE, seen: [AT_NODE, { ...IN_POD, tuple: "10.233.9.9:41001 > 10.233.1.2:8080" }] },
    healthy: { scenario: BY_THE_BRIDGE, seen: [AT_NODE, { ...IN_POD, tuple: "10.233.1.1:41001 > 10.233.1.2:8080" }] },
  },
];

async function reportOf(story: string | Run): Promise<Report> {
  if (typeof story !== "string") return run(story);
  return ask({ scenario: SCENARIO_OF[story] ?? "", ...MODES["all, with topology"](story) });
}

const codesOf = ({ connections }: Report): readonly string[] =>
  connections.flatMap(({ checks }) => checks.flatMap(({ finding }) => finding?.code ?? []));

test("every diagnosis has a fault that it is about", () => {
  expect(FAULTS.map(({ code }) => code)).toEqual(DIAGNOSES.map(({ code }) => code).toSorted());
});

test.each(FAULTS)("$code is said of its fault", async ({ code, fault }) => {
  const report = await reportOf(fault);
  expect(codesOf(report)).toContain(code);
  expect(report.verdict).toBe("fail");
});

test.each(FAULTS)("the healthy twin of $code's fault passes", async ({ healthy }) => {
  const report = await reportOf(healthy);
  expect(codesOf(report)).toEqual([]);
  expect(outcomeOf(report)).toBe("pass");
});

test("a finding says what the list says of it", () => {
  const { connections } = run(external({ ...IN_POD, syns: [3, 4], packets: [3, 4] }));
  const found = connections.flatMap(({ checks }) => checks.flatMap(({ finding }) => finding ?? []));
  const listed = DIAGNOSES.find(({ id }) => id === "reply-lost");
  expect(found).toEqual([
    {
      code: listed?.code,
      id: listed?.id,
      title: listed?.title,
      explanation: listed?.explanation,
      remedy: listed?.remedy,
    },
  ]);
});

test("a topology's other node is not this node: what it masquerades is PC002, not PC001", () => {
  const topology = readTopology({
    file: "topology.yaml",
    text: `
schema: pcapcheck.topology/v1
nodes:
  - { name: node1, addresses: [10.20.32.204] }
  - { name: node2, addresses: [10.20.32.205] }
pods: [{ name: web, node: node1, address: 10.233.1.2, hostPorts: [{ hostPort: 9000, containerPort: 8080 }] }]
`,
  });
  const at = (source: string) =>
    codesOf(
      run({
        ...external(AT_NODE, { ...IN_POD, tuple: `${source}:41001 > 10.233.1.2:8080` }),
        given: { ...NOTHING_GIVEN, topology },
      }),
    );
  expect(at("10.20.32.205")).toEqual(["PC002"]);
  expect(at("10.20.32.204")).toEqual(["PC001"]);
  expect(LAB_FLAGS.topology).toBeUndefined();
});
