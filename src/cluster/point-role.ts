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
  [/^(veth|cali[0-9a-f]+$|lxc|tap)/, "veth"],
  [/^(flannel|vxlan|cilium_vxlan|geneve|tunl\d|ipip|wireguard|wg\d)/, "overlay"],
];

/** `any`, `any-sll`. */
const ANY = /^any(\W|$)/;

export function interfaceKind(name: string): InterfaceKind | undefined {
  return INTERFACE_NAMES.find(([pattern]) => pattern.test(name))?.[1];
}

/**
 * Reads `node1/eth0`, `pod:web`, `pod:web@node1/eth0`, `client`, and the same as file names:
 * `node1.eth0`, `pod-web.eth0`, `client.eth0`. With a topology, bare names of its nodes and pods too.
 */
export function placeOf(name: string, topology?: Topology): PointPlace {
  const pod = podPlace(name, topology);
  if (pod) return pod;
  if (/^client(\W|$)/.test(name)) return { role: "client", node: undefined, pod: undefined };

  const onNode = splitNode(name, topology);
  if (onNode) return placeOnNode(onNode, topology);
  const known = topology?.pods.find((candidate) => candidate.name === name);
  if (known) return { role: "pod", node: known.node, pod: name };
  const kind = interfaceKind(name);
  // A bare `eth0` is as likely the pod's as the node's; only names that a pod never has decide.
  const role = kind === undefined || kind === "uplink" || kind === "loopback" ? "unknown" : kind;
  return { role: ANY.test(name) ? "any" : role, node: undefined, pod: undefined };
}

/**
 * `pod:web@node1/eth0`, `pod:default/web`, `pod-web.eth0`. A name with dots or a slash in it is told
 * from what follows by the topology alone; a namespace may be left out or be too much.
 */
function podPlace(name: string, topology?: Topology): PointPlace | undefined {
  const [, rest] = /^pod[:-](.+)$/.exec(name) ?? [];
  if (rest === undefined) return undefined;
  const node = /@([^/]+)/.exec(rest)?.[1];
  const told = rest.split("@")[0] ?? "";
  const pod = (topology && knownPod(told, topology)) ?? /^[^/.]+/.exec(told)?.[0];
  return pod === undefined ? undefined : { role: "pod", node, pod };
}

/** The longest part in front of a dot or slash that is a pod's name; `default_web` is `default/web`. */
function knownPod(told: string, { pods }: Topology): string | undefined {
  const ends = [...told.matchAll(/[./]|$/g)].map(({ index }) => index).reverse();
  const parts = ends.map((end) => told.slice(0, end));
  const names = new Map(
    pods.flatMap(({ name }) => [
      [name.replace("/", "_"), name],
      [name, name],
    ]),
  );
  const candidates = [...parts, ...parts.map((part) => part.replace(/^[^/]*\//, ""))];
  return candidates.flatMap((candidate) => names.get(candidate) ?? [])[0];
}

interface OnNode {
  readonly node: string;
  readonly interfaceName: string;
}

/**
 * The parts of `node1/eth0` and `node1.eth0`. Nodes are called `ip-10-0-0-1.ec2.internal` and
 * interfaces `flannel.1`, so of several dots it is the one behind which an interface's name stands.
 */
function splitNode(name: string, topology?: Topology): OnNode | undefined {
  if (name.includes("/")) return splitAt(name, name.indexOf("/"));
  const splits = [...name.matchAll(/\./g)].map(({ index }) => splitAt(name, index));
  const isListed = ({ node }: OnNode): boolean =>
    topology?.nodes.some((candidate) => candidate.name === node) ?? false;
  const isKnown = ({ interfaceName }: OnNode): boolean =>
    interfaceKind(interfaceName) !== undefined || ANY.test(interfaceName);
  const found = splits.find(isListed) ?? splits.find(isKnown);
  // `eth0.100` and `vxlan.calico` are interfaces of a node that the name does not tell.
  return found ?? (interfaceKind(name) === undefined ? splits[0] : undefined);
}

function splitAt(name: string, at: number): OnNode {
  return { node: name.slice(0, at), interfaceName: name.slice(at + 1) };
}

function placeOnNode({ node, interfaceName }: OnNode, topology?: Topology): PointPlace {
  if (ANY.test(interfaceName)) return { role: "any", node, pod: undefined };
  const listed = topology?.nodes
    .find((candidate) => candidate.name === node)
    ?.interfaces.find((candidate) => candidate.name === interfaceName);
  if (listed) return { role: listed.kind, node, pod: listed.pod };
  const [, told] = /^veth-(.+)$/.exec(interfaceName) ?? [];
  const pod = told !== undefined && topology ? (knownPod(told, topology) ?? told) : told;
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
  // In a namespace of its own the first interface is lo (linux net/core/net_namespace.c).
  if (parent.role === "pod") return { ...parent, interfaceName: name === "if1" ? "lo" : name };
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
