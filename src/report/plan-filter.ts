/** A plan's capture filter as libpcap reads it (pcap-filter(7)), a clause to a line. */
import type { CaptureFilter, FilterEnd, PlannedTunnel } from "#verify/plan/plan.js";

/**
 * The server's side before translation and after, so that one filter fits every point; nothing about
 * clients, whose address and port masquerading replaces. ICMP errors quote a packet and have addresses
 * of their own. Of a fragmented packet only the first piece has ports (RFC 791 §3.2).
 */
export function filterText({ ends, family }: CaptureFilter): string {
  const ports = new Map<string, string[]>();
  for (const end of ends) {
    const key = portOf(end);
    const hosts = ports.get(key) ?? [];
    if (!hosts.includes(end.address)) ports.set(key, [...hosts, end.address]);
  }
  const everybody = [...new Set(ends.map(({ address }) => address))];
  const v4 = everybody.filter((address) => !address.includes(":"));
  const v6 = everybody.filter((address) => address.includes(":"));
  return joined([
    ...[...ports].map(([port, hosts]) =>
      port === "" ? `(${anyHost(hosts)})` : `(${port} and ${grouped(hosts)})`,
    ),
    ...(family === "ipv6" ? [] : [ICMP_ERRORS, `(${FRAGMENT} and ${grouped(v4)})`]),
    ...(family === "ipv4" ? [] : [ICMP6_ERRORS, `(${FRAGMENT6} and ${grouped(v6)})`]),
  ]);
}

/**
 * A filter does not reach into VXLAN: what one node sends another inside it is taken whole, its
 * fragments too, which have no ports. It continues the other filter.
 */
export function tunnelText(tunnels: readonly PlannedTunnel[]): string {
  const clauses = tunnels.map(({ port, ends: [one, other] }) => {
    const fragment = one.includes(":") ? FRAGMENT6 : FRAGMENT;
    return `(host ${one} and host ${other} and (udp port ${port} or ${fragment}))`;
  });
  return `or ${joined([...new Set(clauses)])}`;
}

/** A clause to a line. */
function joined(clauses: readonly string[]): string {
  return clauses.join("\n or ");
}

/** Not the first piece of its packet. */
const FRAGMENT = "ip[6:2] & 0x1fff != 0";
/** Any piece (RFC 8200 §4.5). */
const FRAGMENT6 = "ip6[6] = 44";
/** Destination unreachable, time exceeded, parameter problem (RFC 792). */
const ICMP_ERRORS = "(icmp and (icmp[0] = 3 or icmp[0] = 11 or icmp[0] = 12))";
/** Types below 128 are errors (RFC 4443 §2.1). */
const ICMP6_ERRORS = "(ip6[6] = 58 and ip6[40] < 128)";

function portOf({ protocol, port }: FilterEnd): string {
  return port === undefined ? "" : `${protocol} port ${port}`;
}

function anyHost(hosts: readonly string[]): string {
  return hosts.map((host) => `host ${host}`).join(" or ");
}

function grouped(hosts: readonly string[]): string {
  return hosts.length === 1 ? anyHost(hosts) : `(${anyHost(hosts)})`;
}
