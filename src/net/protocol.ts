/** IP protocol numbers (IANA "Assigned Internet Protocol Numbers") that the flow engine knows. */
export const IP_PROTOCOL = {
  icmp: 1,
  ipip: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  gre: 47,
  icmp6: 58,
  sctp: 132,
} as const;

const NAMES: ReadonlyMap<number, string> = new Map([
  [IP_PROTOCOL.icmp, "icmp"],
  [IP_PROTOCOL.tcp, "tcp"],
  [IP_PROTOCOL.udp, "udp"],
  [IP_PROTOCOL.icmp6, "icmp6"],
  [IP_PROTOCOL.sctp, "sctp"],
]);

/** `tcp`, `udp`, `icmp`, `icmp6`, `sctp`, else `ip-47`. */
export function protocolName(number: number): string {
  return NAMES.get(number) ?? `ip-${number}`;
}
