/** Nodes as kubectl prints them. */
import { isPrivate } from "#net/prefix.js";
import type { Address } from "#net/address.js";
import type { TopologyInput } from "../topology-schema.js";
import type { KubeObject } from "./kube-object.js";

export type NodeInput = TopologyInput["nodes"][number];

export interface ReadNode {
  readonly input: NodeInput;
  /** `flannel.alpha.coreos.com/backend-type`; undefined without flannel. */
  readonly flannelBackend: string | undefined;
  readonly assumptions: readonly string[];
}

export function readNode({ name, field }: KubeObject): ReadNode {
  const addresses = addressesOf(field.at("status").at("addresses"));
  const own = [...new Set([...addresses.internal, ...addresses.external.filter(isOwn(addresses))])];
  const foreign = addresses.external.filter((address) => !own.includes(address));
  const [podCIDR, secondaryPodCIDR] = podCIDRsOf(field.at("spec"));
  const zone = field.at("metadata").at("labels").at("topology.kubernetes.io/zone").text;
  return {
    input: {
      name,
      addresses: own,
      ...(podCIDR !== undefined && { podCIDR }),
      ...(secondaryPodCIDR !== undefined && { secondaryPodCIDR }),
      ...(zone !== undefined && { zone }),
    },
    flannelBackend: field.at("metadata").at("annotations").at(FLANNEL_BACKEND).text,
    assumptions: foreign.map(
      (address) =>
        `${address}, ExternalIP of ${name}, is translated in front of the node, whose own address is private`,
    ),
  };
}

/** flannel pkg/subnet/kube/annotations.go. */
const FLANNEL_BACKEND = "flannel.alpha.coreos.com/backend-type";

type Field = KubeObject["field"];

interface NodeAddresses {
  readonly internal: readonly Address[];
  readonly external: readonly Address[];
}

/** Hostname and DNS entries are no addresses, even where they read as such. */
function addressesOf(field: Field): NodeAddresses {
  const ofType = (type: string): readonly Address[] =>
    field.list
      .filter((entry) => entry.at("type").text === type)
      .flatMap((entry) => entry.at("address").address ?? []);
  return { internal: ofType("InternalIP"), external: ofType("ExternalIP") };
}

/**
 * A public ExternalIP beside a private InternalIP is a cloud's translation, which the node does not
 * see: to take it for the node's own would expect packets to it on the node's interface.
 */
function isOwn({ internal }: NodeAddresses): (address: Address) => boolean {
  return (address) => {
    const ofFamily = internal.filter((other) => other.includes(":") === address.includes(":"));
    return isPrivate(address) || ofFamily.length === 0 || ofFamily.some((own) => !isPrivate(own));
  };
}

/** `podCIDRs` has one of each family, the first being `podCIDR`. */
function podCIDRsOf(spec: Field): readonly string[] {
  const several = spec.at("podCIDRs").list.flatMap((entry) => entry.prefix ?? []);
  return several.length > 0 ? several : [spec.at("podCIDR").prefix ?? []].flat();
}
