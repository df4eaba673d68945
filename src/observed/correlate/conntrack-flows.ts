/**
 * What the tables of the nodes say of the legs that were captured there. Only of those: two nodes may
 * have the same addresses behind them, as every Docker host has 172.17.0.0/16.
 */
import { placeOf as placeOfPoint } from "#cluster/point-role.js";
import { formatEndpoint } from "#net/five-tuple.js";
import type { ConntrackEntry } from "#observed/conntrack/conntrack-entry.js";
import { indexConntrack, type ConntrackFlow } from "#observed/conntrack/conntrack-index.js";
import type { Groups } from "./groups.js";
import { KNOWN, type Handshakes } from "./handshakes.js";
import type { Legs } from "./legs.js";
import { placeOf } from "./place.js";

export class ConntrackFlows {
  /** By leg; empty where no table speaks of it. */
  readonly #flows: readonly (readonly ConntrackFlow[])[];
  readonly #connections: Legs;

  constructor(entries: readonly ConntrackEntry[], connections: Legs) {
    const index = indexConntrack(entries);
    this.#connections = connections;
    this.#flows =
      entries.length === 0
        ? []
        : Array.from({ length: connections.length }, (_, leg) => {
            const connection = connections.at(leg);
            if (connection === undefined) return [];
            const { point, tunnels, protocol, originator: source, responder } = connection;
            const owner = ownerOf(point.name);
            // A node translates what is inside a tunnel when it has taken it out.
            if (owner === undefined || tunnels.length > 0) return [];
            return index
              .flowsOf({ protocol, source, destination: responder })
              .filter((flow) => flow.entries.some(({ node }) => node === owner));
          });
  }

  /** True when one node has them in different entries. */
  keepsApart(a: number, b: number): boolean {
    const one = this.#flows[a] ?? [];
    const other = this.#flows[b] ?? [];
    if (one.some(({ id }) => other.some((also) => also.id === id))) return false;
    const nodes = new Set(one.flatMap(({ entries }) => entries.map(({ node }) => node)));
    return other.some(({ entries }) => entries.some(({ node }) => nodes.has(node)));
  }

  /** Joins what one flow alone stands for. */
  join(groups: Groups, handshakes: Handshakes): void {
    const legs = new Map<ConntrackFlow, number[]>();
    this.#flows.forEach(([flow, ...others], leg) => {
      if (flow === undefined || others.length > 0) return;
      const list = legs.get(flow);
      if (list) list.push(leg);
      else legs.set(flow, [leg]);
    });
    for (const [{ entries }, list] of legs) {
      const [first, ...others] = this.#onceAtTheirPlace(list);
      if (first === undefined) continue;
      const nodes = [...new Set(entries.map(({ node }) => node))].sort().join(", ");
      const evidence = { says: `conntrack of ${nodes}`, score: 1 };
      for (const leg of others) {
        if (!areOtherConnections(handshakes, [first, leg])) groups.join(first, leg, evidence);
      }
    }
  }

  /** Without a tuple that one place shows twice: it was used again, and a table is of the last. */
  #onceAtTheirPlace(legs: readonly number[]): readonly number[] {
    const counts = new Map<string, number>();
    const nameOf = (leg: number): string => {
      const connection = this.#connections.at(leg);
      if (connection === undefined) return "";
      const { originator, responder } = connection;
      const ends = [formatEndpoint(originator), formatEndpoint(responder)].sort().join(" ");
      return `${placeOf(connection)}\n${ends}`;
    };
    for (const leg of legs) counts.set(nameOf(leg), (counts.get(nameOf(leg)) ?? 0) + 1);
    return legs.filter((leg) => counts.get(nameOf(leg)) === 1);
  }
}

/** The node, or the pod with a network of its own, whose table is asked. */
function ownerOf(point: string): string | undefined {
  const { role, node, pod } = placeOfPoint(point);
  return role === "pod" ? pod : node;
}

/** Both handshakes were seen, and they are not one. */
function areOtherConnections(
  { syn, answer, known }: Handshakes,
  [a, b]: readonly [number, number],
): boolean {
  const both = (known[a] ?? 0) & (known[b] ?? 0);
  return (
    ((both & KNOWN.syn) !== 0 && syn[a] !== syn[b]) ||
    ((both & KNOWN.answer) !== 0 && answer[a] !== answer[b])
  );
}
