/** What kind of interface one is, by what the kernel says of it. */
import type { HostInterface } from "./host.js";
import type { InterfaceKind } from "./topology.js";

/** Names that flannel, Calico, Cilium and Antrea give their tunnels. */
const OVERLAY = /^(flannel|vxlan|geneve|tunl\d|cilium_vxlan|antrea-gw)/;

/** They hold addresses and carry nothing: kube-proxy's in ipvs mode, NodeLocal DNSCache's. */
const DUMMY = /^(kube-ipvs|nodelocaldns|dummy)/;

/** Of an interface that no topology lists. */
export function kindByLook({ name, isLoopback, isBridge, bridge }: HostInterface): InterfaceKind {
  if (isLoopback || DUMMY.test(name)) return "loopback";
  if (isBridge) return "bridge";
  if (bridge !== undefined || /^(veth|cali)/.test(name)) return "veth";
  return OVERLAY.test(name) ? "overlay" : "uplink";
}
