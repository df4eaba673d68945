/** Services as kubectl prints them, with their endpoints. */
import type { Address } from "#net/address.js";
import type { TopologyInput } from "../topology-schema.js";
import type { ReadEndpoint } from "./kube-endpoints.js";
import type { KubeField } from "./kube-field.js";
import { fullName, type KubeObject } from "./kube-object.js";
import { protocolOf } from "./kube-pods.js";

export type ServiceInput = NonNullable<TopologyInput["services"]>[number];
type PortInput = ServiceInput["ports"][number];
type EndpointInput = NonNullable<ServiceInput["endpoints"]>[number];

/** False of those that kube-proxy leaves alone, and of an ExternalName, which is DNS and no address. */
export function isProxied({ field }: KubeObject): boolean {
  const spec = field.at("spec");
  const label = field.at("metadata").at("labels").at("service.kubernetes.io/service-proxy-name");
  return (
    spec.at("type").oneOf(TYPES, "ClusterIP") !== "ExternalName" &&
    !label.isGiven &&
    spec.at("ports").list.length > 0
  );
}

const TYPES = ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"] as const;

export interface ServiceEndpoints {
  readonly endpoints: readonly ReadEndpoint[];
  /** What the topology calls a pod, by `namespace/name`; undefined for one that it does not have. */
  readonly nameOfPod: (fullName: string) => string | undefined;
}

/**
 * As a rule one. Where a named port is another number in some pods, a Service of the same name for
 * that port alone, so that each endpoint has its own number.
 */
export function readService(object: KubeObject, behind: ServiceEndpoints): readonly ServiceInput[] {
  const ports = object.field.at("spec").at("ports").list.map(readPort);
  const whole = commonFacts(object);
  const even = ports.filter((port) => numbersOf(port, behind.endpoints).size <= 1);
  const uneven = ports.filter((port) => !even.includes(port));
  const groups = [...(even.length > 0 ? [even] : []), ...uneven.map((port) => [port])];
  return groups.map((group, index) => {
    const { healthCheckNodePort, ...facts } = whole;
    return {
      ...facts,
      ...(index === 0 && healthCheckNodePort !== undefined && { healthCheckNodePort }),
      ports: group.map((port) => portInput(port, behind.endpoints)),
      endpoints: behind.endpoints.flatMap((endpoint) => endpointInput(endpoint, group, behind)),
    };
  });
}

interface ReadPort {
  readonly name: string | undefined;
  readonly protocol: "tcp" | "udp" | "sctp";
  readonly port: number;
  /** Undefined for a name, which each endpoint's pod turns into a number. */
  readonly targetPort: number | undefined;
  readonly nodePort: number | undefined;
}

function readPort(field: KubeField): ReadPort {
  const [number, target] = [field.at("port"), field.at("targetPort")];
  const port = number.needed(number.port, "a port from 1 to 65535");
  const named = typeof target.value === "string";
  return {
    name: field.at("name").text,
    protocol: protocolOf(field.at("protocol")),
    port,
    targetPort: named ? undefined : (target.port ?? port),
    nodePort: field.at("nodePort").port,
  };
}

/** What the port is at the endpoints that have it. */
function numbersOf(
  { name = "" }: ReadPort,
  endpoints: readonly ReadEndpoint[],
): ReadonlySet<number> {
  return new Set(endpoints.flatMap(({ ports }) => ports.get(name) ?? []));
}

function portInput(read: ReadPort, endpoints: readonly ReadEndpoint[]): PortInput {
  const { name, protocol, port, nodePort, targetPort } = read;
  const [atEndpoints] = numbersOf(read, endpoints);
  return {
    ...(name !== undefined && name !== "" && { name }),
    protocol,
    port,
    targetPort: atEndpoints ?? targetPort ?? port,
    ...(nodePort !== undefined && { nodePort }),
  };
}

/** An endpoint that has none of these ports is behind others of the Service. */
function endpointInput(
  { ports, pod, address, node, zoneHints, ...conditions }: ReadEndpoint,
  group: readonly ReadPort[],
  { nameOfPod }: ServiceEndpoints,
): readonly EndpointInput[] {
  const own = group.flatMap(({ name = "" }) => ports.get(name) ?? []);
  if (own.length === 0) return [];
  const [port] = own;
  const name = pod === undefined ? undefined : nameOfPod(pod);
  return [
    {
      address,
      ...conditions,
      ...(node !== undefined && { node }),
      ...(name !== undefined && { pod: name }),
      ...(zoneHints.length > 0 && { zoneHints: [...zoneHints] }),
      ...(group.length === 1 && port !== undefined && { port }),
    },
  ];
}

type CommonFacts = Omit<ServiceInput, "ports" | "endpoints">;

function commonFacts(object: KubeObject): CommonFacts {
  const spec = object.field.at("spec");
  const policy = (key: string) => spec.at(key).oneOf(["Cluster", "Local"], "Cluster");
  const healthCheckNodePort = spec.at("healthCheckNodePort").port;
  return {
    name: fullName(object),
    clusterIPs: [...clusterIPsOf(spec)],
    externalIPs: spec.at("externalIPs").list.flatMap(({ address }) => address ?? []),
    loadBalancerIPs: [...balancerIPsOf(object.field)],
    loadBalancerSourceRanges: spec
      .at("loadBalancerSourceRanges")
      .list.flatMap(({ prefix }) => prefix ?? []),
    externalTrafficPolicy: policy("externalTrafficPolicy"),
    internalTrafficPolicy: policy("internalTrafficPolicy"),
    ...affinityOf(spec),
    ...(hasHints(object.field) && { topologyHints: true }),
    ...(healthCheckNodePort !== undefined && { healthCheckNodePort }),
  };
}

/** `None` is headless. */
function clusterIPsOf(spec: KubeField): readonly Address[] {
  const fields = spec.at("clusterIPs").isGiven
    ? spec.at("clusterIPs").list
    : [spec.at("clusterIP")];
  return fields.flatMap((field) => (field.text === "None" ? [] : (field.address ?? [])));
}

/**
 * With `ipMode: Proxy` the balancer ends connections itself, and kube-proxy writes no rule for its
 * address (KEP-1860, pkg/proxy/serviceport.go); a balancer that has only a name gives no address.
 */
function balancerIPsOf(field: KubeField): readonly Address[] {
  const ingress = field.at("status").at("loadBalancer").at("ingress").list;
  const direct = ingress.filter(
    (entry) => entry.at("ipMode").oneOf(["VIP", "Proxy"], "VIP") === "VIP",
  );
  return direct.flatMap((entry) => entry.at("ip").address ?? []);
}

/** v1 DefaultClientIPServiceAffinitySeconds. */
const DEFAULT_AFFINITY_SECONDS = 10_800;

function affinityOf(spec: KubeField): Pick<CommonFacts, "sessionAffinitySeconds"> {
  if (spec.at("sessionAffinity").oneOf(["None", "ClientIP"], "None") === "None") return {};
  const { whole } = spec.at("sessionAffinityConfig").at("clientIP").at("timeoutSeconds");
  return { sessionAffinitySeconds: whole ?? DEFAULT_AFFINITY_SECONDS };
}

/** Asked for by annotation or, since 1.30, by `trafficDistribution`; without either hints are not heeded. */
function hasHints(field: KubeField): boolean {
  const annotations = field.at("metadata").at("annotations");
  const isAuto = HINT_ANNOTATIONS.some((key) =>
    ["Auto", "auto"].includes(annotations.at(key).text ?? ""),
  );
  return isAuto || field.at("spec").at("trafficDistribution").isGiven;
}

const HINT_ANNOTATIONS = [
  "service.kubernetes.io/topology-mode",
  "service.kubernetes.io/topology-aware-hints",
];
