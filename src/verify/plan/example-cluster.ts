/**
 * A small cluster for each scenario, whose names and addresses stand for what nobody told: a plan
 * without a topology is one for it, with placeholders where they are.
 */
import { readTopology } from "#cluster/topology-file.js";
import type { Topology } from "#cluster/topology.js";
import type { Placeholder } from "./plan.js";

export interface Example {
  readonly topology: Topology;
  readonly placeholders: readonly Placeholder[];
}

/** In the order in which they are explained. Addresses are of the documentation ranges (RFC 5737). */
const PLACEHOLDERS: readonly Placeholder[] = [
  {
    name: "NODE",
    stands: "NODE",
    meaning: "name of the node that is dialled, or that the client runs on",
  },
  { name: "NODE_IP", stands: "192.0.2.1", meaning: "its address" },
  { name: "OTHER_NODE", stands: "OTHER_NODE", meaning: "name of the other node that takes part" },
  { name: "OTHER_NODE_IP", stands: "192.0.2.2", meaning: "its address" },
  { name: "POD", stands: "POD", meaning: "name of the pod or container that serves, on NODE" },
  { name: "POD_IP", stands: "10.244.1.2", meaning: "its address" },
  { name: "OTHER_POD", stands: "OTHER_POD", meaning: "name of the pod on OTHER_NODE" },
  { name: "OTHER_POD_IP", stands: "10.244.2.2", meaning: "its address" },
  { name: "CLIENT_POD", stands: "CLIENT_POD", meaning: "name of a pod on NODE that dials" },
  { name: "CLIENT_POD_IP", stands: "10.244.1.3", meaning: "its address" },
  { name: "CLIENT_IP", stands: "198.51.100.9", meaning: "address of the machine outside" },
  {
    name: "BRIDGE",
    stands: "br-OTHER",
    meaning: "bridge of the other Docker network (`ip -br link`)",
  },
  { name: "POD_PORT", stands: "28080", meaning: "port that it listens on" },
  { name: "HOST_PORT", stands: "29000", meaning: "port of the node that leads to it" },
  { name: "SERVICE_IP", stands: "203.0.113.10", meaning: "address of the Service that is dialled" },
  { name: "SERVICE_PORT", stands: "20080", meaning: "its port" },
  { name: "NODE_PORT", stands: "30080", meaning: "its port on every node" },
  { name: "HEALTH_PORT", stands: "32000", meaning: "its healthCheckNodePort" },
  { name: "PROXY_PORT", stands: "20081", meaning: "port that the proxy listens on" },
  { name: "SIDECAR_PORT", stands: "15006", meaning: "port that the sidecar takes connections at" },
  // Said of what is seen on the way, and in no command.
  { name: "NODE_BRIDGE_IP", stands: "10.244.1.1", meaning: "address of NODE's bridge" },
  { name: "NODE_OVERLAY_IP", stands: "10.244.1.0", meaning: "address of NODE's overlay" },
  { name: "OTHER_NODE_BRIDGE_IP", stands: "10.244.2.1", meaning: "address of OTHER_NODE's bridge" },
  {
    name: "OTHER_NODE_OVERLAY_IP",
    stands: "10.244.2.0",
    meaning: "address of OTHER_NODE's overlay",
  },
];

/** Undefined for a scenario that has none. */
export function exampleCluster(scenario: string): Example | undefined {
  const text = EXAMPLES[scenario];
  if (text === undefined) return undefined;
  const topology = readTopology({
    file: "example",
    text: `schema: pcapcheck.topology/v1\n${text}`,
  });
  return { topology, placeholders: PLACEHOLDERS };
}

const CLIENTS = `clients: [{ name: client, addresses: [198.51.100.9] }]\n`;

const NODES = `
clusterCIDR: 10.244.0.0/16
podNetwork: { backend: vxlan, masquerade: flannel }
nodes:
  - { name: NODE, addresses: [192.0.2.1], podCIDR: 10.244.1.0/24 }
  - { name: OTHER_NODE, addresses: [192.0.2.2], podCIDR: 10.244.2.0/24 }
`;

const BYSTANDERS = `
  - { name: CLIENT_POD, node: NODE, address: 10.244.1.3 }
  - { name: OTHER_POD, node: OTHER_NODE, address: 10.244.2.2 }
`;

const HOST_PORT = `${NODES}${CLIENTS}
pods:
  - { name: POD, node: NODE, address: 10.244.1.2, hostPorts: [{ hostPort: 29000, containerPort: 28080 }] }
${BYSTANDERS}`;

const HOST_NETWORK = `${NODES}${CLIENTS}
pods:
  - { name: POD, node: NODE, address: 192.0.2.1, hostNetwork: true, ports: [28080] }
${BYSTANDERS}`;

const PODS = `${NODES}${CLIENTS}
pods:
  - { name: POD, node: NODE, address: 10.244.1.2, ports: [28080] }
  - { name: CLIENT_POD, node: NODE, address: 10.244.1.3 }
  - { name: OTHER_POD, node: OTHER_NODE, address: 10.244.2.2, ports: [28080] }
`;

const ENDPOINTS = "endpoints: [{ pod: POD }, { pod: OTHER_POD }]";
const PORTS = "ports: [{ port: 20080, targetPort: 28080, nodePort: 30080 }]";

const service = (rest: string): string => `${PODS}services:
  - { name: default/SERVICE, ${PORTS}, ${rest} }
`;

const VIRTUAL = "[203.0.113.10]";

const DOCKER = `${CLIENTS}
nodes:
  - name: NODE
    addresses: [192.0.2.1]
    docker:
      version: 26.1.4
      networks:
        - { name: bridge, bridge: docker0, subnet: 10.244.1.0/24, gateway: 10.244.1.1 }
        - { name: other, bridge: br-OTHER, subnet: 10.244.2.0/24, gateway: 10.244.2.1 }
  - { name: OTHER_NODE, addresses: [192.0.2.2] }
pods:
  - { name: CLIENT_POD, node: NODE, address: 10.244.1.3, network: bridge }
  - { name: OTHER_POD, node: NODE, address: 10.244.2.2, network: other }
`;

/** By the scenario's name. To add one: its line here. */
const EXAMPLES: Readonly<Record<string, string>> = {
  "hostport-external": HOST_PORT,
  "hostport-node": HOST_PORT,
  "hostport-localhost": HOST_PORT,
  "hostport-hairpin": HOST_PORT,
  "hostport-pod": HOST_PORT,
  "hostnetwork-external": HOST_NETWORK,
  "hostnetwork-node": HOST_NETWORK,
  "hostnetwork-pod": HOST_NETWORK,
  "docker-egress": DOCKER,
  "docker-container": `${DOCKER}  - { name: POD, node: NODE, address: 10.244.1.2, network: bridge, ports: [28080] }\n`,
  "docker-published": `${DOCKER}  - { name: POD, node: NODE, address: 10.244.1.2, network: bridge, hostPorts: [{ hostPort: 29000, containerPort: 28080 }] }\n`,
  "docker-host": `${DOCKER}  - { name: POD, node: NODE, address: 192.0.2.1, hostNetwork: true, ports: [28080] }\n`,
  "shared-network": `${DOCKER}  - { name: POD, node: NODE, address: 10.244.1.2, network: bridge, ports: [28080] }
  - { name: MATE, node: NODE, address: 10.244.1.2, network: bridge, sharesNetworkOf: POD }\n`,
  "no-network": `${DOCKER}  - { name: POD, node: NODE, address: 127.0.0.1, network: none, ports: [28080] }\n`,
  "pod-to-pod": PODS,
  "node-to-pod": PODS,
  "pod-egress": PODS,
  clusterip: service(`clusterIPs: ${VIRTUAL}, ${ENDPOINTS}`),
  "clusterip-local": service(`clusterIPs: ${VIRTUAL}, internalTrafficPolicy: Local, ${ENDPOINTS}`),
  "clusterip-no-endpoints": service(`clusterIPs: ${VIRTUAL}`),
  "nodeport-cluster": service(`clusterIPs: [10.96.0.10], ${ENDPOINTS}`),
  "nodeport-local": service(`clusterIPs: [10.96.0.10], externalTrafficPolicy: Local, ${ENDPOINTS}`),
  externalip: service(`clusterIPs: [10.96.0.10], externalIPs: ${VIRTUAL}, ${ENDPOINTS}`),
  loadbalancer: service(`clusterIPs: [10.96.0.10], loadBalancerIPs: ${VIRTUAL}, ${ENDPOINTS}`),
  "loadbalancer-proxy": service(
    `clusterIPs: [10.96.0.10], loadBalancerIPs: ${VIRTUAL}, ${ENDPOINTS}`,
  ).replace(CLIENTS, "clients: [{ name: client, addresses: [198.51.100.9], isBalancer: true }]\n"),
  "health-check-node-port": service(
    `clusterIPs: [10.96.0.10], loadBalancerIPs: ${VIRTUAL}, externalTrafficPolicy: Local, healthCheckNodePort: 32000, ${ENDPOINTS}`,
  ),
  "session-affinity": service(
    `clusterIPs: ${VIRTUAL}, sessionAffinitySeconds: 10800, ${ENDPOINTS}`,
  ),
  ingress: `${NODES}${CLIENTS}
pods:
  - { name: PROXY, node: NODE, address: 192.0.2.1, hostNetwork: true, ports: [20081], proxyFor: default/SERVICE }
  - { name: POD, node: NODE, address: 10.244.1.2, ports: [28080] }
${BYSTANDERS}services:
  - { name: default/SERVICE, clusterIPs: [10.96.0.10], ports: [{ port: 20080, targetPort: 28080 }], ${ENDPOINTS} }
`,
  "userspace-proxy": `${service(`clusterIPs: ${VIRTUAL}, ${ENDPOINTS}`)}kubeProxy: { mode: userspace, version: "1.20" }\n`,
  "sidecar-redirect": `${NODES}${CLIENTS}
pods:
  - { name: POD, node: NODE, address: 10.244.1.2, ports: [28080], hostPorts: [{ hostPort: 29000, containerPort: 28080 }], sidecar: {} }
${BYSTANDERS}`,
};
