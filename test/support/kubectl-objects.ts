/**
 * A topology as `kubectl get nodes,pods,services,endpointslices -A -o json` would print its cluster:
 * the shape of the API of Kubernetes 1.31 (core/v1, discovery.k8s.io/v1), with what a reader has to
 * pass over. What no object says is in `completionOf`.
 */
import type { Service, ServicePort } from "#cluster/service.js";
import type { Node, Pod, Topology } from "#cluster/topology.js";
import { formatPrefix } from "#net/prefix.js";

export interface KubeList {
  readonly apiVersion: "v1";
  readonly items: readonly object[];
  readonly kind: "List";
  readonly metadata: { readonly resourceVersion: "" };
}

export function kubectlList(items: readonly object[]): KubeList {
  return { apiVersion: "v1", items, kind: "List", metadata: { resourceVersion: "" } };
}

/** As kubectl indents it. */
export function kubectlJson(items: readonly object[]): string {
  return `${JSON.stringify(kubectlList(items), undefined, 4)}\n`;
}

export function kubectlObjects(topology: Topology): readonly object[] {
  const pods = topology.pods.filter(isOfKubernetes);
  return [
    ...topology.nodes.map(nodeObject),
    ...pods.map((pod) => podObject(pod, topology)),
    ...topology.services.map(serviceObject),
    ...topology.services.map(sliceObject),
  ];
}

/** Containers of Docker and their like are no objects of the API. */
function isOfKubernetes({ network, sharesNetworkOf }: Pod): boolean {
  return network === undefined && sharesNetworkOf === undefined;
}

/** A topology file with everything that the objects do not say. */
export function completionOf(topology: Topology): string {
  const { nodes, pods, clients, clusterCIDR, portmap, kubeProxy, podNetwork } = topology;
  return JSON.stringify({
    schema: "pcapcheck.topology/v1",
    nodes: nodes.map(({ name, interfaces, docker }) => ({
      name,
      interfaces: interfaces.map((port) => ({
        ...port,
        addresses: port.addresses.map(formatPrefix),
      })),
      ...(docker && {
        docker: {
          ...docker,
          networks: docker.networks.map((one) => ({ ...one, subnet: formatPrefix(one.subnet) })),
        },
      }),
    })),
    pods: pods.flatMap((pod): readonly object[] => {
      if (!isOfKubernetes(pod)) return [pod];
      return pod.proxyFor === undefined ? [] : [{ name: pod.name, proxyFor: pod.proxyFor }];
    }),
    clients: clients.map((client) => ({
      ...client,
      addresses: client.addresses.map(formatPrefix),
    })),
    ...(clusterCIDR && { clusterCIDR: formatPrefix(clusterCIDR) }),
    portmap,
    ...(kubeProxy && {
      kubeProxy: { ...kubeProxy, nodePortAddresses: kubeProxy.nodePortAddresses.map(formatPrefix) },
    }),
    podNetwork,
  });
}

function metadata(name: string, more: object = {}): object {
  return {
    creationTimestamp: "2026-01-01T00:00:00Z",
    name,
    resourceVersion: "1234",
    uid: "00000000-0000-4000-8000-000000000000",
    ...more,
  };
}

function nodeObject({ name, addresses, podCIDR }: Node): object {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: metadata(name, { labels: { "kubernetes.io/hostname": name } }),
    spec: podCIDR && { podCIDR: formatPrefix(podCIDR), podCIDRs: [formatPrefix(podCIDR)] },
    status: {
      addresses: [
        ...addresses.map((address) => ({ address, type: "InternalIP" })),
        { address: name, type: "Hostname" },
      ],
      nodeInfo: { kubeletVersion: "v1.31.2", operatingSystem: "linux" },
    },
  };
}

const capital = (protocol: string): string => protocol.toUpperCase();

function podObject(pod: Pod, { nodes }: Topology): object {
  const hostIP = nodes.find(({ name }) => name === pod.node)?.addresses[0];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: metadata(pod.name, { namespace: "default", labels: { app: pod.name } }),
    spec: {
      containers: [
        { image: "registry.example/server:1", name: "server", ports: containerPorts(pod) },
        ...(pod.sidecar ? [{ image: "docker.io/istio/proxyv2:1.24.0", name: "istio-proxy" }] : []),
      ],
      ...(pod.sidecar && { initContainers: [istioInit(pod.sidecar.inboundPort)] }),
      ...(pod.hostNetwork && { hostNetwork: true }),
      nodeName: pod.node,
      restartPolicy: "Always",
    },
    status: {
      conditions: [{ status: pod.gone ? "False" : "True", type: "Ready" }],
      hostIP,
      hostIPs: [{ ip: hostIP }],
      phase: pod.gone ? "Succeeded" : "Running",
      podIP: pod.address,
      podIPs: [{ ip: pod.address }],
    },
  };
}

function containerPorts({ hostNetwork, ports, hostPorts }: Pod): readonly object[] {
  return [
    ...hostPorts.map((port) => ({ ...port, protocol: capital(port.protocol) })),
    ...ports.map((containerPort) => ({
      containerPort,
      ...(hostNetwork && { hostPort: containerPort }),
      protocol: "TCP",
    })),
  ];
}

function istioInit(inboundPort: number): object {
  const args = ["istio-iptables", "-p", "15001", "-z", `${inboundPort}`, "-u", "1337"];
  return { args, image: "docker.io/istio/proxyv2:1.24.0", name: "istio-init" };
}

function serviceObject(service: Service): object {
  const [namespace, name = ""] = service.name.split("/");
  const [clusterIP = "None"] = service.clusterIPs;
  const { sessionAffinitySeconds: timeoutSeconds } = service;
  const ranges = service.loadBalancerSourceRanges.map(formatPrefix);
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata(name, { namespace }),
    spec: {
      clusterIP,
      clusterIPs: service.clusterIPs.length > 0 ? service.clusterIPs : ["None"],
      ...(service.externalIPs.length > 0 && { externalIPs: service.externalIPs }),
      externalTrafficPolicy: service.externalTrafficPolicy,
      healthCheckNodePort: service.healthCheckNodePort,
      internalTrafficPolicy: service.internalTrafficPolicy,
      ...(ranges.length > 0 && { loadBalancerSourceRanges: ranges }),
      ports: service.ports.map(servicePort),
      selector: { app: name },
      sessionAffinity: timeoutSeconds === undefined ? "None" : "ClientIP",
      ...(timeoutSeconds !== undefined && {
        sessionAffinityConfig: { clientIP: { timeoutSeconds } },
      }),
      type: typeOf(service),
    },
    status: {
      loadBalancer: {
        ...(service.loadBalancerIPs.length > 0 && {
          ingress: service.loadBalancerIPs.map((ip) => ({ ip, ipMode: "VIP" })),
        }),
      },
    },
  };
}

function typeOf({ loadBalancerIPs, ports }: Service): string {
  if (loadBalancerIPs.length > 0) return "LoadBalancer";
  return ports.some(({ nodePort }) => nodePort !== undefined) ? "NodePort" : "ClusterIP";
}

function servicePort({ name, protocol, port, targetPort, nodePort }: ServicePort): object {
  return { name, nodePort, port, protocol: capital(protocol), targetPort };
}

function sliceObject({ name: full, ports, endpoints }: Service): object {
  const [namespace, name = ""] = full.split("/");
  return {
    addressType: "IPv4",
    apiVersion: "discovery.k8s.io/v1",
    endpoints: endpoints.map(({ address, node, pod, ready, serving, terminating }) => ({
      addresses: [address],
      conditions: { ready, serving, terminating },
      nodeName: node,
      ...(pod !== undefined && { targetRef: { kind: "Pod", name: pod, namespace: "default" } }),
    })),
    kind: "EndpointSlice",
    metadata: metadata(`${name}-abcde`, {
      labels: {
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        "kubernetes.io/service-name": name,
      },
      namespace,
    }),
    ports: ports.map(({ name: port, protocol, targetPort }) => ({
      name: port ?? "",
      port: targetPort,
      protocol: capital(protocol),
    })),
  };
}
