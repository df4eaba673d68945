/** The rules that the CNI bridge plugin (and ptp) writes with `ipMasq`, for one network's pods. */
import type { Address } from "#net/address.js";
import { formatPrefix, prefixOf } from "#net/prefix.js";
import { cniChainName, commentMatch } from "./cni-names.js";
import type { InstalledRule, InstalledRules } from "./installed-rules.js";
import { appended } from "./rule-lines.js";

export interface CniBridgeMasqueradeInput {
  readonly family: "ipv4" | "ipv6";
  /** In the order in which they were added. */
  readonly pods: readonly CniBridgePod[];
}

export interface CniBridgePod {
  /** The container's id, as the runtime passes it. */
  readonly name: string;
  /** Of the CNI configuration, `cbr0`. */
  readonly networkName: string;
  readonly address: Address;
  /** That IPAM gave the address with: what is inside the block keeps the pod's address. */
  readonly prefixLength: number;
}

const MULTICAST = { ipv4: "224.0.0.0/4", ipv6: "ff00::/8" } as const;

/**
 * containernetworking/plugins v1.1.1 pkg/ip/ipmasq_linux.go SetupIPMasq (pkg/ip/ipmasq_iptables_linux.go
 * since the plugins know nftables). MASQUERADE without --random-fully, so a port stays while it is free.
 */
export function cniBridgeMasqueradeRules({
  family,
  pods,
}: CniBridgeMasqueradeInput): InstalledRules {
  const own = pods.filter(({ address }) => address.includes(":") === (family === "ipv6"));
  return {
    chains: own.map((pod) => ({ table: "nat", name: chainOf(pod) })),
    rules: own.flatMap((pod) => rulesOf(pod, family)),
  };
}

function rulesOf(pod: CniBridgePod, family: "ipv4" | "ipv6"): readonly InstalledRule[] {
  const { networkName, name, address, prefixLength } = pod;
  const comment = commentMatch(`name: "${networkName}" id: "${name}"`);
  const chain = chainOf(pod);
  const subnet = formatPrefix(prefixOf(address, prefixLength));
  const host = `${address}/${family === "ipv6" ? 128 : 32}`;
  return appended("nat", [
    `${chain} -d ${subnet} ${comment} -j ACCEPT`,
    `${chain} ! -d ${MULTICAST[family]} ${comment} -j MASQUERADE`,
    `POSTROUTING -s ${host} ${comment} -j ${chain}`,
  ]);
}

function chainOf({ networkName, name }: CniBridgePod): string {
  return cniChainName("CNI-", { networkName, containerId: name });
}
