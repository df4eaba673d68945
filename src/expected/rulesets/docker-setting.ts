/** One node's Docker, as far as its rules depend on it. */
import type { DockerNetwork, HostPort } from "#cluster/topology.js";
import type { Address } from "#net/address.js";

/** One node's Docker in one address family. */
export interface DockerSetting {
  readonly family: "ipv4" | "ipv6";
  readonly generation: DockerGeneration;
  readonly userlandProxy: boolean;
  readonly networks: readonly DockerNetwork[];
  readonly containers: readonly {
    readonly address: Address;
    readonly bridge: string;
    /** Those that are published in this family. */
    readonly ports: readonly HostPort[];
  }[];
}

/**
 * - 27: moby v26.1.4 libnetwork/drivers/bridge/setup_ip_tables_linux.go and
 *   libnetwork/iptables/iptables.go (ProgramChain, Forward); so since 18, which brought the two stages
 *   of isolation.
 * - 28: v28.0.2 of the same files, with Docker's own chain behind FORWARD and raw rules against whoever
 *   dials a container's address from elsewhere. 28.0.0 asked an ipset and is not modelled.
 * - 29: daemon/libnetwork/drivers/bridge/internal/iptabler, without isolation and without the RETURN
 *   that kept other bridges from DNAT (moby pull request 49981).
 */
export type DockerGeneration = 27 | 28 | 29;

const NEWEST: DockerGeneration = 29;
const OLDEST_MAJOR = 18;

/** Undefined for a version we know nothing of: no number, or older than 18. */
export function dockerGeneration(version: string | undefined): DockerGeneration | undefined {
  if (version === undefined) return NEWEST;
  const [, text] = /^v?(\d+)(\.|$)/.exec(version) ?? [];
  const major = Number(text);
  if (text === undefined || major < OLDEST_MAJOR) return undefined;
  if (major <= 27) return 27;
  return major === 28 ? 28 : 29;
}

export function portMatch(protocol: HostPort["protocol"], port: number): string {
  return `-p ${protocol} -m ${protocol} --dport ${port}`;
}

export function host(address: Address): string {
  return `${address}/${address.includes(":") ? 128 : 32}`;
}
