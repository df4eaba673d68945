import type { Arrival, PacketInput } from "#expected/netfilter/packet.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import type { PredictedEndpoint } from "#expected/netfilter/predicted-tuple.js";
import { addressType, routeTo, unusedTables } from "#expected/netfilter/routing.js";
import { traverse } from "#expected/netfilter/traverse.js";
import { parseAddress, type Address } from "#net/address.js";
import { sanitize } from "#report/sanitize.js";
import { traceJson } from "#report/trace-json.js";
import { traceText, type Prediction } from "#report/trace-text.js";
import { readColourChoice, styleOf } from "../colour.js";
import { CannotCheck, EXIT } from "../exit.js";
import type { ColourFlags } from "../flags.js";
import { readFormat } from "../format-option.js";
import type { Io } from "../io.js";
import { writeAll } from "../output.js";
import { readState } from "../state-folder.js";

export interface PredictFlags extends ColourFlags {
  readonly state: string;
  readonly node?: string;
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly in?: string;
  readonly local?: true;
  readonly output: string;
}

/** The model alone: what a node's own rules, routes and addresses do to one packet. */
export async function predict(flags: PredictFlags, io: Io): Promise<number> {
  const format = readFormat({ text: flags.output, formats: ["text", "json"] });
  const style = styleOf(readColourChoice(flags.color), io.stdout, io.env);
  const request = readRequest(flags);
  const family = request.source.address.includes(":") ? "ipv6" : "ipv4";
  const node = readState({ folder: flags.state, node: flags.node, family });

  const { arrival, why } = readArrival(flags, { node, source: request.source.address });
  const traces = traverse(node, packetOf(request, arrival));
  for (const line of [...why, ...limitsOf(node)]) io.stderr.write(`${sanitize(line)}\n`);
  const prediction: Prediction = { node: node.name, arrival: describeArrival(arrival), traces };
  const text = format === "json" ? traceJson(prediction) : traceText(prediction, style);
  await writeAll(io.stdout, text);
  const isUnknown = traces.some(({ disposition }) => disposition === "unknown");
  return isUnknown ? EXIT.inconclusive : EXIT.agreed;
}

const PROTOCOLS = ["tcp", "udp", "sctp", "icmp"] as const;

interface Request {
  readonly protocol: (typeof PROTOCOLS)[number];
  readonly source: PredictedEndpoint;
  readonly destination: PredictedEndpoint;
}

function readRequest({ from, to, protocol: text }: PredictFlags): Request {
  const protocol = PROTOCOLS.find((known) => known === text);
  if (protocol === undefined) {
    throw new CannotCheck(`--protocol ${sanitize(text)}: choose tcp, udp, sctp or icmp`);
  }
  const hasPorts = protocol !== "icmp";
  const source = readEndpoint("--from", from);
  const destination = readEndpoint("--to", to);
  if (source.address.includes(":") !== destination.address.includes(":")) {
    throw new CannotCheck("--from and --to: an IPv4 and an IPv6 address");
  }
  if (hasPorts && destination.port === undefined) {
    throw new CannotCheck(`--to ${sanitize(to)}: has no port`);
  }
  return {
    protocol,
    // A port that nobody named is any: rules that ask for it are then beyond the model.
    source: { address: source.address, port: hasPorts ? (source.port ?? "any") : 0 },
    destination: { address: destination.address, port: hasPorts ? (destination.port ?? 0) : 0 },
  };
}

/** `10.0.0.1`, `10.0.0.1:80`, `2001:db8::1`, `[2001:db8::1]:80`. */
function readEndpoint(option: string, text: string): { address: Address; port?: number } {
  const [, bracketed, bare, portText] = /^(?:\[(.+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const address = parseAddress(bracketed ?? bare ?? text);
  const port = portText === undefined ? undefined : Number(portText);
  if (address === undefined || (port ?? 0) > 65_535) {
    throw new CannotCheck(`${option} ${sanitize(text)}: not an address, or address:port`);
  }
  return { address, ...(port === undefined ? {} : { port }) };
}

/** By the flags; else an own address is a process's, and others come the way an answer would go. */
function readArrival(
  { in: name, local, from }: PredictFlags,
  { node, source }: { readonly node: NodeState; readonly source: Address },
): { arrival: Arrival; why: readonly string[] } {
  const isOwn = addressType(node, { address: source, device: undefined }) === "LOCAL";
  if (local && !isOwn) {
    throw new CannotCheck(`--from ${sanitize(from)}: no address of ${sanitize(node.name)}`);
  }
  if (local) return { arrival: { from: "process" }, why: [] };
  if (name !== undefined) {
    if (!node.interfaces.some((port) => port.name === name)) {
      throw new CannotCheck(`--in ${sanitize(name)}: no interface of ${sanitize(node.name)}`);
    }
    return { arrival: { from: "interface", name }, why: [] };
  }
  if (isOwn) {
    const why = [`${source} is an address of ${node.name}: taken to be a process of it`];
    return { arrival: { from: "process" }, why };
  }
  const device = routeTo(node, source)?.hops[0]?.device;
  if (device === undefined) throw new CannotCheck(`--from ${source}: no route to it; say --in`);
  const why = [`${source} is taken to come in by ${device}, where its route leads`];
  return { arrival: { from: "interface", name: device }, why };
}

function packetOf({ protocol, source, destination }: Request, arrival: Arrival): PacketInput {
  const isIpv6 = source.address.includes(":");
  if (protocol !== "icmp") return { tuple: { protocol, source, destination }, arrival };
  // An echo request (RFC 792, RFC 4443 §4.1).
  return {
    tuple: { protocol: isIpv6 ? "icmp6" : "icmp", source, destination },
    arrival,
    icmp: { type: isIpv6 ? 128 : 8, code: 0 },
  };
}

function describeArrival(arrival: Arrival): string {
  return arrival.from === "process" ? "from a process of the node" : `in by ${arrival.name}`;
}

/** What the state says that the model does not take into account. */
function limitsOf(node: NodeState): readonly string[] {
  const tables = unusedTables(node);
  const unused = `routes of table ${tables.join(", ")} are not used: ip rules are not modelled`;
  return [...node.rules.notes, ...(tables.length > 0 ? [unused] : [])];
}
