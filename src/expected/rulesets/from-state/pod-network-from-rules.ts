/** Which addresses are pods', and who masquerades them, as flannel's and the CNI bridge's rules show it. */
import { kindByLook } from "#cluster/kind-by-look.js";
import type { PodNetwork } from "#cluster/topology.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import type { Rule } from "#expected/netfilter/rule.js";
import { prefixContains, type Prefix } from "#net/prefix.js";
import { blockAsked, blockExcluded } from "./asked-of.js";
import { chainsCalled, hasChain, rulesOf } from "./rules-of.js";

export interface PodNetworkFromRules {
  /** Of this node; undefined where no rule of flannel's says. */
  readonly podCIDR: Prefix | undefined;
  readonly clusterCIDR: Prefix | undefined;
  readonly masquerade: PodNetwork["masquerade"];
  /** Undefined where the node has no route to another's pods. */
  readonly backend: PodNetwork["backend"] | undefined;
  /** Other nodes' pods, with the node's address where the route goes by it. */
  readonly others: readonly { readonly podCIDR: Prefix; readonly via: string | undefined }[];
}

/** `pods`: the node's own, where something else than flannel says which. */
export function podNetworkFromRules(
  state: NodeState,
  pods: Prefix | undefined,
): PodNetworkFromRules {
  const { rules } = state;
  const flannel = [
    ...rulesOf(rules, "nat", "FLANNEL-POSTRTG"),
    ...rulesOf(rules, "nat", "POSTROUTING").filter(({ owner }) => owner === "flannel"),
  ];
  const podCIDR = flannel.flatMap(ownPods)[0] ?? pods;
  const clusterCIDR = [...flannel, ...rulesOf(rules, "filter", "FLANNEL-FWD")].flatMap(allPods)[0];
  const others = routesToPods(state, { podCIDR, clusterCIDR });
  const isOverlay = (device: string): boolean =>
    state.interfaces.some((port) => port.name === device && kindByLook(port) === "overlay");
  const [first] = others;
  const hasFlannel =
    hasChain(rules, "nat", "FLANNEL-POSTRTG") ||
    hasChain(rules, "filter", "FLANNEL-FWD") ||
    flannel.length > 0 ||
    state.interfaces.some(({ name }) => name.startsWith("flannel"));
  const hasBridges = chainsCalled(rules, { table: "nat", prefix: "CNI-" }).some((name) =>
    PER_POD.test(name),
  );
  return {
    podCIDR,
    clusterCIDR,
    masquerade: hasFlannel ? "flannel" : hasBridges ? "cni-bridge" : "none",
    backend: first && (isOverlay(first.device) ? "vxlan" : "host-gw"),
    others: others.map(({ destination, device, gateway }) => ({
      podCIDR: destination,
      via: isOverlay(device) ? undefined : gateway,
    })),
  };
}

/** The CNI bridge plugin's `ipMasq`. */
const PER_POD = /^CNI-[0-9a-f]{16,}$/;

/** `-s PODS -d CLUSTER -j RETURN`. */
function ownPods(rule: Rule): readonly Prefix[] {
  const [source, destination] = [blockAsked(rule, "source"), blockAsked(rule, "destination")];
  if (source === undefined || destination === undefined) return [];
  const isInside =
    destination.length < source.length && prefixContains(destination, source.address);
  return isInside ? [source] : [];
}

/** What flannel's rules ask for beside the node's own pods. */
function allPods(rule: Rule): readonly Prefix[] {
  if (ownPods(rule).length > 0) return [blockAsked(rule, "destination") ?? []].flat();
  const excluded = blockExcluded(rule, "source");
  if (excluded) return [excluded];
  const [source, destination] = [blockAsked(rule, "source"), blockAsked(rule, "destination")];
  if (rule.chain === "FLANNEL-FWD") return [source ?? destination ?? []].flat();
  return source && destination === undefined ? [source] : [];
}

interface PodRoute {
  readonly destination: Prefix;
  readonly device: string;
  readonly gateway: string | undefined;
}

/** Blocks of the cluster's pods that another machine has. */
function routesToPods(
  { routes }: NodeState,
  { podCIDR, clusterCIDR }: Pick<PodNetworkFromRules, "podCIDR" | "clusterCIDR">,
): readonly PodRoute[] {
  return routes.flatMap(({ type, table, destination, hops }): PodRoute[] => {
    const [hop, ...more] = hops;
    if (type !== "unicast" || table !== "main" || hop?.gateway === undefined || more.length > 0)
      return [];
    const isOwn = podCIDR && prefixContains(podCIDR, destination.address);
    const isInside =
      clusterCIDR !== undefined &&
      destination.length > clusterCIDR.length &&
      prefixContains(clusterCIDR, destination.address);
    if (isOwn === true || !isInside) return [];
    return [{ destination, device: hop.device, gateway: hop.gateway }];
  });
}
