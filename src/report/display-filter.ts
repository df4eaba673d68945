/** Wireshark's display filter that selects a connection in one file, as it looks there. */
import { addressBits } from "#net/address.js";
import { formatEndpoint, type Endpoint } from "#net/five-tuple.js";
import type { ConnectionReport, ReportedSighting } from "#verify/report.js";

/** Undefined where the file does not show it. With the ICMP errors that quote it. */
export function displayFilter(
  { protocol, sightings }: Pick<ConnectionReport, "protocol" | "sightings">,
  file: string,
): string | undefined {
  const here = sightings.filter(({ evidence }) => evidence.some((one) => one.file === file));
  const hidden = new Set(here.filter(isHidden).map(conversation));
  // A file of all interfaces shows a connection translated and not, in a tunnel and out of it.
  const byConversation = new Map(here.map((one) => [conversation(one), asDialled(one)]));
  const distinct = [...byConversation].map(([key, ends]) =>
    hidden.has(key) ? byHeaderBytes(ends, protocol) : byFields(ends, protocol),
  );
  if (distinct.length <= 1) return distinct[0];
  return distinct.map((term) => (/ && /.test(term) ? `(${term})` : term)).join(" || ");
}

type Ends = Pick<ReportedSighting, "source" | "destination">;

/** Wireshark reads VXLAN on port 4789 alone (packet-vxlan.c), and flannel's goes to 8472. */
function isHidden({ tunnel }: ReportedSighting): boolean {
  return tunnel === "vxlan";
}

/** The same whichever way its packets went. */
function conversation({ source, destination }: Ends): string {
  return [source, destination].map(formatEndpoint).sort().join(" ");
}

/** From the client to the server. */
function asDialled({ direction, source, destination }: ReportedSighting): Ends {
  return direction === "request"
    ? { source, destination }
    : { source: destination, destination: source };
}

function byFields({ source: one, destination: other }: Ends, protocol: string): string {
  const isIpv6 = one.address.includes(":");
  const address = isIpv6 ? "ipv6" : "ip";
  const addresses =
    one.address === other.address
      ? [`${address}.src==${one.address}`, `${address}.dst==${one.address}`]
      : [one, other].map((end) => `${address}.addr==${end.address}`);
  return [...addresses, ...transportTerms([one, other], protocol)].join(" && ");
}

function transportTerms(
  [one, other]: readonly [Endpoint, Endpoint],
  protocol: string,
): readonly string[] {
  if (PORTED.has(protocol)) {
    const isSame = one.port === other.port;
    if (isSame) return [`${protocol}.srcport==${one.port}`, `${protocol}.dstport==${one.port}`];
    return [`${protocol}.port==${one.port}`, `${protocol}.port==${other.port}`];
  }
  const number = /^ip-(\d+)$/.exec(protocol)?.[1];
  if (number === undefined) return [protocol === "icmp6" ? "icmpv6" : protocol];
  return [`(ip.proto==${number} || ipv6.nxt==${number})`];
}

const PORTED: ReadonlySet<string> = new Set(["tcp", "udp", "sctp"]);

/**
 * Where Wireshark does not look into the tunnel. Source and destination address stand next to each
 * other, and the ports behind them where the header has no options (RFC 791 §3.1, RFC 8200 §3).
 */
function byHeaderBytes({ source, destination }: Ends, protocol: string): string {
  const there = headerBytes({ source, destination }, protocol);
  const back = headerBytes({ source: destination, destination: source }, protocol);
  return [...new Set([there, back])].map((bytes) => `frame contains ${bytes}`).join(" || ");
}

function headerBytes({ source, destination }: Ends, protocol: string): string {
  const addresses = [source, destination].map(({ address }) => {
    const { bits, width } = addressBits(address);
    return bits.toString(16).padStart(width / 4, "0");
  });
  const ports = [source, destination].map(({ port }) => port.toString(16).padStart(4, "0"));
  const hex = [...addresses, ...(PORTED.has(protocol) ? ports : [])].join("");
  return (hex.match(/../g) ?? []).join(":");
}
