/** The rules that flanneld writes with `--ip-masq` and `--iptables-forward-rules`. */
import { formatPrefix, type Prefix } from "#net/prefix.js";
import { commentMatch } from "./cni-names.js";
import type { InstalledRule, InstalledRules } from "./installed-rules.js";
import { appended } from "./rule-lines.js";

export interface FlannelInput {
  readonly family: "ipv4" | "ipv6";
  /** Of this node: its lease. */
  readonly podCIDR: Prefix;
  /** Of all nodes: flannel's `Network`. */
  readonly clusterCIDR: Prefix;
  /** True where iptables knows `--random-fully` and flanneld was not told to leave it out. */
  readonly randomFully: boolean;
}

const MULTICAST = { ipv4: "224.0.0.0/4", ipv6: "ff00::/8" } as const;

/** kube-proxy's, which it has cleared again by the time flannel's rules are asked. */
const KUBE_PROXY_MARK = "0x4000/0x4000";

/**
 * flannel-io/flannel pkg/trafficmngr/iptables/iptables.go (07c2094) masqRules, masqIP6Rules and
 * forwardRules. Versions without the chain FLANNEL-POSTRTG, and the nftables manager, write others.
 */
export function flannelRules(input: FlannelInput): InstalledRules {
  return {
    chains: [
      { table: "nat", name: "FLANNEL-POSTRTG" },
      { table: "filter", name: "FLANNEL-FWD" },
    ],
    rules: [...masqueradeRules(input), ...forwardRules(input)],
  };
}

function masqueradeRules({
  family,
  podCIDR,
  clusterCIDR,
  randomFully,
}: FlannelInput): readonly InstalledRule[] {
  const comment = commentMatch("flanneld masq");
  const [pods, cluster] = [podCIDR, clusterCIDR].map(formatPrefix);
  const masquerade = `MASQUERADE${randomFully ? " --random-fully" : ""}`;
  const chain = "FLANNEL-POSTRTG";
  return appended("nat", [
    `POSTROUTING ${comment} -j ${chain}`,
    `${chain} -m mark --mark ${KUBE_PROXY_MARK} ${comment} -j RETURN`,
    `${chain} -s ${pods} -d ${cluster} ${comment} -j RETURN`,
    `${chain} -s ${cluster} -d ${pods} ${comment} -j RETURN`,
    // From outside straight to a pod of this node, as a hostPort's DNAT makes it.
    `${chain} ! -s ${cluster} -d ${pods} ${comment} -j RETURN`,
    `${chain} -s ${cluster} ! -d ${MULTICAST[family]} ${comment} -j ${masquerade}`,
    `${chain} ! -s ${cluster} -d ${cluster} ${comment} -j ${masquerade}`,
  ]);
}

function forwardRules({ clusterCIDR }: FlannelInput): readonly InstalledRule[] {
  const comment = commentMatch("flanneld forward");
  const cluster = formatPrefix(clusterCIDR);
  return appended("filter", [
    `FORWARD ${comment} -j FLANNEL-FWD`,
    `FLANNEL-FWD -s ${cluster} ${comment} -j ACCEPT`,
    `FLANNEL-FWD -d ${cluster} ${comment} -j ACCEPT`,
  ]);
}
