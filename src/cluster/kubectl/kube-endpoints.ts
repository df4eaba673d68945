/** What is behind a Service: its EndpointSlices, else its Endpoints object, else what it selects. */
import type { Address } from "#net/address.js";
import type { KubeField } from "./kube-field.js";
import { fullName, type KubeObject } from "./kube-object.js";
import type { ReadPod } from "./kube-pods.js";

export interface ReadEndpoint {
  readonly address: Address;
  readonly node: string | undefined;
  /** `namespace/name`. */
  readonly pod: string | undefined;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  /** Zones whose clients it is kept for; empty without hints. */
  readonly zoneHints: readonly string[];
  /** By the name of the Service's port, which is empty for an only port. */
  readonly ports: ReadonlyMap<string, number>;
}

export interface ServicesEndpoints {
  /** The `namespace/name` of the Service, and its endpoints. */
  readonly byService: ReadonlyMap<string, readonly ReadEndpoint[]>;
  /** False where the file has neither kind of object, so that none of a Service says nothing. */
  readonly isKnown: boolean;
}

/** Slices count where a Service has any: kube-proxy reads nothing else since Kubernetes 1.19. */
export function readEndpoints(objects: readonly KubeObject[]): ServicesEndpoints {
  const slices = objects.filter(({ kind }) => kind === "EndpointSlice");
  const legacy = objects.filter(({ kind }) => kind === "Endpoints");
  return {
    byService: new Map([
      ...grouped(legacy, fullName, (object) => legacyEndpoints(object)),
      ...grouped(slices, serviceOfSlice, (object) => sliceEndpoints(object)),
    ]),
    isKnown: slices.length + legacy.length > 0,
  };
}

function grouped(
  objects: readonly KubeObject[],
  serviceOf: (object: KubeObject) => string | undefined,
  read: (object: KubeObject) => readonly ReadEndpoint[],
): ReadonlyMap<string, readonly ReadEndpoint[]> {
  const groups = new Map<string, ReadEndpoint[]>();
  for (const object of objects) {
    const service = serviceOf(object);
    if (service === undefined) continue;
    const group = groups.get(service) ?? [];
    for (const endpoint of read(object)) group.push(endpoint);
    groups.set(service, group);
  }
  return new Map([...groups].map(([service, group]) => [service, merged(group)]));
}

/** One address is in a slice for each set of ports that it has. */
function merged(endpoints: readonly ReadEndpoint[]): readonly ReadEndpoint[] {
  const byAddress = new Map<Address, ReadEndpoint>();
  for (const endpoint of endpoints) {
    const known = byAddress.get(endpoint.address);
    const ports = known ? new Map([...known.ports, ...endpoint.ports]) : endpoint.ports;
    byAddress.set(endpoint.address, { ...endpoint, ports });
  }
  return [...byAddress.values()];
}

/** kube-proxy passes over slices without the label, and those of headless Services (pkg/proxy/config). */
function serviceOfSlice({ namespace, field }: KubeObject): string | undefined {
  const name = field.at("metadata").at("labels").at("kubernetes.io/service-name").text;
  return name === undefined || name === "" ? undefined : fullName({ namespace, name });
}

/** discovery.k8s.io/v1: of `addresses` the first alone is used; FQDN is for nobody. */
function sliceEndpoints({ namespace, field }: KubeObject): readonly ReadEndpoint[] {
  if (field.at("addressType").text === "FQDN") return [];
  const ports = portNumbers(field.at("ports"));
  return field.at("endpoints").list.flatMap((endpoint): ReadEndpoint[] => {
    const [first] = endpoint.at("addresses").list;
    const address = first?.address;
    if (address === undefined) return [];
    const conditions = endpoint.at("conditions");
    // Not given is to be taken for true (v1 EndpointConditions); serving is like ready then.
    const ready = conditions.at("ready").flag ?? true;
    const hints = endpoint.at("hints").at("forZones").list;
    return [
      {
        address,
        node: endpoint.at("nodeName").text,
        pod: podOf(endpoint, namespace),
        ready,
        serving: conditions.at("serving").flag ?? ready,
        terminating: conditions.at("terminating").flag ?? false,
        zoneHints: hints.flatMap((zone) => zone.at("name").text ?? []),
        ports,
      },
    ];
  });
}

/** v1 Endpoints: `notReadyAddresses` may be pods that terminate, which it does not tell. */
function legacyEndpoints({ namespace, field }: KubeObject): readonly ReadEndpoint[] {
  return field.at("subsets").list.flatMap((subset) => {
    const ports = portNumbers(subset.at("ports"));
    const read = (list: string, ready: boolean): readonly ReadEndpoint[] =>
      subset.at(list).list.flatMap((entry): ReadEndpoint[] => {
        const { address } = entry.at("ip");
        if (address === undefined) return [];
        const [node, pod] = [entry.at("nodeName").text, podOf(entry, namespace)];
        const terminating = false;
        return [{ address, node, pod, ready, serving: ready, terminating, zoneHints: [], ports }];
      });
    return [...read("addresses", true), ...read("notReadyAddresses", false)];
  });
}

function podOf(entry: KubeField, namespace: string): string | undefined {
  const target = entry.at("targetRef");
  const name = target.at("name").text;
  if (name === undefined || target.at("kind").text !== "Pod") return undefined;
  return fullName({ namespace: target.at("namespace").text ?? namespace, name });
}

function portNumbers(list: KubeField): ReadonlyMap<string, number> {
  return new Map(
    list.list.flatMap((entry): [string, number][] => {
      const number = entry.at("port").port;
      return number === undefined ? [] : [[entry.at("name").text ?? "", number]];
    }),
  );
}

/** What the endpoint controller would list, where the file does not show what it did. */
export function selectedEndpoints(
  service: { readonly namespace: string; readonly selector: KubeField; readonly ports: KubeField },
  pods: readonly ReadPod[],
): readonly ReadEndpoint[] {
  const wanted = Object.entries(service.selector.entries);
  if (wanted.length === 0) return [];
  const selected = pods.filter(
    (pod) =>
      pod.namespace === service.namespace &&
      pod.facts.gone !== true &&
      wanted.every(([key, value]) => pod.labels[key] === value),
  );
  return selected.flatMap((pod) =>
    pod.addresses.map((address) => ({
      address,
      node: pod.node,
      pod: pod.fullName,
      ready: pod.isReady && !pod.isTerminating,
      serving: pod.isReady,
      terminating: pod.isTerminating,
      zoneHints: [],
      ports: targetPorts(service.ports, pod),
    })),
  );
}

function targetPorts(ports: KubeField, pod: ReadPod): ReadonlyMap<string, number> {
  return new Map(
    ports.list.flatMap((port): [string, number][] => {
      const target = port.at("targetPort");
      const isName = typeof target.value === "string";
      const number = isName ? pod.portNumbers.get(target.text ?? "") : target.port;
      const resolved = target.isGiven ? number : port.at("port").port;
      return resolved === undefined ? [] : [[port.at("name").text ?? "", resolved]];
    }),
  );
}
