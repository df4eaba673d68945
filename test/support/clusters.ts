/** Clusters for tests of the model: a recorded case's own, with the state its nodes were in. */
import { readIpAddr, readIpRoute } from "#cluster/ip-json.js";
import { readSysctls } from "#cluster/sysctl-text.js";
import { readTopology } from "#cluster/topology-file.js";
import type { Topology } from "#cluster/topology.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { podStateName } from "#expected/network/network.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import { filesOf, textOf, topologyOf } from "./verify-recorded.js";

/** The nodes and pods of a case whose state was recorded, as `networkOf` takes them. */
export function recordedStates(recorded: string): ReadonlyMap<string, NodeState> {
  const files = new Set(filesOf(recorded));
  const { nodes, pods } = topologyOf(recorded);
  const names = [...nodes.map(({ name }) => name), ...pods.map(({ name }) => podStateName(name))];
  return new Map(
    names
      .filter((name) => files.has(`${name}.iptables-save.txt`))
      .map((name): [string, NodeState] => [name, recordedState({ recorded, name })]),
  );
}

function recordedState({ recorded, name }: { recorded: string; name: string }): NodeState {
  const read = (suffix: string): { file: string; text: string } => {
    const file = `${recorded}/${name}.${suffix}`;
    return { file, text: textOf(file) };
  };
  return {
    name,
    rules: readIptablesSave(read("iptables-save.txt")),
    interfaces: readIpAddr(read("ip-addr.json")),
    routes: readIpRoute({ ...read("ip-route.json"), family: "ipv4" }),
    sysctls: readSysctls(read("sysctl.txt").text),
    sets: new Map(),
    entries: [],
    ipvs: [],
  };
}

/**
 * Two nodes with flannel over VXLAN, portmap and kube-proxy: pods that serve and pods that ask on
 * each, and a Service of each kind. `edit` changes the text before it is read.
 */
export function truthCluster(edit: (text: string) => string = (text) => text): Topology {
  return readTopology({ file: "truth.yaml", text: edit(TRUTH_CLUSTER) });
}

export const TRUTH_CLUSTER = `
schema: pcapcheck.topology/v1
nodes:
  - name: nodeA
    addresses: [192.0.2.10]
    podCIDR: 10.244.1.0/24
    interfaces:
      - { name: eth0, kind: uplink, addresses: [192.0.2.10/24] }
      - { name: cni0, kind: bridge, addresses: [10.244.1.1/24] }
      - { name: flannel.1, kind: overlay, addresses: [10.244.1.0/32] }
  - name: nodeB
    addresses: [192.0.2.11]
    podCIDR: 10.244.2.0/24
    interfaces:
      - { name: eth0, kind: uplink, addresses: [192.0.2.11/24] }
      - { name: cni0, kind: bridge, addresses: [10.244.2.1/24] }
      - { name: flannel.1, kind: overlay, addresses: [10.244.2.0/32] }
clusterCIDR: 10.244.0.0/16
podNetwork: { backend: vxlan, masquerade: flannel }
kubeProxy: { version: "1.28" }
portmap: "1.1.1"
pods:
  - { name: podA, node: nodeA, address: 10.244.1.2, hostPorts: [{ hostPort: 9000, containerPort: 8080 }] }
  - { name: podX, node: nodeA, address: 10.244.1.3 }
  - { name: podB, node: nodeB, address: 10.244.2.2 }
  - { name: podY, node: nodeB, address: 10.244.2.3 }
  - { name: hostA, node: nodeA, address: 192.0.2.10, hostNetwork: true, ports: [8081, 9090] }
  - { name: hostB, node: nodeB, address: 192.0.2.11, hostNetwork: true, ports: [9090] }
  - { name: ingress-near, node: nodeA, address: 192.0.2.10, hostNetwork: true, ports: [80], proxyFor: default/near }
  - { name: ingress-far, node: nodeA, address: 192.0.2.10, hostNetwork: true, ports: [81], proxyFor: default/far }
  - { name: ingress-pod, node: nodeA, address: 10.244.1.4, proxyFor: default/near }
clients:
  - { name: client, addresses: [198.51.100.7] }
  - { name: balancer, addresses: [192.0.2.200] }
services:
  - name: default/near
    clusterIPs: [10.96.0.10]
    externalIPs: [203.0.113.10]
    loadBalancerIPs: [203.0.113.20]
    ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }]
    endpoints: [{ pod: podA }]
  - name: default/far
    clusterIPs: [10.96.0.20]
    externalIPs: [203.0.113.11]
    loadBalancerIPs: [203.0.113.21]
    ports: [{ port: 80, targetPort: 8080, nodePort: 30081 }]
    endpoints: [{ pod: podB }]
  - name: default/near-local
    clusterIPs: [10.96.0.30]
    loadBalancerIPs: [203.0.113.22]
    externalTrafficPolicy: Local
    healthCheckNodePort: 32000
    ports: [{ port: 80, targetPort: 8080, nodePort: 30082 }]
    endpoints: [{ pod: podA }]
  - name: default/far-local
    clusterIPs: [10.96.0.40]
    loadBalancerIPs: [203.0.113.23]
    externalTrafficPolicy: Local
    healthCheckNodePort: 32001
    ports: [{ port: 80, targetPort: 8080, nodePort: 30083 }]
    endpoints: [{ pod: podB }]
  - name: default/inner-local
    clusterIPs: [10.96.0.50]
    internalTrafficPolicy: Local
    ports: [{ port: 80, targetPort: 8080 }]
    endpoints: [{ pod: podB }]
  - name: default/none
    clusterIPs: [10.96.0.60]
    ports: [{ port: 80, targetPort: 8080, nodePort: 30084 }]
  - name: default/ranges
    clusterIPs: [10.96.0.70]
    loadBalancerIPs: [203.0.113.30]
    loadBalancerSourceRanges: [198.51.100.128/25]
    ports: [{ port: 80, targetPort: 8080, nodePort: 30085 }]
    endpoints: [{ pod: podA }]
  - name: default/host
    clusterIPs: [10.96.0.80]
    ports: [{ port: 80, targetPort: 9090, nodePort: 30086 }]
    endpoints: [{ pod: hostA }]
  - name: default/host-far
    clusterIPs: [10.96.0.90]
    ports: [{ port: 80, targetPort: 9090, nodePort: 30087 }]
    endpoints: [{ pod: hostB }]
`;
