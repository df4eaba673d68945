/**
 * Random traffic through NAT, with losses, at three places: nothing may be joined that is not one, and what is
 * named must be.
 */
import { describe, expect, test } from "vitest";
import { joinConnections } from "#observed/correlate/join.js";
import type { Connection } from "#observed/flow/connection.js";
import type { PacketSample } from "#observed/flow/packet-sample.js";
import { seen, type Seen } from "../../support/verify-connection.js";

/** Numbers below 1, the same in every run (Park and Miller). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** A conversation as it was, and its legs. */
interface Truth {
  readonly flow: number;
  readonly connection: Connection;
  /** Nothing but luck could join it: no identification, or all its packets were lost. */
  readonly isNamed: boolean;
}

const PLACES = ["node1.eth0", "node1.cni0", "pod:web"] as const;

/** Clocks that have nothing to do with each other, ms. */
const CLOCKS = [0, 3_600_000, -1_800_000] as const;

function tupleAt(place: number, flow: number, isMasqueraded: boolean): string {
  const client = `198.51.100.${flow % 5}:${41_000 + flow}`;
  if (place === 0) return `${client} > 10.20.32.204:9999`;
  return `${isMasqueraded ? `10.233.1.1:${1024 + ((flow * 7919) % 50_000)}` : client} > 10.233.1.2:53`;
}

const range = (start: number) => ({ start, end: start + 500, acknowledged: start + 500 });

interface Kind {
  readonly protocol: "udp" | "icmp" | "tcp";
  readonly isIdentified: boolean;
}

function legsOf(flow: number, kind: Kind, random: () => number): readonly Truth[] {
  const isMasqueraded = random() < 0.5;
  const begin = Math.floor(random() * 60_000);
  // Half of what is not identified is alike everywhere.
  const content = kind.isIdentified || random() < 0.5 ? 1000 + flow : 1;
  const packets = kind.isIdentified ? 2 + Math.floor(random() * 6) : 1;
  const syn = 1_000_000 + flow * 65_536;
  return PLACES.flatMap((at, place): Truth[] => {
    const isLost = (): boolean => random() < 0.15;
    const samples = Array.from({ length: packets }, (_, packet): PacketSample[] =>
      isLost()
        ? []
        : [
            {
              key: content * 100 + packet,
              payload: content,
              sinceFirst: packet,
              isRepeated: false,
            },
          ],
    ).flat();
    if (samples.length === 0) return [];
    const facts: Seen = {
      at,
      tuple: tupleAt(place, flow, isMasqueraded),
      protocol: kind.protocol,
      ipId: kind.isIdentified ? 1 + flow : 0,
      ms: begin + (CLOCKS[place] ?? 0) + place,
      ...(kind.protocol === "tcp" && { isn: [undefined, undefined] as const }),
    };
    const connection = seen(facts);
    const [request, reply] = connection.directions;
    const isTcp = kind.protocol === "tcp";
    return [
      {
        flow,
        isNamed: kind.isIdentified && (isTcp || samples.length === packets),
        connection: {
          ...connection,
          directions: [
            {
              ...request,
              samples,
              ...(isTcp && { sequence: range(syn + Math.floor(random() * 400)) }),
            },
            {
              ...reply,
              samples: [],
              ...(isTcp && { sequence: range(syn * 3 + Math.floor(random() * 400)) }),
            },
          ],
        },
      },
    ];
  });
}

const KINDS: readonly Kind[] = [
  { protocol: "udp", isIdentified: true },
  { protocol: "udp", isIdentified: false },
  { protocol: "icmp", isIdentified: true },
  { protocol: "tcp", isIdentified: true },
];

describe.each(Array.from({ length: 25 }, (_, seed) => seed + 1))("seed %i", (seed) => {
  const random = randomFrom(seed * 7919);
  const truths = Array.from({ length: 60 }, (_, flow) => {
    const kind = KINDS[flow % KINDS.length];
    return kind ? legsOf(flow, kind, random) : [];
  }).flat();
  const flowOf = new Map(truths.map(({ connection, flow }) => [connection, flow]));
  const journeys = joinConnections(truths.map(({ connection }) => connection));

  test("nothing is joined that is not one", () => {
    const mixed = journeys.filter(
      ({ connections }) => new Set(connections.map((one) => flowOf.get(one))).size > 1,
    );
    expect(mixed).toEqual([]);
  });

  test("what is named is joined", () => {
    const journeyOf = new Map(
      journeys.flatMap(({ id, connections }) => connections.map((one) => [one, id] as const)),
    );
    const named = truths.filter(({ isNamed }) => isNamed);
    const journeysOfFlow = new Map<number, Set<string | undefined>>();
    for (const { flow, connection } of named) {
      const ids = journeysOfFlow.get(flow) ?? new Set();
      journeysOfFlow.set(flow, ids.add(journeyOf.get(connection)));
    }
    expect(journeysOfFlow.size).toBeGreaterThan(20);
    expect([...journeysOfFlow].filter(([, ids]) => ids.size > 1)).toEqual([]);
  });

  test("the same in another order", () => {
    const turned = joinConnections(truths.map(({ connection }) => connection).reverse());
    expect(turned).toEqual(journeys);
  });
});
