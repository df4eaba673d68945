/** Where netfilter looks at a packet, and in which order its tables do. */

export const HOOKS = ["prerouting", "input", "forward", "output", "postrouting"] as const;
export type Hook = (typeof HOOKS)[number];

export const TABLES = ["raw", "mangle", "nat", "filter", "security"] as const;
export type TableName = (typeof TABLES)[number];

/**
 * By priority (linux include/uapi/linux/netfilter_ipv4.h nf_ip_hook_priorities): raw -300, conntrack
 * -200, mangle -150, destination NAT -100, filter 0, security 50, source NAT 100. IPVS stands
 * right behind destination NAT at output, and at 98 to 100 elsewhere (ip_vs_core.c ip_vs_ops4).
 */
export const STAGES_AT = {
  prerouting: ["raw", "mangle", "nat"],
  input: ["mangle", "filter", "security", "ipvs", "nat"],
  forward: ["mangle", "filter", "security", "ipvs"],
  output: ["raw", "mangle", "nat", "ipvs", "filter", "security"],
  postrouting: ["mangle", "nat"],
} as const satisfies Record<Hook, readonly (TableName | "ipvs")[]>;

/** The chain that a table hangs on a hook. */
export function builtInChain(hook: Hook): string {
  return hook.toUpperCase();
}

/** Which end nat rewrites at a hook: DNAT and its undoing come first, SNAT last. */
export const REWRITES_AT = {
  prerouting: "destination",
  output: "destination",
  input: "source",
  postrouting: "source",
} as const satisfies Partial<Record<Hook, "source" | "destination">>;
