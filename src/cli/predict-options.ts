/** Reads what `predict` is asked: which packet, in which family. Where it starts comes later. */
import { parseAddress, type Address } from "#net/address.js";
import { sanitize } from "#report/sanitize.js";
import { CannotCheck } from "./exit.js";
import type { ColourFlags } from "./flags.js";

export interface PredictFlags extends ColourFlags {
  readonly state?: string;
  readonly topology?: readonly string[];
  readonly node?: string;
  readonly at?: string;
  readonly from?: string;
  readonly fromPod?: string;
  readonly to: string;
  readonly proto: string;
  /** As `--proto` was called at first. */
  readonly protocol?: string;
  readonly in?: string;
  readonly local?: true;
  /** Each `FORMAT` or `FORMAT=FILE`. */
  readonly output?: readonly string[];
}

const PROTOCOLS = ["tcp", "udp", "sctp", "icmp"] as const;

/** A packet, as far as the command line tells it. */
export interface Asked {
  /** As `protocolName` writes it. */
  readonly protocol: string;
  readonly family: "ipv4" | "ipv6";
  /** Undefined: as whoever sends it would choose. */
  readonly source: Address | undefined;
  /** Any where nobody named it: rules that ask for it are then beyond the model. */
  readonly sourcePort: number | "any";
  readonly destination: { readonly address: Address; readonly port: number };
}

export function readAsked(flags: PredictFlags): Asked {
  const protocol = readProtocol(flags);
  const source = flags.from === undefined ? undefined : readEndpoint("--from", flags.from);
  const { address, port } = readEndpoint("--to", flags.to);
  const isIpv6 = address.includes(":");
  if (source !== undefined && source.address.includes(":") !== isIpv6) {
    throw new CannotCheck("--from and --to: an IPv4 and an IPv6 address");
  }
  const isPortless = protocol === "icmp";
  if (!isPortless && port === undefined) {
    throw new CannotCheck(`--to ${sanitize(flags.to)}: has no port`);
  }
  return {
    protocol: isPortless && isIpv6 ? "icmp6" : protocol,
    family: isIpv6 ? "ipv6" : "ipv4",
    source: source?.address,
    sourcePort: isPortless ? 0 : (source?.port ?? "any"),
    destination: { address, port: isPortless ? 0 : (port ?? 0) },
  };
}

function readProtocol({ proto, protocol: old }: PredictFlags): (typeof PROTOCOLS)[number] {
  const text = old ?? proto;
  const protocol = PROTOCOLS.find((known) => known === text);
  if (protocol !== undefined) return protocol;
  const option = old === undefined ? "--proto" : "--protocol";
  throw new CannotCheck(`${option} ${sanitize(text)}: choose tcp, udp, sctp or icmp`);
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
