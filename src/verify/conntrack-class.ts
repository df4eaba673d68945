/** Who dialled a hostPort, where packets leave several classes of clients open and conntrack has the tuple. */
import { nodeAddresses, ownerOf, type Facts } from "#cluster/facts.js";
import { isLoopback } from "#net/address.js";
import type { ConntrackEntry } from "#observed/conntrack/conntrack-entry.js";
import type { Candidate, ClientEvidence } from "./case.js";
import { describeDialled, dialledBy, type ConntrackOfRun, type Sender } from "./dialled.js";
import type { SeenFlow } from "./replay/seen-flow.js";

interface Asked {
  readonly conntrack: ConntrackOfRun | undefined;
  readonly facts: Facts;
  readonly flows: readonly SeenFlow[];
}

/** The same evidence, or the one class that the entry leaves of several. */
export function withConntrack(
  client: ClientEvidence,
  { conntrack, facts, flows }: Asked,
): ClientEvidence {
  if (!conntrack || client.classes.size < 2) return client;
  const found = dialledBy(conntrack, { flows, senderOf: (entry) => senderOf(facts, entry) });
  if ("reason" in found) return client;
  const dialled = classOf(facts, found.entry);
  // What packets exclude, an entry that was saved later does not bring back.
  if (dialled === undefined || !client.classes.has(dialled)) return client;
  const toldBy = `dialled ${describeDialled(found)}`;
  return { ...client, classes: new Set([dialled]), why: toldBy, toldBy };
}

function senderOf(facts: Facts, { original }: ConntrackEntry): Sender {
  switch (ownerOf(facts, original.source.address).owner) {
    case "loopback":
    case "target":
    case "bridge":
    case "this-node":
    case "pod-here":
      return "own";
    case "other-node":
    case "other-overlay":
    case "pod-elsewhere":
    case "unknown":
      return "other node's";
    case "named-client":
    case "outside":
      return "outside";
  }
}

/** Undefined for who is not known. */
function classOf(facts: Facts, { original }: ConntrackEntry): Candidate | undefined {
  const { source, destination } = original;
  const { target, given } = facts;
  if (destination.address === target.address) return "direct";
  const hostPort = target.hostPort ?? given.hostPort;
  if (hostPort === undefined) return undefined;
  if (destination.port !== hostPort) return "service";
  const isNode =
    isLoopback(destination.address) || nodeAddresses(facts)?.includes(destination.address);
  if (isNode !== true) return undefined;
  switch (ownerOf(facts, source.address).owner) {
    case "loopback":
      return "localhost";
    case "target":
      return "hairpin";
    case "bridge":
    case "this-node":
      return "own-address";
    case "other-node":
    case "other-overlay":
      return "other-node";
    case "pod-here":
      return "pod-same-node";
    case "pod-elsewhere":
      return "pod-other-node";
    case "named-client":
    case "outside":
      return "external";
    case "unknown":
      return undefined;
  }
}
