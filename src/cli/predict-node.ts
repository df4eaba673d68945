/** `predict --state` alone: one node, and nothing known of what is around it. */
import type { LeftEnd, PredictedPath, Prediction } from "#report/prediction.js";
import { ttlLoweredBy } from "#expected/network/bridged.js";
import { sourceAddressFor } from "#expected/network/source-address.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import type { Arrival, PacketInput } from "#expected/netfilter/packet.js";
import type { PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { addressType, routeTo, unusedTables } from "#expected/netfilter/routing.js";
import type { Trace } from "#expected/netfilter/trace.js";
import { traverse } from "#expected/netfilter/traverse.js";
import type { PathEnd } from "#expected/network/path.js";
import type { Address } from "#net/address.js";
import { sanitize } from "#report/sanitize.js";
import { CannotCheck } from "./exit.js";
import type { Asked, PredictFlags } from "./predict-options.js";
import { readState } from "./state-folder.js";

/** A prediction, and what is said beside it. */
export interface Predicted {
  readonly prediction: Prediction;
  readonly notes: readonly string[];
}

export function predictOnNode(
  flags: PredictFlags & { readonly state: string },
  asked: Asked,
): Predicted {
  refuseTopologyFlags(flags);
  const { family } = asked;
  const node = readState({ folder: flags.state, node: flags.at ?? flags.node, family });
  const source = asked.source ?? ownSource({ node, flags, asked });
  const { arrival, why } = readArrival(flags, { node, source });
  const tuple: PredictedTuple = {
    protocol: asked.protocol,
    source: { address: source, port: asked.sourcePort },
    destination: asked.destination,
  };
  const paths = traverse(node, { tuple, arrival, ...icmpOf(asked) }).map((trace) =>
    pathOf(node, { arrival, trace }),
  );
  const journeys = [{ from: undefined, tuple, dialledBy: undefined, paths }];
  return {
    prediction: { scope: "node", journeys, assumptions: [] },
    notes: [...why, ...limitsOf(node)],
  };
}

function refuseTopologyFlags({ fromPod, at, node }: PredictFlags): void {
  if (fromPod !== undefined) {
    throw new CannotCheck(
      `--from-pod ${sanitize(fromPod)}: needs --topology, which says who it is`,
    );
  }
  if (at !== undefined && node !== undefined && at !== node) {
    throw new CannotCheck(`--at ${sanitize(at)} and --node ${sanitize(node)}: two nodes`);
  }
}

/** Without `--from` it is a process's own packet. */
function ownSource(of: {
  readonly node: NodeState;
  readonly flags: PredictFlags;
  readonly asked: Asked;
}): Address {
  const { node, flags, asked } = of;
  const { address } = asked.destination;
  if (flags.at === undefined && flags.local === undefined) {
    throw new CannotCheck("--from is missing: the address that sends the packet");
  }
  const source = sourceAddressFor(node, address);
  if (source !== undefined) return source;
  throw new CannotCheck(`${sanitize(node.name)} has no route to ${address}: say --from`);
}

/** By the flags; else an own address is a process's, and others come the way an answer would go. */
function readArrival(
  { in: name, local, at, from }: PredictFlags,
  { node, source }: { readonly node: NodeState; readonly source: Address },
): { readonly arrival: Arrival; readonly why: readonly string[] } {
  const isOwn = addressType(node, { address: source, device: undefined }) === "LOCAL";
  if (local && !isOwn) {
    throw new CannotCheck(
      `--from ${sanitize(from ?? source)}: no address of ${sanitize(node.name)}`,
    );
  }
  if (local) return { arrival: { from: "process" }, why: [] };
  if (name !== undefined) {
    if (!node.interfaces.some((port) => port.name === name)) {
      throw new CannotCheck(`--in ${sanitize(name)}: no interface of ${sanitize(node.name)}`);
    }
    return { arrival: { from: "interface", name }, why: [] };
  }
  if (isOwn) {
    const why = `${source} is an address of ${node.name}: taken to be a process of it`;
    return { arrival: { from: "process" }, why: at === undefined ? [why] : [] };
  }
  const device = routeTo(node, source)?.hops[0]?.device;
  if (device === undefined) throw new CannotCheck(`--from ${source}: no route to it; say --in`);
  const why = [`${source} is taken to come in by ${device}, where its route leads`];
  return { arrival: { from: "interface", name: device }, why };
}

/** An echo request (RFC 792, RFC 4443 §4.1). */
function icmpOf({ protocol }: Asked): Pick<PacketInput, "icmp"> {
  if (protocol === "icmp") return { icmp: { type: 8, code: 0 } };
  return protocol === "icmp6" ? { icmp: { type: 128, code: 0 } } : {};
}

function pathOf(
  node: NodeState,
  { arrival, trace }: { readonly arrival: Arrival; readonly trace: Trace },
): PredictedPath {
  const namespace = { kind: "node" as const, name: node.name };
  const ttlLowered = ttlLoweredBy(node, { arrival, trace });
  return {
    probability: trace.probability,
    request: [{ namespace, arrival, trace, ttlLowered, outer: undefined }],
    end: endOf(trace, namespace),
    reply: undefined,
    sightings: [],
    onward: undefined,
    assumptions: trace.assumptions,
  };
}

function endOf(
  { disposition, out, final, rule, reason }: Trace,
  namespace: { readonly kind: "node"; readonly name: string },
): PathEnd | LeftEnd {
  switch (disposition) {
    case "forwarded":
      return { kind: "left", by: out, tuple: final };
    case "delivered-locally":
      return { kind: "delivered", to: namespace, tuple: final, proxy: undefined };
    case "dropped":
    case "rejected":
    case "unknown":
      return { kind: disposition, namespace, rule, reason };
  }
}

/** What the state says that the model does not take into account. */
export function limitsOf(node: NodeState): readonly string[] {
  const tables = unusedTables(node);
  const names = tables.join(", ");
  const unused = `${node.name}: routes of table ${names} are not used: ip rules are not modelled`;
  return [...node.rules.notes, ...(tables.length > 0 ? [unused] : [])];
}
