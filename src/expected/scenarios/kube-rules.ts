/** kube-proxy's rules as a packet meets them, with the names of a node's own in capitals. */

/** Where they are written. */
export const KUBE_PROXY = "kubernetes v1.28.7 pkg/proxy/iptables/proxier.go syncProxyRules";

export type EntryHook = "PREROUTING" | "OUTPUT";

/** How rules find the Service by what is dialled. */
export type Entry = "cluster-ip" | "node-port" | "external-ip" | "load-balancer-ip";

const NODE_PORT = [
  "nat KUBE-SERVICES     -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS",
  "nat KUBE-NODEPORTS    -p tcp --dport NODEPORT -j KUBE-EXT-…",
];

const ENTRIES: Record<Entry, readonly string[]> = {
  "cluster-ip": ["nat KUBE-SERVICES     -d CLUSTER-IP -p tcp --dport PORT -j KUBE-SVC-…"],
  "node-port": NODE_PORT,
  "external-ip": ["nat KUBE-SERVICES     -d EXTERNAL-IP -p tcp --dport PORT -j KUBE-EXT-…"],
  "load-balancer-ip": ["nat KUBE-SERVICES     -d BALANCER-IP -p tcp --dport PORT -j KUBE-EXT-…"],
};

export function enter(hook: EntryHook, entry: Entry): readonly string[] {
  return [`nat ${hook.padEnd(17)} -j KUBE-SERVICES`, ...ENTRIES[entry]];
}

export const FOREIGN_SOURCE = "nat KUBE-SVC-…        ! -s CLUSTER-CIDR -j KUBE-MARK-MASQ";
export const MARK_ALL = "nat KUBE-EXT-…        -j KUBE-MARK-MASQ";
export const EXT_TO_SVC = "nat KUBE-EXT-…        -j KUBE-SVC-…";
export const POD_TO_SVC = "nat KUBE-EXT-…        -s CLUSTER-CIDR -j KUBE-SVC-…";
export const NODE_TO_SVC = [
  "nat KUBE-EXT-…        -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ",
  "nat KUBE-EXT-…        -m addrtype --src-type LOCAL -j KUBE-SVC-…",
];
export const EXT_TO_LOCAL = "nat KUBE-EXT-…        -j KUBE-SVL-…";
export const CHOOSE = "nat KUBE-SVC-…        -m statistic --mode random -j KUBE-SEP-…";
export const CHOOSE_LOCAL = "nat KUBE-SVL-…        -m statistic --mode random -j KUBE-SEP-…";
export const OWN_ENDPOINT = "nat KUBE-SEP-…        -s POD -j KUBE-MARK-MASQ";
export const TO_ENDPOINT = "nat KUBE-SEP-…        -j DNAT --to-destination POD:PORT";
export const NOT_MARKED = "nat KUBE-POSTROUTING  ! --mark 0x4000/0x4000 -j RETURN";
export const MASQUERADE = "nat KUBE-POSTROUTING  -j MASQUERADE --random-fully    (marked)";
export const FLANNEL_LEAVES =
  "on the client's node:  nat FLANNEL-POSTRTG  -s CLUSTER ! -d 224.0.0.0/4 -j MASQUERADE";
