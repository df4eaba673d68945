/** What kube-proxy calls the chains of a Service's port (k8s v1.28.7 pkg/proxy/iptables/proxier.go). */
import { createHash } from "node:crypto";

export interface PortName {
  /** `namespace/name:port`, without `:port` for a port that has no name (pkg/proxy/types.go fmtPortName). */
  readonly name: string;
  readonly protocol: "tcp" | "udp" | "sctp";
}

/** A port that has no name is called as its Service is. */
export function portName({
  service,
  port,
}: {
  readonly service: string;
  readonly port: string | undefined;
}): string {
  return port === undefined || port === "" ? service : `${service}:${port}`;
}

export interface PortChains {
  /** Any of its endpoints. */
  readonly cluster: string;
  /** Those of the node. */
  readonly local: string;
  /** What came for an external IP, a load balancer's or a node port. */
  readonly external: string;
  /** Who may use the load balancer's IPs. */
  readonly firewall: string;
}

export function portChains({ name, protocol }: PortName): PortChains {
  const hash = chainHash(name + protocol);
  return {
    cluster: `KUBE-SVC-${hash}`,
    local: `KUBE-SVL-${hash}`,
    external: `KUBE-EXT-${hash}`,
    firewall: `KUBE-FW-${hash}`,
  };
}

/** `endpoint` as kube-proxy writes it: `10.0.0.1:80`, `[2001:db8::1]:80`. */
export function endpointChain({ name, protocol }: PortName, endpoint: string): string {
  return `KUBE-SEP-${chainHash(name + protocol + endpoint)}`;
}

/** The name of a chain is at most 28 characters long, so kube-proxy takes 16 of the hash. */
const HASH_CHARACTERS = 16;

/** Ten bytes make the sixteen characters: five bits each. */
function chainHash(text: string): string {
  const bytes = createHash("sha256").update(text).digest();
  let bits = bytes.subarray(0, (HASH_CHARACTERS * 5) / 8).reduce((all, byte) => {
    return (all << 8n) | BigInt(byte);
  }, 0n);
  let encoded = "";
  for (let at = 0; at < HASH_CHARACTERS; at++) {
    encoded = BASE32.charAt(Number(bits & 31n)) + encoded;
    bits >>= 5n;
  }
  return encoded;
}

/** RFC 4648 §6. */
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
