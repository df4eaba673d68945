/** The recorded cases with their nodes' conntrack: what it decides, and what it must not. */
import { describe, expect, test } from "vitest";
import type { ConntrackEntry } from "#observed/conntrack/conntrack-entry.js";
import type { ConnectionReport, Report } from "#verify/report.js";
import {
  anchorsOf,
  askReplay,
  clientPortOf,
  conntrackOf,
  IS_FULL,
} from "../../support/replay-cases.js";
import { flipsOf, numbersFrom } from "../../support/replay-flips.js";
import { wholeStory } from "../../support/replay-stories.js";
import { capturesOf, CASES, topologyOf } from "../../support/verify-recorded.js";

/** Connections by the packets they begin with: the same whatever decides who belongs together. */
function byAnchor({ connections }: Report): ReadonlyMap<string, ConnectionReport> {
  return new Map(
    connections.flatMap((one) => anchorsOf(one).map((anchor) => [anchor, one] as const)),
  );
}

const told = ({ scenario, verdict }: ConnectionReport): string => `${scenario} ${verdict}`;

/** `clusterip or node-to-pod pass` and what it has become, for what is told otherwise. */
function changes(before: Report, after: Report): readonly (readonly [string, string])[] {
  const known = byAnchor(before);
  return after.connections.flatMap((one) => {
    const other = anchorsOf(one).flatMap((anchor) => known.get(anchor) ?? [])[0];
    return other && told(other) !== told(one) ? [[told(other), told(one)] as const] : [];
  });
}

/** All that the tables change: the scenario where packets fit several, and what was dialled past it. */
const DECIDED: Readonly<Record<string, readonly string[]>> = {
  "clusterip-node": [
    "clusterip or node-to-pod pass > clusterip pass",
    "clusterip or node-to-pod pass > clusterip pass",
  ],
  "docker-published": ["node-to-pod pass > docker-published pass"],
  "docker-published-no-proxy": ["node-to-pod pass > docker-published pass"],
  externalip: [
    "clusterip or externalip or node-to-pod pass > externalip pass",
    "clusterip or externalip pass > externalip pass",
  ],
  loadbalancer: [
    "clusterip or loadbalancer or node-to-pod or nodeport-cluster or nodeport-local pass > loadbalancer pass",
    "clusterip or loadbalancer or node-to-pod or nodeport-cluster or nodeport-local pass > loadbalancer pass",
    "clusterip or loadbalancer or nodeport-cluster or nodeport-local pass > loadbalancer pass",
    "clusterip or loadbalancer or nodeport-cluster or nodeport-local pass > loadbalancer pass",
  ],
  "node-to-pod": ["hostport-node pass > node-to-pod pass"],
  "nodeport-cluster": [
    "clusterip or node-to-pod or nodeport-cluster pass > nodeport-cluster pass",
    "clusterip or node-to-pod or nodeport-cluster pass > nodeport-cluster pass",
    "clusterip or nodeport-cluster pass > nodeport-cluster pass",
  ],
  "nodeport-local": ["clusterip or nodeport-local pass > nodeport-local pass"],
  "nodeport-local-no-endpoint": [
    "clusterip or node-to-pod or nodeport-local pass > nodeport-local pass",
    "clusterip or node-to-pod or nodeport-local pass > nodeport-local pass",
  ],
  "service-beside-hostport": [
    "hostport-localhost inconclusive > hostport-localhost not applicable",
  ],
};

describe.each(CASES)("%s", (recorded) => {
  test("the tables decide what packets leave open, and nothing else", async () => {
    const after = await askReplay({ recorded, conntrack: "all" });
    const found = changes(await wholeStory(recorded), after).map((change) => change.join(" > "));
    expect(found.toSorted()).toEqual(DECIDED[recorded] ?? []);
  });

  test("tables of other connections turn no pass into a fail, and no fail into a pass", async () => {
    const conntrack = shifted(conntrackOf(recorded));
    const after = await askReplay({ recorded, entries: conntrack });
    const flips = changes(await wholeStory(recorded), after).filter(([before, now]) =>
      [before, now].every(
        (told) => / (?:pass|fail)$/.test(told) && before.slice(-4) !== now.slice(-4),
      ),
    );
    expect(flips).toEqual([]);
  });
});

/** Few captures, of which the tables tell more than they show. */
const SEED = 20_261_121;
const SINGLES = IS_FULL ? 99 : 3;

test.each(CASES)("%s: a capture alone and the tables flip no verdict", async (recorded) => {
  const whole = await wholeStory(recorded);
  const next = numbersFrom(SEED + CASES.indexOf(recorded));
  const some = capturesOf(recorded).toSorted(() => next() - 0.5);
  const wrong: string[] = [];
  for (const capture of some.slice(0, SINGLES)) {
    const part = await askReplay({ recorded, captures: [capture], conntrack: "all" });
    wrong.push(...flipsOf(whole, part).map((flip) => `${flip} (${capture.point})`));
  }
  expect(wrong).toEqual([]);
});

/** Every entry with what the next one of its protocol dialled. */
function shifted(entries: readonly ConntrackEntry[]): readonly ConntrackEntry[] {
  return entries.map((entry, at) => {
    const others = [...entries.slice(at + 1), ...entries.slice(0, at)];
    const next = others.find(({ protocol }) => protocol === entry.protocol) ?? entry;
    return { ...entry, original: { ...next.original, source: entry.original.source } };
  });
}

/** Source ports of the story, as node1's process has them, which no capture shows. */
const OWN_DIALS: readonly [recorded: string, port: number, dialled: string, scenario: string][] = [
  ["clusterip-node", 41002, "10.96.0.10:80", "clusterip"],
  ["clusterip-node", 41004, "10.96.0.20:80", "clusterip"],
  ["node-to-pod", 41002, "10.233.1.2:8080", "node-to-pod"],
];

test.each(OWN_DIALS)("%s: %i dialled %s", async (recorded, port, dialled, scenario) => {
  const report = await askReplay({ recorded, conntrack: "all" });
  const dials = report.connections.filter(({ checks }) =>
    checks.some(({ observed }) => observed.includes(`:${port} > ${dialled} (captures/`)),
  );
  expect(dials.map((one) => [one.scenario, one.verdict])).toEqual([[scenario, "pass"]]);
  const [check] = dials.flatMap(({ checks }) => checks);
  expect(check?.check).toBe("connection of this scenario");
  expect(check?.expected).toBe(dialled);
  expect(check?.observed).toMatch(/\.conntrack\.txt:\d+\)$/);
  expect(
    dials.flatMap(({ checks }) => checks).flatMap(({ assumptions }) => assumptions),
  ).not.toContain(expect.stringContaining("no capture shows what was dialled"));
});

/** A ClusterIP of node1's own process, by a capture of the pod alone, and tables in which something is wrong. */
const POD = { recorded: "clusterip-node", captures: only("clusterip-node", "pod-p1a.eth0") };
const ALL = conntrackOf("clusterip-node");
const OWN = ALL.find(({ original }) => original.source.port === 41_002);

function only(recorded: string, point: string) {
  return capturesOf(recorded).filter((capture) => capture.point === point);
}

const said = async (
  entries: readonly ConntrackEntry[] | undefined,
  topology = topologyOf("clusterip-node"),
) => {
  const { connections } = await askReplay({
    ...POD,
    topology,
    scenario: "clusterip",
    ...(entries && { entries }),
  });
  const one = connections.find(
    (connection) => clientPortOf(connection) === OWN?.reply.destination.port,
  );
  return [one?.verdict, ...(one?.checks[0]?.missing ?? [])];
};

describe("why a table does not decide", () => {
  test("with its entry it does", async () => {
    expect((await said(ALL))[0]).toBe("pass");
  });

  test("no entry", async () => {
    const [verdict, ...missing] = await said(ALL.filter((entry) => entry !== OWN));
    expect(verdict).not.toBe("fail");
    expect(missing.join("\n")).not.toContain(" > 10.96.0.10:80");
  });

  test("two entries for what was seen", async () => {
    const again = OWN && {
      ...OWN,
      original: { ...OWN.original, source: { ...OWN.original.source, port: 5 } },
    };
    const [verdict, ...missing] = await said([OWN, again].flatMap((entry) => entry ?? []));
    expect(verdict).toBe("inconclusive");
    expect(missing).toContain(
      "conntrack -E on each node while it is dialled: what was given has several entries that this connection may be of",
    );
  });

  test("an entry of a Service that the topology does not have", async () => {
    const topology = topologyOf("clusterip-node");
    const services = topology.services.filter(
      ({ clusterIPs }) => !clusterIPs.includes("10.96.0.10"),
    );
    const report = await askReplay({ ...POD, topology: { ...topology, services }, entries: ALL });
    const one = report.connections.find(
      (connection) => clientPortOf(connection) === OWN?.reply.destination.port,
    );
    expect(one?.verdict).toBe("inconclusive");
    expect(one?.checks[0]?.missing[0]).toContain(
      "in the topology: what is dialled by 10.20.32.204:41002 > 10.96.0.10:80 (captures/clusterip-node/node1.conntrack.txt:",
    );
  });
});
