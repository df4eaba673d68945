import { describe, expect, test } from "vitest";
import { formatEndpoint } from "#net/five-tuple.js";
import { joinConnections } from "#observed/correlate/join.js";
import { proxiedPairs, type IsOneHost } from "#observed/correlate/proxied.js";
import type { ForwardedClient } from "#observed/flow/forwarded-client.js";
import { oneHost } from "#verify/proxy-host.js";
import { seen, type Seen } from "../../support/verify-connection.js";
import { CASES, capturesOf, topologyOf, track } from "../../support/verify-recorded.js";

/** Who dialled the proxy, and whom the proxy dialled: what the READMEs of the cases say. */
const PAIRS: Readonly<Record<string, readonly string[]>> = {
  "userspace-proxy": [
    "198.51.100.79:41001 > 10.233.1.2:8080",
    "198.51.100.79:41002 > 10.233.1.2:8080",
    "10.20.32.204:41003 > 10.233.1.2:8080",
    "10.233.1.3:41004 > 10.233.1.2:8080",
    "10.233.1.2:41005 > 10.233.1.2:8080",
    "198.51.100.79:41006 > 10.233.2.2:8080",
    "127.0.0.1:41007 > 10.233.1.2:8080",
  ],
  "docker-published": [
    "127.0.0.1:41005 > 172.17.0.2:80",
    "172.17.0.3:41006 > 172.17.0.2:80",
    "172.17.0.2:41007 > 172.17.0.2:80",
  ],
  "broken-docker-published-through-proxy": [
    "198.51.100.79:41001 > 172.17.0.2:80",
    "198.51.100.79:41002 > 172.17.0.2:80",
    "10.20.32.206:41003 > 172.17.0.2:80",
  ],
  "broken-docker-container-icc": ["172.17.0.3:41003 > 172.17.0.2:80"],
  "broken-docker-forward-drop": ["172.17.0.3:41006 > 172.17.0.2:80"],
  ingress: [
    "198.51.100.79:41001 > 10.233.1.2:8080",
    "198.51.100.79:41002 > 10.233.2.2:8080",
    "10.20.32.205:41003 > 10.233.1.2:8080",
    "10.233.1.3:41004 > 10.233.2.2:8080",
  ],
  "ingress-proxy-protocol": [
    "198.51.100.79:41001 > 10.233.1.2:8080",
    "198.51.100.79:41002 > 10.233.2.2:8080",
    "10.233.1.3:41003 > 10.233.1.2:8080",
  ],
  // The others' proxy says nothing of its clients, and the topology does not have the address that
  // they dial.
  "loadbalancer-proxy": ["198.51.100.79:41005 > 10.20.32.204:30081"],
  "sidecar-redirect": [
    "10.233.1.1:40001 > 10.233.1.2:8080",
    "198.51.100.79:41001 > 10.233.1.2:8080",
    "198.51.100.79:41002 > 10.233.1.2:8080",
    "10.233.1.3:41003 > 10.233.1.2:8080",
    "10.233.1.1:40002 > 10.233.1.2:8080",
  ],
};

test.each(CASES)("%s", async (recorded) => {
  const { connections } = await track(capturesOf(recorded));
  const pairs = proxiedPairs(joinConnections(connections), oneHost(topologyOf(recorded)));
  const told = pairs.flatMap(({ first, second }) => {
    const [dialled] = first.connections;
    const [carried] = second.connections;
    if (!dialled || !carried) return [];
    return [`${formatEndpoint(dialled.originator)} > ${formatEndpoint(carried.responder)}`];
  });
  expect(told.sort()).toEqual([...(PAIRS[recorded] ?? [])].sort());
});

const here: IsOneHost = () => true;

const pairsOf = (connections: readonly Seen[], isOneHost = here): readonly string[] =>
  proxiedPairs(joinConnections(connections.map((facts) => seen(facts))), isOneHost).map(
    ({ first, second, evidence }) => `${first.id} by ${second.id}: ${evidence.join("; ")}`,
  );

describe("two connections at one capture point", () => {
  const taken: Seen = {
    at: "dock.any",
    tuple: "198.51.100.79:41001 > 10.20.32.206:8080",
    isn: [1, 2],
    data: [73, 62],
    payload: 7,
  };
  const dialled: Seen = {
    ...taken,
    tuple: "172.17.0.1:40970 > 172.17.0.2:80",
    isn: [3, 4],
    ms: 1,
  };

  test("the same bytes, and one begins while the other is open", () => {
    expect(pairsOf([taken, dialled])).toEqual([
      "c1 by c2: the same bytes from the client; it begins while the first is open (dock.any)",
    ]);
  });

  test.each<[string, Seen]>([
    ["after the first has ended", { ...dialled, ms: 11 }],
    ["with another payload", { ...dialled, payload: 8 }],
    ["with more bytes", { ...dialled, data: [74, 62] }],
  ])("not %s", (_name, other) => {
    expect(pairsOf([taken, other])).toEqual([]);
  });

  test("not on another machine, and not where nobody knows the machine", () => {
    expect(pairsOf([taken, dialled], () => false)).toEqual([]);
    expect(pairsOf([taken, dialled], () => undefined)).toEqual([]);
  });

  test("a connection that NAT translated is not carried on by itself", () => {
    expect(pairsOf([taken, { ...dialled, isn: [1, 2] }])).toEqual([]);
  });

  test("times of two captures are not compared: an hour between them changes nothing", () => {
    const elsewhere = { ...dialled, at: "pod:c1", data: [73, 62] } as const;
    const reply = { ...taken, tuple: "198.51.100.79:41001 > 10.20.32.206:8080" };
    const hour = 3_600_000;
    const said: ForwardedClient = { by: "PROXY v1", address: "198.51.100.79" };
    const pairs = [0, hour, -hour].map((ms) =>
      proxiedPairs(
        joinConnections([
          seen(reply),
          { ...seen({ ...elsewhere, ms: hour + ms }), forwarded: said },
        ]),
        here,
      ).map(({ evidence }) => evidence.join("; ")),
    );
    expect(pairs).toEqual(
      [0, 1, 2].map(() => ["the same bytes from the client; PROXY v1 names 198.51.100.79"]),
    );
  });

  test("who names another client is not its", () => {
    const said: ForwardedClient = { by: "X-Forwarded-For", address: "198.51.100.80" };
    const journeys = joinConnections([seen(taken), { ...seen(dialled), forwarded: said }]);
    expect(proxiedPairs(journeys, here)).toEqual([]);
  });

  test("two that fit alike are left out, in whatever order", () => {
    const second = {
      ...dialled,
      tuple: "172.17.0.1:40980 > 172.17.0.2:80",
      isn: [5, 6],
      ms: 2,
    } as const;
    expect(pairsOf([taken, dialled, second])).toEqual([]);
    expect(pairsOf([second, dialled, taken])).toEqual([]);
  });
});
