/** Captures and flows in the words of the report. */
import type { Party } from "#expected/network/path.js";
import type { TapPoint } from "#expected/taps/predicted-sighting.js";
import { formatTuple } from "#net/five-tuple.js";
import type { SeenFlow } from "./seen-flow.js";

export function describeParty(party: Party): string {
  switch (party.kind) {
    case "pod":
      return `pod ${party.name}`;
    case "node":
      return `a process on ${party.name}`;
    case "outside":
      return party.address;
  }
}

export function describeFlow({ tuple, ttl, point }: SeenFlow): string {
  return `${formatTuple(tuple)} (TTL ${ttl}, ${point.name})`;
}

/** How a capture at a point is asked for, with the name it would be recognised by. */
export function captureAt({ namespace, interface: name, kind, pod }: TapPoint): string {
  switch (namespace.kind) {
    case "outside":
      return "a capture at the client (client=FILE)";
    case "pod":
      return kind === "loopback"
        ? `a capture of lo in the network namespace of ${namespace.name} (pod:${namespace.name}/lo=FILE)`
        : `a capture in the network namespace of ${namespace.name} (pod:${namespace.name}=FILE)`;
    case "node": {
      const veth = `veth-${pod ?? "POD"}`;
      return `a capture on ${namespace.name} (${namespace.name}/${name ?? veth}=FILE)`;
    }
  }
}
