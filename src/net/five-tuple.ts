import type { Address } from "./address.js";

/** An address with a port. */
export interface Endpoint {
  readonly address: Address;
  /** 0 to 65535; 0 where the protocol has no ports. */
  readonly port: number;
}

/** Protocol, source and destination of one direction. */
export interface FiveTuple {
  /** As `protocolName` writes it. */
  readonly protocol: string;
  readonly source: Endpoint;
  readonly destination: Endpoint;
}

/** `10.244.1.5:80`, `[2001:db8::1]:80`. */
export function formatEndpoint({ address, port }: Endpoint): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** `10.0.0.1:40000 > 10.0.0.2:80`, as tcpdump writes it. */
export function formatTuple({ source, destination }: Omit<FiveTuple, "protocol">): string {
  return `${formatEndpoint(source)} > ${formatEndpoint(destination)}`;
}

export function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && a.address === b.address;
}
