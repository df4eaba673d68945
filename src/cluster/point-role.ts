/** What kind of place a capture point is, told from its name. */
import type { InterfaceKind, Topology } from "./topology.js";

/**
 * `client` is a machine outside the node; `pod` a pod's own namespace; `any` a capture of all
 * interfaces of a node at once whose file does not say which; `unknown` a name that tells nothing.
 */
export type PointRole = InterfaceKind | "client" | "pod" | "any" | "unknown";

export interface PointPlace {
  readonly role: PointRole;
  /** The node's name, when the point's name has one. */
  readonly node: string | undefined;
  /** The pod's name, for a pod's namespace or the veth that leads to it. */
  readonly pod: string | undefined;
}

/** Interface names as kernels, CNI plugins and Docker give them. To add one: its line here. */
const INTERFACE_NAMES: readonly (readonly [RegExp, InterfaceKind])[] = [
  [/^lo$/, "loopback"],
  [/^(eth\d|en[opsx]\w|bond\d|wlan\d|wl[opsx]\w|team\d)/, "uplink"],
  [/^(cni\d|cbr\d|docker\d|br-|kube-bridge|virbr\d)/, "bridge"],
  [/^(veth|cali|lxc|tap)/, "veth"],
  [/^(flannel|vxlan|cilium_vxlan|geneve|tunl\d|ipip|wireguard|wg\d)/, "overlay"],
];

export function interfaceKind(name: string): InterfaceKind | undefined {
  return INTERFACE_NAMES.find(([pattern]) => pattern.test(name))?.[1];
}

/**
 * Reads `node1/eth0`, `pod:web`, `pod:web@node1/eth0`, `client`, and the same as file names:
 * `node1.eth0`, `pod-web.eth0`, `client.eth0`. With a topology, bare names of its nodes and pods too.
 */
export function placeOf(name: string, topology?: Topology): PointPlace {
  const pod = /^pod[:-]([^@/.]+)(?:@([^/]+))?/.exec(name);
  if (pod) return { role: "pod", node: pod[2], pod: pod[1] };
  if (/^client(\W|$)/.test(name)) return { role: "client", node: undefined, pod: undefined };

  const [, head = name, tail] = /^([^/.]+)[/.](.+)$/.exec(name) ?? [];
  if (tail !== undefined) return placeOnNode(head, tail, topology);
  const known = topology?.pods.find((candidate) => candidate.name === name);
  if (known) return { role: "pod", node: known.node, pod: name };
  const kind = interfaceKind(name);
  // A bare `eth0` is as likely the pod's as the node's; only names that a pod never has decide.
  const role = kind === undefined || kind === "uplink" || kind === "loopback" ? "unknown" : kind;
  return { role: /^any(\W|$)/.test(name) ? "any" : role, node: undefined, pod: undefined };
}

function placeOnNode(node: string, interfaceName: string, topology?: Topology): PointPlace {
  if (/^any(\W|$)/.test(interfaceName)) return { role: "any", node, pod: undefined };
  const listed = topology?.nodes
    .find((candidate) => candidate.name === node)
    ?.interfaces.find((candidate) => candidate.name === interfaceName);
  if (listed) return { role: listed.kind, node, pod: listed.pod };
  const [, pod] = /^veth-(.+)$/.exec(interfaceName) ?? [];
  return { role: interfaceKind(interfaceName) ?? "unknown", node, pod };
}

/**
 * The place of an interface inside a file that holds several: `name` is its name or `if7`, which a
 * topology turns into a name.
 */
export function placeOfInterface(
  parent: PointPlace,
  name: string,
  topology?: Topology,
): PointPlace & { readonly interfaceName: string } {
  const node = topology?.nodes.find((candidate) => candidate.name === parent.node);
  const index = /^if(\d+)$/.exec(name)?.[1];
  const listed = node?.interfaces.find((candidate) =>
    index === undefined ? candidate.name === name : candidate.index === Number(index),
  );
  if (listed) {
    return { role: listed.kind, node: parent.node, pod: listed.pod, interfaceName: listed.name };
  }
  const role = interfaceKind(name) ?? (index === undefined ? "unknown" : "any");
  return { role, node: parent.node, pod: undefined, interfaceName: name };
}
