/** Many connections together: the endpoints they got, against what the rules allow. */
import { describe, expect, test } from "vitest";
import type { KubeProxy, Service } from "#cluster/service.js";
import { readTopology } from "#cluster/topology-file.js";
import type { Choice } from "#verify/replay/choice.js";
import { endpointChoices } from "#verify/replay/endpoint-choice.js";
import { instant } from "../support/verify-connection.js";

const A = "10.233.1.2:8080";
const B = "10.233.2.2:8080";
const C = "10.233.2.3:8080";

const { kubeProxy: STARTED, services } = readTopology({
  file: "topology.yaml",
  text: `
schema: pcapcheck.topology/v1
nodes: [{ name: node1, addresses: [10.20.32.204] }]
services:
  - { name: default/web, clusterIPs: [10.96.0.10], ports: [{ port: 80, targetPort: 8080 }] }
  - { name: default/sticky, clusterIPs: [10.96.0.11], ports: [{ port: 80, targetPort: 8080 }], sessionAffinitySeconds: 10 }
kubeProxy: {}
`,
});
const serviceNamed = (name: string): Service => {
  const service = services.find((candidate) => candidate.name === name);
  if (!service || !STARTED) throw new Error(`no ${name}`);
  return service;
};
const WEB = serviceNamed("default/web");
const STICKY = serviceNamed("default/sticky");

const kubeProxy = (changes: Partial<KubeProxy>): KubeProxy | undefined =>
  STARTED && { ...STARTED, ...changes };

const EVEN = new Map([
  [A, 0.5],
  [B, 0.5],
]);

let connections = 0;

function choice(endpoint: string, changes: Partial<Choice> = {}): Choice {
  connections += 1;
  const id = `c${connections}`;
  return {
    connection: id,
    service: WEB,
    port: WEB.ports[0],
    node: "node1",
    client: "198.51.100.79",
    endpoint,
    probabilities: EVEN,
    time: instant(connections),
    evidence: { file: "eth0.pcap", packet: connections },
    ...changes,
  };
}

const times = (count: number, endpoint: string, changes: Partial<Choice> = {}): Choice[] =>
  Array.from({ length: count }, () => choice(endpoint, changes));

const toldOf = (list: readonly Choice[], proxy: KubeProxy | undefined = STARTED) =>
  endpointChoices(list, proxy).map(
    ({ check: { check, verdict, finding } }) =>
      `${check} ${verdict}${finding ? ` ${finding.code}` : ""}`,
  );

describe("chance, as iptables chooses", () => {
  const THIRDS = new Map([
    [A, 1 / 3],
    [B, 1 / 3],
    [C, 1 / 3],
  ]);

  // prettier-ignore
  test.each([
    { name: "as many to each",                       list: () => [...times(100, A), ...times(100, B)],                   told: ["endpoint choice pass"] },
    { name: "a split that happens",                  list: () => [...times(80, A), ...times(120, B)],                    told: ["endpoint choice pass"] },
    { name: "all to one",                            list: () => times(60, A),                                           told: ["endpoint choice fail PC034"] },
    { name: "a split that does not happen",          list: () => [...times(40, A), ...times(160, B)],                    told: ["endpoint choice fail PC034"] },
    // Even all to one, 2^-19 twice over for two endpoints, is no proof.
    { name: "too few to tell",                       list: () => times(20, A),                                           told: ["endpoint choice not applicable"] },
    { name: "enough to tell, had they all gone to one", list: () => [...times(12, A), ...times(12, B)],                  told: ["endpoint choice pass"] },
    { name: "one connection",                        list: () => times(1, A),                                            told: [] },
    { name: "an endpoint that nobody got, of three", list: () => [...times(60, A), ...times(60, B)].map((one) => ({ ...one, probabilities: THIRDS })), told: ["endpoint choice fail PC034"] },
    { name: "three of three",                        list: () => [...times(40, A), ...times(40, B), ...times(40, C)].map((one) => ({ ...one, probabilities: THIRDS })), told: ["endpoint choice pass"] },
  ])("$name: $told", ({ list, told }) => {
    expect(toldOf(list())).toEqual(told);
  });

  test("is counted node by node and Service by Service", () => {
    const list = [...times(60, A), ...times(60, B, { node: "node2" })];
    expect(endpointChoices(list, STARTED).map(({ subject }) => subject)).toEqual([
      `default/web:80 by node1 (${A} ${B})`,
      `default/web:80 by node2 (${A} ${B})`,
    ]);
    expect(toldOf(list)).toEqual(["endpoint choice fail PC034", "endpoint choice fail PC034"]);
  });

  test("says the counts, what was expected, and some of the packets", () => {
    const [found] = endpointChoices(times(60, A), STARTED);
    expect(found?.connections).toHaveLength(60);
    expect(found?.check.expected).toBe(`${A} 50 %, ${B} 50 %`);
    expect(found?.check.observed).toBe(
      `${A} 60, ${B} 0 of 60 connections; so uneven by chance: 3e-18`,
    );
    expect(found?.check.evidence).toHaveLength(4);
  });
});

describe("ipvs", () => {
  // prettier-ignore
  test.each([
    { name: "rr, in turn",          scheduler: "rr", order: [A, B, A, B],    told: ["endpoint choice pass"] },
    { name: "rr, out of turn",      scheduler: "rr", order: [A, A, B, B],    told: ["endpoint choice inconclusive"] },
    { name: "rr, fewer than a turn", scheduler: "rr", order: [A, B],         told: [] },
    { name: "wrr has weights",      scheduler: "wrr", order: [A, A, A, A],   told: [] },
    { name: "sh goes by the client", scheduler: "sh", order: [A, A, A, A],   told: [] },
    { name: "lc goes by what is open", scheduler: "lc", order: [A, A, A, A], told: [] },
  ] as const)("$name", ({ scheduler, order, told }) => {
    const list = order.map((endpoint) => choice(endpoint));
    expect(toldOf(list, kubeProxy({ mode: "ipvs", scheduler }))).toEqual(told);
    // In whichever order the captures tell.
    expect(toldOf(list.toReversed(), kubeProxy({ mode: "ipvs", scheduler }))).toEqual(told);
  });
});

const at = (seconds: number, endpoint: string, client = "198.51.100.79"): Choice =>
  choice(endpoint, { service: STICKY, client, time: instant(seconds * 1000) });

describe("session affinity of 10 s", () => {
  // prettier-ignore
  test.each([
    { name: "each client has an endpoint",   list: () => [at(0, A), at(1, B, "203.0.113.7"), at(2, A), at(3, B, "203.0.113.7")], told: "session affinity pass" },
    { name: "another one in between",        list: () => [at(0, A), at(9, B)],                            told: "session affinity fail PC035" },
    { name: "later than that it may be another", list: () => [at(0, A), at(10, B)],                       told: "session affinity not applicable" },
    // KUBE-SEP's -m recent --set: each new connection begins the time anew.
    { name: "the time begins anew with each", list: () => [at(0, A), at(9, A), at(18, B)],                told: "session affinity fail PC035" },
    { name: "nobody returns",                list: () => [at(0, A), at(1, B, "203.0.113.7")],             told: "session affinity not applicable" },
    { name: "in whichever order they come",  list: () => [at(9, B), at(0, A)],                            told: "session affinity fail PC035" },
  ])("$name: $told", ({ list, told }) => {
    expect(toldOf(list())).toEqual([told]);
    // ipvs keeps a client too (ip_vs_sched_persist).
    expect(toldOf(list(), kubeProxy({ mode: "ipvs" }))).toEqual([told]);
  });

  test("the two connections are named, and cited", () => {
    const [found] = endpointChoices([at(0, A), at(1, A), at(2, B)], STARTED);
    expect(found?.check.observed).toMatch(
      /^198\.51\.100\.79: c\d+ to 10\.233\.1\.2:8080, c\d+ to 10\.233\.2\.2:8080$/,
    );
    expect(found?.check.evidence).toHaveLength(2);
  });
});

test("no choices, no checks", () => {
  expect(endpointChoices([], STARTED)).toEqual([]);
});
