/** Pods as kubectl prints them. */
import type { Address } from "#net/address.js";
import type { TopologyInput } from "../topology-schema.js";
import type { KubeField } from "./kube-field.js";
import { fullName, type KubeObject } from "./kube-object.js";

export type PodInput = NonNullable<TopologyInput["pods"]>[number];

export interface ReadPod {
  /** `namespace/name`. */
  readonly fullName: string;
  readonly name: string;
  readonly namespace: string;
  readonly node: string;
  /** One for each address family. */
  readonly addresses: readonly Address[];
  /** Of the node, as the pod's status tells. */
  readonly hostAddresses: readonly Address[];
  readonly facts: Omit<PodInput, "name" | "node" | "address">;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly isReady: boolean;
  readonly isTerminating: boolean;
  /** Of all containers, by name: what a Service's named `targetPort` leads to. */
  readonly portNumbers: ReadonlyMap<string, number>;
}

/** Nothing of the object itself is kept. Undefined for a pod that has no address yet, or none any more. */
export function readPod(object: KubeObject): ReadPod | undefined {
  const { name, namespace, field } = object;
  const [spec, status] = [field.at("spec"), field.at("status")];
  const node = spec.at("nodeName").text ?? "";
  const addresses = addressesOf(status, { several: "podIPs", one: "podIP" });
  if (node === "" || addresses.length === 0) return undefined;
  const containers = lastingContainers(spec);
  const ports = containers.flatMap((container) => container.at("ports").list.map(portOf));
  const hostNetwork = spec.at("hostNetwork").flag === true;
  return {
    fullName: fullName(object),
    name,
    namespace,
    node,
    addresses,
    hostAddresses: addressesOf(status, { several: "hostIPs", one: "hostIP" }),
    facts: {
      ...(hostNetwork
        ? { hostNetwork, ports: [...new Set(ports.map(({ containerPort }) => containerPort))] }
        : hostPortsOf(ports)),
      ...(isGone(field) && { gone: true }),
      ...sidecarOf(spec),
    },
    labels: field.at("metadata").at("labels").entries,
    isReady: status.at("conditions").list.some(isReadyCondition),
    isTerminating: field.at("metadata").at("deletionTimestamp").isGiven,
    portNumbers: namedPorts(ports),
  };
}

function addressesOf(
  status: KubeField,
  { several, one }: { readonly several: string; readonly one: string },
): readonly Address[] {
  const listed = status.at(several).list.flatMap((entry) => entry.at("ip").address ?? []);
  return listed.length > 0 ? listed : [status.at(one).address ?? []].flat();
}

/** Init containers with `restartPolicy: Always` run as long as the pod does. */
function lastingContainers(spec: KubeField): readonly KubeField[] {
  const init = spec.at("initContainers").list;
  const lasting = init.filter((container) => container.at("restartPolicy").text === "Always");
  return [...spec.at("containers").list, ...lasting];
}

interface ContainerPort {
  readonly name: string | undefined;
  readonly containerPort: number;
  readonly hostPort: number | undefined;
  readonly hostIP: Address | undefined;
  readonly protocol: "tcp" | "udp" | "sctp";
}

function portOf(field: KubeField): ContainerPort {
  const number = field.at("containerPort");
  return {
    name: field.at("name").text,
    containerPort: number.needed(number.port, "a port from 1 to 65535"),
    hostPort: field.at("hostPort").port,
    hostIP: field.at("hostIP").address,
    protocol: protocolOf(field.at("protocol")),
  };
}

const NO_NAMES: ReadonlyMap<string, number> = new Map();

function namedPorts(ports: readonly ContainerPort[]): ReadonlyMap<string, number> {
  const named = ports.flatMap(({ name, containerPort }) =>
    name === undefined ? [] : [[name, containerPort] as const],
  );
  return named.length === 0 ? NO_NAMES : new Map(named);
}

export function protocolOf(field: KubeField): ContainerPort["protocol"] {
  return PROTOCOLS[field.oneOf(["TCP", "UDP", "SCTP"], "TCP")];
}

const PROTOCOLS = { TCP: "tcp", UDP: "udp", SCTP: "sctp" } as const;

function hostPortsOf(ports: readonly ContainerPort[]): Pick<PodInput, "hostPorts"> {
  const hostPorts = ports.flatMap(({ hostPort, containerPort, protocol, hostIP }) =>
    hostPort === undefined
      ? []
      : [{ hostPort, containerPort, protocol, ...(hostIP !== undefined && { hostIP }) }],
  );
  return hostPorts.length > 0 ? { hostPorts } : {};
}

/**
 * Its containers have ended. A pod that is being deleted serves until they have: their state tells, for
 * the deletion's time alone is when it must be over.
 */
function isGone(field: KubeField): boolean {
  const phase = field.at("status").at("phase").text;
  if (phase === "Succeeded" || phase === "Failed") return true;
  if (!field.at("metadata").at("deletionTimestamp").isGiven) return false;
  const states = field.at("status").at("containerStatuses").list;
  return !states.some((state) => state.at("state").at("running").isGiven);
}

function isReadyCondition(condition: KubeField): boolean {
  return condition.at("type").text === "Ready" && condition.at("status").text === "True";
}

/**
 * Clearly injected: Envoy itself, and the init container that redirects to it or, under istio-cni, the
 * one that waits for the redirection. A gateway has Envoy alone and is dialled itself.
 */
function sidecarOf(spec: KubeField): Pick<PodInput, "sidecar"> {
  if (!lastingContainers(spec).some(isEnvoy)) return {};
  const redirecting = spec
    .at("initContainers")
    .list.find((container) => REDIRECTING.has(container.at("name").text ?? ""));
  return redirecting ? { sidecar: { inboundPort: inboundPortOf(redirecting) } } : {};
}

function isEnvoy(container: KubeField): boolean {
  return container.at("name").text === "istio-proxy";
}

const REDIRECTING: ReadonlySet<string> = new Set(["istio-init", "istio-validation"]);

/** `istio-iptables -z 15006` (istio tools/istio-iptables/pkg/cmd/root.go), which is the default too. */
function inboundPortOf(container: KubeField): number {
  const words = container.at("args").list.flatMap((word) => word.text ?? []);
  const at = words.findIndex((word) => word === "-z" || word === "--inbound-capture-port");
  const port = Number(words[at + 1]);
  return at >= 0 && Number.isInteger(port) && port > 0 ? port : 15_006;
}
