/** Clusters that between them have every way that a scenario is about. */
import type { Family } from "#expected/network/node-interfaces.js";
import { readTopology } from "#cluster/topology-file.js";
import type { Topology } from "#cluster/topology.js";

export interface Cluster {
  readonly name: string;
  readonly topology: Topology;
  readonly family: Family;
}

function cluster(name: string, text: string): Cluster {
  const head = `schema: pcapcheck.topology/v1\n`;
  const topology = readTopology({ file: `${name}.yaml`, text: head + text });
  const family = text.includes("fd00:") ? "ipv6" : "ipv4";
  return { name, topology, family };
}

const CLIENTS = `
clients:
  - { name: laptop, addresses: [198.51.100.79] }
`;

/** Three nodes: one with nothing behind the Services, so that policies show. */
const NODES = `
clusterCIDR: 10.244.0.0/16
portmap: 1.9.0
nodes:
  - { name: node1, addresses: [192.168.50.11], podCIDR: 10.244.1.0/24 }
  - { name: node2, addresses: [192.168.50.12], podCIDR: 10.244.2.0/24 }
  - { name: node3, addresses: [192.168.50.13], podCIDR: 10.244.3.0/24 }
`;

const PODS = `
pods:
  - { name: web1, node: node1, address: 10.244.1.2 }
  - { name: web2, node: node2, address: 10.244.2.2 }
  - { name: shell1, node: node1, address: 10.244.1.3 }
  - { name: shell3, node: node3, address: 10.244.3.3 }
`;

const ENDPOINTS = `endpoints: [{ pod: web1 }, { pod: web2 }]`;

const service = (name: string, rest: string): string => `  - { name: default/${name}, ${rest} }\n`;

const port = (nodePort: number): string =>
  `ports: [{ port: 80, targetPort: 8080, nodePort: ${nodePort} }]`;

const services = cluster(
  "services of three nodes, VXLAN",
  `${NODES}${PODS}${CLIENTS}podNetwork: { backend: vxlan, masquerade: flannel }
services:
${service("open", `clusterIPs: [10.96.0.10], ${port(30_080)}, externalIPs: [203.0.113.10], loadBalancerIPs: [203.0.113.20], ${ENDPOINTS}`)}\
${service("local", `clusterIPs: [10.96.0.11], ${port(30_081)}, externalIPs: [203.0.113.11], loadBalancerIPs: [203.0.113.21], externalTrafficPolicy: Local, internalTrafficPolicy: Local, healthCheckNodePort: 32122, ${ENDPOINTS}`)}\
${service("empty", `clusterIPs: [10.96.0.12], ${port(30_082)}, externalIPs: [203.0.113.12], loadBalancerIPs: [203.0.113.22]`)}\
${service("fenced", `clusterIPs: [10.96.0.13], ${port(30_083)}, loadBalancerIPs: [203.0.113.23], loadBalancerSourceRanges: [203.0.113.128/25], ${ENDPOINTS}`)}\
`,
);

const balanced = cluster(
  "a proxying balancer",
  `${NODES}${PODS}
clients:
  - { name: balancer, addresses: [203.0.113.30] }
  - { name: inside, addresses: [203.0.113.31], isBalancer: true }
podNetwork: { backend: vxlan, masquerade: flannel }
services:
${service("open", `clusterIPs: [10.96.0.10], ${port(30_080)}, loadBalancerIPs: [203.0.113.30], ${ENDPOINTS}`)}\
${service("local", `clusterIPs: [10.96.0.11], ${port(30_081)}, loadBalancerIPs: [203.0.113.30], externalTrafficPolicy: Local, ${ENDPOINTS}`)}\
${service("empty", `clusterIPs: [10.96.0.12], ${port(30_082)}, loadBalancerIPs: [203.0.113.30]`)}\
`,
);

const sticky = cluster(
  "a Service that remembers its clients",
  `${NODES}${PODS}${CLIENTS}podNetwork: { backend: vxlan, masquerade: flannel }
services:
${service("sticky", `clusterIPs: [10.96.0.10], ${port(30_080)}, sessionAffinitySeconds: 10800, ${ENDPOINTS}`)}\
${service("local", `clusterIPs: [10.96.0.11], ${port(30_081)}, sessionAffinitySeconds: 10800, externalTrafficPolicy: Local, ${ENDPOINTS}`)}\
`,
);

const routed = cluster(
  "services of three nodes, routed",
  `${NODES}${PODS}${CLIENTS}podNetwork: { backend: host-gw, masquerade: flannel }
services:
${service("open", `clusterIPs: [10.96.0.10], ${port(30_080)}, externalIPs: [203.0.113.10], ${ENDPOINTS}`)}\
`,
);

const plugins = cluster(
  "hostPorts and hostNetwork, the CNI bridge plugin masquerades",
  `${NODES}${CLIENTS}podNetwork: { backend: host-gw, masquerade: cni-bridge }
pods:
  - { name: web1, node: node1, address: 10.244.1.2, ports: [8080] }
  - { name: shell1, node: node1, address: 10.244.1.3 }
`,
);

const bare = cluster(
  "routes alone, nobody masquerades",
  `${NODES}podNetwork: { backend: host-gw, masquerade: none }
pods:
  - { name: web1, node: node1, address: 10.244.1.2, ports: [8080] }
  - { name: shell2, node: node2, address: 10.244.2.3 }
`,
);

const hosts = (version: string): Cluster =>
  cluster(
    `hostPorts and hostNetwork, portmap ${version}`,
    `${NODES.replace("portmap: 1.9.0", `portmap: ${version}`)}${CLIENTS}podNetwork: { backend: vxlan, masquerade: flannel }
pods:
  - name: web1
    node: node1
    address: 10.244.1.2
    hostPorts:
      - { hostPort: 9000, containerPort: 8080 }
      - { hostPort: 9000, containerPort: 8080, protocol: udp }
      - { hostPort: 9001, containerPort: 8081, hostIP: 192.168.50.11 }
  - { name: shell1, node: node1, address: 10.244.1.3 }
  - { name: shell2, node: node2, address: 10.244.2.3 }
  - { name: bound, node: node1, address: 192.168.50.11, hostNetwork: true, ports: [9090] }
`,
  );

const proxies = cluster(
  "an ingress on the node's network, one in a pod, a sidecar",
  `${NODES}${CLIENTS}podNetwork: { backend: vxlan, masquerade: flannel }
pods:
  - { name: web1, node: node1, address: 10.244.1.2 }
  - { name: web2, node: node2, address: 10.244.2.2 }
  - { name: gate1, node: node1, address: 192.168.50.11, hostNetwork: true, ports: [80], proxyFor: default/open }
  - { name: gate2, node: node2, address: 10.244.2.9, ports: [80], proxyFor: default/open }
  - { name: meshed, node: node1, address: 10.244.1.7, ports: [8080], sidecar: {} }
services:
${service("open", `clusterIPs: [10.96.0.10], ports: [{ port: 80, targetPort: 8080 }], ${ENDPOINTS}`)}\
`,
);

const userspace = cluster(
  "kube-proxy in userspace mode",
  `${NODES}${PODS}${CLIENTS}podNetwork: { backend: vxlan, masquerade: flannel }
kubeProxy: { mode: userspace, version: "1.20" }
services:
${service("open", `clusterIPs: [10.96.0.10], ${port(30_080)}, ${ENDPOINTS}`)}\
`,
);

const ipv6 = cluster(
  "IPv6",
  `
clusterCIDR: "fd00:244::/48"
portmap: 1.9.0
nodes:
  - { name: node1, addresses: ["fd00:50::11"], podCIDR: "fd00:244:0:1::/64" }
  - { name: node2, addresses: ["fd00:50::12"], podCIDR: "fd00:244:0:2::/64" }
pods:
  - { name: web1, node: node1, address: "fd00:244:0:1::2", hostPorts: [{ hostPort: 9000, containerPort: 8080 }] }
  - { name: web2, node: node2, address: "fd00:244:0:2::2" }
  - { name: shell1, node: node1, address: "fd00:244:0:1::3" }
clients:
  - { name: laptop, addresses: ["2001:db8::79"] }
podNetwork: { backend: vxlan, masquerade: flannel }
services:
${service("open", `clusterIPs: ["fd00:96::10"], ${port(30_080)}, externalIPs: ["fd00:97::10"], ${ENDPOINTS}`)}\
${service("local", `clusterIPs: ["fd00:96::11"], ${port(30_081)}, externalTrafficPolicy: Local, ${ENDPOINTS}`)}\
`,
);

const docker = (userlandProxy: boolean): Cluster =>
  cluster(
    `Docker, userland-proxy ${userlandProxy}`,
    `${CLIENTS}
nodes:
  - { name: other, addresses: [192.168.50.12] }
  - name: dock
    addresses: [192.168.50.11]
    docker:
      version: 26.1.4
      userlandProxy: ${userlandProxy}
      networks:
        - { name: bridge, bridge: docker0, subnet: 172.17.0.0/16, gateway: 172.17.0.1 }
        - { name: back, bridge: br-back, subnet: 172.18.0.0/16, gateway: 172.18.0.1 }
pods:
  - { name: c1, node: dock, address: 172.17.0.2, network: bridge, hostPorts: [{ hostPort: 8080, containerPort: 80 }] }
  - { name: c2, node: dock, address: 172.17.0.3, network: bridge }
  - { name: c3, node: dock, address: 172.18.0.3, network: back }
  - { name: mate, node: dock, address: 172.17.0.2, network: bridge, sharesNetworkOf: c1, ports: [9000] }
  - { name: host, node: dock, address: 192.168.50.11, hostNetwork: true, ports: [7000] }
  - { name: alone, node: dock, address: 127.0.0.1, ports: [80] }
`,
  );

export const CLUSTERS: readonly Cluster[] = [
  services,
  balanced,
  sticky,
  routed,
  plugins,
  bare,
  hosts("1.9.0"),
  hosts("0.8.5"),
  hosts("0.6.0"),
  proxies,
  userspace,
  ipv6,
  docker(true),
  docker(false),
];
