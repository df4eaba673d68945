/** What a topology file says of Services, Docker, kube-proxy and special containers. */
import { describe, expect, test } from "vitest";
import { readTopology, TopologyError } from "#cluster/topology-file.js";
import { formatPrefix } from "#net/prefix.js";

const GOOD = `schema: pcapcheck.topology/v1
nodes:
  - name: node1
    addresses: [10.20.32.204]
    docker:
      version: "26.1.4"
      userlandProxy: false
      networks:
        - { name: bridge, bridge: docker0, subnet: 172.17.0.0/16, gateway: 172.17.0.1 }
pods:
  - { name: web, node: node1, address: 10.233.1.2, sidecar: {} }
  - { name: beside, node: node1, address: 10.233.1.2, sharesNetworkOf: web }
  - { name: c1, node: node1, address: 172.17.0.2, network: bridge }
  - { name: alone, node: node1, address: 127.0.0.1, network: none }
  - { name: open, node: node1, address: 10.20.32.204, network: host, hostNetwork: true, ports: [8090] }
  - { name: proxy, node: node1, address: 10.233.1.9, proxyFor: default/web }
clients:
  - { name: office, addresses: [198.51.100.79] }
  - { name: balancer, addresses: [10.20.32.1], isBalancer: true }
clusterCIDR: 10.233.0.0/16
services:
  - name: default/web
    clusterIPs: [10.96.0.10, "fd00:96::A"]
    ports:
      - { name: http, port: 80, targetPort: 8080, nodePort: 30080 }
      - { protocol: udp, port: 53 }
    externalIPs: [203.0.113.10]
    loadBalancerIPs: [203.0.113.30]
    loadBalancerSourceRanges: [198.51.100.0/24]
    externalTrafficPolicy: Local
    sessionAffinitySeconds: 10800
    healthCheckNodePort: 32000
    endpoints:
      - { pod: web }
      - { pod: web, node: node9, address: 10.233.9.9, port: 9090, ready: false }
      - { address: 192.0.2.80, terminating: true, serving: true, ready: false }
kubeProxy:
  mode: ipvs
  version: "1.28"
  nodePortAddresses: [10.20.32.0/24]
  scheduler: sh
podNetwork: { backend: host-gw, masquerade: none }
`;

const read = (text: string) => readTopology({ file: "topology.yaml", text });

const faultOf = (text: string): string => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof TopologyError) return error.message;
    throw error;
  }
  return "no fault";
};

describe("a Service", () => {
  const [service] = read(GOOD).services;

  test("has its addresses in their canonical form", () => {
    expect(service).toMatchObject({
      name: "default/web",
      clusterIPs: ["10.96.0.10", "fd00:96::a"],
      externalIPs: ["203.0.113.10"],
      loadBalancerIPs: ["203.0.113.30"],
      externalTrafficPolicy: "Local",
      internalTrafficPolicy: "Cluster",
      sessionAffinitySeconds: 10_800,
      healthCheckNodePort: 32_000,
    });
    expect(service?.loadBalancerSourceRanges.map(formatPrefix)).toEqual(["198.51.100.0/24"]);
  });

  test("whose targetPort is not said listens on its own port", () => {
    expect(service?.ports).toEqual([
      { name: "http", protocol: "tcp", port: 80, targetPort: 8080, nodePort: 30_080 },
      { protocol: "udp", port: 53, targetPort: 53 },
    ]);
  });

  test("leaves an endpoint's address and node to its pod, unless it says others", () => {
    const ready = { ready: true, serving: true, terminating: false };
    expect(service?.endpoints).toEqual([
      { pod: "web", address: "10.233.1.2", node: "node1", ...ready },
      {
        pod: "web",
        address: "10.233.9.9",
        node: "node9",
        port: 9090,
        ready: false,
        // An endpoint serves where it is ready, unless it says that it still does.
        serving: false,
        terminating: false,
      },
      { address: "192.0.2.80", node: undefined, ready: false, serving: true, terminating: true },
    ]);
  });
});

test("kube-proxy, the pod network and Docker are as the file says, else as they start by default", () => {
  const { kubeProxy, podNetwork, nodes } = read(GOOD);
  expect(kubeProxy).toMatchObject({
    mode: "ipvs",
    version: "1.28",
    localDetector: "cluster-cidr",
    masqueradeAll: false,
    localhostNodePorts: true,
    randomFully: true,
    scheduler: "sh",
  });
  expect(kubeProxy?.nodePortAddresses.map(formatPrefix)).toEqual(["10.20.32.0/24"]);
  expect(podNetwork).toEqual({ backend: "host-gw", masquerade: "none" });
  expect(nodes[0]?.docker).toMatchObject({ version: "26.1.4", userlandProxy: false });

  const bare = read(
    "schema: pcapcheck.topology/v1\nnodes: [{ name: n, addresses: [10.0.0.1], docker: {} }]\nkubeProxy: {}\npodNetwork: {}\n",
  );
  expect(bare.nodes[0]?.docker).toEqual({ userlandProxy: true, networks: [] });
  expect(bare.kubeProxy).toMatchObject({ mode: "iptables", scheduler: "rr" });
  expect(bare.podNetwork).toEqual({ backend: "vxlan", masquerade: "flannel" });
  expect(bare.services).toEqual([]);
});

test("containers and clients of a special kind", () => {
  const { pods, clients } = read(GOOD);
  const named = (name: string) => pods.find((pod) => pod.name === name);
  expect(named("web")?.sidecar).toEqual({ inboundPort: 15_006 });
  expect(named("beside")?.sharesNetworkOf).toBe("web");
  expect(named("alone")?.network).toBe("none");
  expect(named("open")).toMatchObject({ network: "host", hostNetwork: true, ports: [8090] });
  expect(named("proxy")?.proxyFor).toBe("default/web");
  expect(clients.map(({ name, isBalancer }) => [name, isBalancer])).toEqual([
    ["office", false],
    ["balancer", true],
  ]);
});

describe("a mistake is told with its line and column", () => {
  // Each row changes one thing of the good file.
  // prettier-ignore
  test.each([
    { name: "an unknown key",             from: "userlandProxy: false",         to: "userlandproxy: false",      at: "6:7",   says: "nodes.0.docker: Unrecognized key: \"userlandproxy\"" },
    { name: "a word for yes",             from: "userlandProxy: false",         to: "userlandProxy: \"off\"",    at: "7:22",  says: "nodes.0.docker.userlandProxy: " },
    { name: "a bad subnet",               from: "subnet: 172.17.0.0/16",        to: "subnet: 172.17.0.0/46",     at: "9:52",  says: "nodes.0.docker.networks.0.subnet: 172.17.0.0/46 is not an address or prefix" },
    { name: "a bad gateway",              from: "gateway: 172.17.0.1 ",         to: "gateway: docker0 ",         at: "9:76",  says: "nodes.0.docker.networks.0.gateway: docker0 is not an IP address" },
    { name: "a sidecar on port 0",        from: "sidecar: {}",                  to: "sidecar: { inboundPort: 0 }", at: "11:76", says: "pods.0.sidecar.inboundPort: " },
    { name: "a pod to share with that is not there", from: "sharesNetworkOf: web", to: "sharesNetworkOf: wob",   at: "12:72", says: "pods.1.sharesNetworkOf: the file lists no pod wob" },
    { name: "a network of no node",       from: "network: bridge",              to: "network: other",            at: "13:60", says: "pods.2.network: node node1 lists no Docker network other" },
    { name: "a proxy for nothing",        from: "proxyFor: default/web",        to: "proxyFor: default/wob",     at: "16:64", says: "pods.5.proxyFor: the file lists no service default/wob" },
    { name: "a balancer in words",        from: "isBalancer: true",             to: "isBalancer: maybe",         at: "19:60", says: "clients.1.isBalancer: " },
    { name: "a bad ClusterIP",            from: "[10.96.0.10,",                 to: "[None,",                    at: "23:18", says: "services.0.clusterIPs.0: None is not an IP address" },
    { name: "a Service without ports",    from: "- { name: http, port: 80, targetPort: 8080, nodePort: 30080 }\n      - { protocol: udp, port: 53 }", to: "[]", at: "25:7", says: "services.0.ports: " },
    { name: "a targetPort by name",       from: "targetPort: 8080",             to: "targetPort: http",          at: "25:45", says: "services.0.ports.0.targetPort: " },
    { name: "a nodePort too high",        from: "nodePort: 30080",              to: "nodePort: 70080",           at: "25:61", says: "services.0.ports.0.nodePort: " },
    { name: "another policy",             from: "externalTrafficPolicy: Local", to: "externalTrafficPolicy: local", at: "30:28", says: "services.0.externalTrafficPolicy: " },
    { name: "an affinity over a day",     from: "10800",                        to: "86401",                     at: "31:29", says: "services.0.sessionAffinitySeconds: " },
    { name: "a bad source range",         from: "[198.51.100.0/24]\n    ext",   to: "[all]\n    ext",            at: "29:32", says: "services.0.loadBalancerSourceRanges.0: all is not an address or prefix" },
    { name: "an endpoint of nobody",      from: "- { pod: web }",               to: "- { ready: true }",         at: "34:9",  says: "services.0.endpoints.0: has neither pod nor address" },
    { name: "an endpoint of no pod",      from: "- { pod: web }",               to: "- { pod: wob }",            at: "34:16", says: "services.0.endpoints.0.pod: the file lists no pod wob" },
    { name: "a mode we do not know",      from: "mode: ipvs",                   to: "mode: nftables",            at: "38:9",  says: "kubeProxy.mode: " },
    { name: "a scheduler we do not know", from: "scheduler: sh",                to: "scheduler: mh",             at: "41:14", says: "kubeProxy.scheduler: " },
    { name: "a version as a number",      from: "version: \"1.28\"",            to: "version: 1.28",             at: "39:12", says: "kubeProxy.version: " },
    { name: "another backend",            from: "backend: host-gw",             to: "backend: ipip",             at: "42:24", says: "podNetwork.backend: " },
  ])("$name", ({ from, to, at, says }) => {
    expect(GOOD).toContain(from);
    expect(faultOf(GOOD.replace(from, to))).toContain(`topology.yaml:${at}: ${says}`);
  });
});
