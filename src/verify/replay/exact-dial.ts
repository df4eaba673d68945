import type { Network } from "#expected/network/network.js";
import type { Dial, Party } from "#expected/network/path.js";
import { nodeOfAddress, podOfAddress } from "#expected/scenarios/whereabouts.js";
import { isLoopback } from "#net/address.js";
import type { ConntrackEntry } from "#observed/conntrack/conntrack-entry.js";

/** The dial that an entry is of, whether the topology lists such a target or not. */
export function exactDial(
  network: Network,
  { node, original }: Pick<ConntrackEntry, "node" | "original">,
): Dial {
  const from = senderOf(network, { node, original });
  const isNodes = nodeOfAddress(network, original.destination.address) !== undefined;
  return { from, tuple: original, ...(from.kind === "outside" && !isNodes ? { via: node } : {}) };
}

function senderOf(
  network: Network,
  { node, original }: Pick<ConntrackEntry, "node" | "original">,
): Party {
  const { address } = original.source;
  const pod = podOfAddress(network.topology, address);
  if (pod) return { kind: "pod", name: pod.name };
  const name = isLoopback(address) ? node : nodeOfAddress(network, address);
  return name === undefined ? { kind: "outside", address } : { kind: "node", name };
}
