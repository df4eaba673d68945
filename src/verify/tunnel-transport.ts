/** VXLAN as flannel and as IANA has it, Geneve. */
const PORTS: ReadonlySet<number> = new Set([8472, 4789, 6081]);

/** What nodes send each other around pods' packets, and no client dials. */
export function isTunnelTransport(protocol: string, port: number): boolean {
  return protocol === "udp" && PORTS.has(port);
}
