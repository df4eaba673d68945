import type { RuleOwner } from "#expected/netfilter/rule.js";

export interface OwnerSigns {
  readonly chain: string;
  readonly comment: string | undefined;
  /** The chain that it jumps to. */
  readonly target: string | undefined;
  readonly text: string;
}

/** Chains by the program that makes them, most specific first. To add one: its line here. */
const CHAINS: readonly (readonly [RegExp, RuleOwner])[] = [
  [/^KUBE-(KUBELET-CANARY|MARK-DROP|HOSTPORTS|HP-)/, "kubelet"],
  // kube-router pkg/controllers/netpol: its chains stand among kube-proxy's.
  [/^KUBE-(ROUTER-|POD-FW-|NWPLCY-|NFLOG-)/, "kube-router"],
  [/^KUBE-/, "kube-proxy"],
  [/^CNI-(HOSTPORT-|DN-|SN-)/, "portmap"],
  [/^CNI-[0-9a-f]{16,}$/, "CNI bridge"],
  [/^DOCKER/, "Docker"],
  [/^FLANNEL-/, "flannel"],
  [/^cali-/, "Calico"],
  [/^(OLD_)?CILIUM_/, "Cilium"],
  [/^IP-MASQ/, "ip-masq-agent"],
  [/^KIND-MASQ/, "kindnet"],
];

const COMMENTS: readonly (readonly [RegExp, RuleOwner])[] = [
  [/^flanneld /, "flannel"],
  [/^cali:/, "Calico"],
  [/^CNI portfwd/, "portmap"],
  [/^name: ".*" id: "/, "CNI bridge"],
  [/^cilium[-: ]/, "Cilium"],
  [/^ip-masq-agent/, "ip-masq-agent"],
  [/^kube-router netpol /, "kube-router"],
  [/^kubernetes /, "kube-proxy"],
];

/** Docker writes its masquerade and filter rules without comment, on its own bridges. */
const DOCKER_BRIDGE = / -[io] (docker\d+|br-[0-9a-f]{12})( |$)/;

/** By the chain it stands in, then what it says of itself, then the chain it jumps to. */
export function ruleOwner({ chain, comment, target, text }: OwnerSigns): RuleOwner {
  return (
    find(CHAINS, chain) ??
    find(COMMENTS, comment) ??
    find(CHAINS, target) ??
    (DOCKER_BRIDGE.test(text) ? "Docker" : "unknown")
  );
}

function find(
  known: readonly (readonly [RegExp, RuleOwner])[],
  text: string | undefined,
): RuleOwner | undefined {
  return text === undefined ? undefined : known.find(([pattern]) => pattern.test(text))?.[1];
}
