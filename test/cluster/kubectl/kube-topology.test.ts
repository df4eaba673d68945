/** What Kubernetes' objects say of a cluster, field by field. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Service } from "#cluster/service.js";
import { TopologyError } from "#cluster/topology-file.js";
import { readTopologies } from "#cluster/topology-files.js";
import { formatPrefix } from "#net/prefix.js";
import { networkOf } from "#expected/network/network.js";
import { kubectlJson } from "../../support/kubectl-objects.js";

const TEXT = readFileSync("test/fixtures/kubectl/dual-stack.yaml", "utf8");
const TOPOLOGY = readTopologies([{ file: "dual-stack.yaml", text: TEXT }]);
const WORKER1 = "worker-1.example.internal";
const WORKER2 = "worker-2.example.internal";

function pods(name: string) {
  return TOPOLOGY.pods.filter((pod) => pod.name === name);
}

function services(name: string): readonly Service[] {
  return TOPOLOGY.services.filter((service) => service.name === name);
}

test("nodes have their own addresses, and not what a cloud translates", () => {
  expect(TOPOLOGY.nodes.map(({ name, addresses }) => [name, addresses])).toEqual([
    [WORKER1, ["10.20.32.204", "2001:db8:20::204"]],
    [WORKER2, ["10.20.32.205", "10.99.0.5"]],
  ]);
  expect(TOPOLOGY.nodes.map(({ zone }) => zone)).toEqual(["zone-a", undefined]);
  expect(TOPOLOGY.assumptions).toEqual([
    `203.0.113.204, ExternalIP of ${WORKER1}, is translated in front of the node, whose own address is private`,
  ]);
});

test("a pod has an entry for each address, and each network the ones of its family", () => {
  const name = "web-6b7f9c5d4-x2x7k";
  expect(pods(name).map(({ address }) => address)).toEqual(["10.244.1.7", "fd00:10:244:1::7"]);
  for (const [family, address, subnet] of [
    ["ipv4", "10.244.1.7", "10.244.1.0/24"],
    ["ipv6", "fd00:10:244:1::7", "fd00:10:244:1::/64"],
  ] as const) {
    const { topology, pods: states } = networkOf(TOPOLOGY, { family });
    expect(topology.pods.filter((pod) => pod.name === name).map((pod) => pod.address)).toEqual([
      address,
    ]);
    const [podCIDR] = topology.nodes.flatMap((node) => node.podCIDR ?? []);
    expect(podCIDR && formatPrefix(podCIDR)).toBe(subnet);
    const addresses = states.get(name)?.interfaces.flatMap((port) => port.addresses);
    expect(addresses?.map((own) => own.address)).toContain(address);
  }
});

test("ports of containers that last are the pod's, of those that end they are not", () => {
  expect(pods("web-6b7f9c5d4-x2x7k")[0]?.hostPorts).toEqual([
    { hostPort: 9000, containerPort: 8080, protocol: "tcp" },
    { hostPort: 5353, containerPort: 5353, protocol: "udp", hostIP: "10.20.32.204" },
    { hostPort: 9102, containerPort: 9102, protocol: "tcp" },
  ]);
  expect(pods("kube-proxy-x7k2p")[0]).toMatchObject({
    hostNetwork: true,
    ports: [10_249],
    hostPorts: [],
  });
});

// oxfmt-ignore
test.each([
  { pod: "web-6b7f9c5d4-q9q9q", is: { sidecar: { inboundPort: 15_007 }, gone: false } },
  { pod: "gateway",             is: { gone: false, hostPorts: [] } },
  { pod: "shop/db-0",           is: { address: "10.244.1.20" } },
  { pod: "stage/db-0",          is: { address: "10.244.1.21" } },
  { pod: "job-1",               is: { gone: true } },
  { pod: "leaving",             is: { gone: false } },
  { pod: "left",                is: { gone: true } },
])("$pod is $is", ({ pod, is }) => {
  expect(pods(pod)[0]).toMatchObject(is);
});

test("a gateway has Envoy and no redirection", () => {
  expect(pods("gateway")[0]).not.toHaveProperty("sidecar");
});

test("a pod without an address is none yet", () => {
  expect(pods("waiting")).toEqual([]);
});

test("a named port that differs between pods is a Service for itself", () => {
  const [metrics, http] = services("shop/web");
  expect(metrics?.ports).toEqual([
    { name: "metrics", protocol: "tcp", port: 9102, targetPort: 9102 },
  ]);
  expect(metrics?.endpoints.map(({ address, port }) => [address, port])).toEqual([
    ["10.244.1.7", 9102],
  ]);
  expect(http?.ports).toEqual([
    { name: "http", protocol: "tcp", port: 80, targetPort: 8080, nodePort: 30_080 },
  ]);
  expect(http?.endpoints).toEqual([
    {
      address: "10.244.1.7",
      node: WORKER1,
      pod: "web-6b7f9c5d4-x2x7k",
      port: 8080,
      ready: true,
      serving: true,
      terminating: false,
      zoneHints: ["zone-a"],
    },
    {
      address: "10.244.2.9",
      node: WORKER2,
      pod: "web-6b7f9c5d4-q9q9q",
      port: 8081,
      ready: false,
      serving: true,
      terminating: true,
    },
  ]);
  for (const service of [metrics, http]) {
    expect(service).toMatchObject({
      clusterIPs: ["10.96.0.10", "fd00:10:96::10"],
      externalIPs: ["203.0.113.10"],
      loadBalancerIPs: ["203.0.113.30"],
      externalTrafficPolicy: "Local",
      internalTrafficPolicy: "Cluster",
      sessionAffinitySeconds: 10_800,
    });
    expect(service?.loadBalancerSourceRanges.map(formatPrefix)).toEqual(["198.51.100.0/24"]);
  }
  expect([metrics, http].map((service) => service?.healthCheckNodePort)).toEqual([
    32_000,
    undefined,
  ]);
});

test("a headless Service has no address, an ExternalName is none, Endpoints count without slices", () => {
  expect(services("shop/db")[0]).toMatchObject({ clusterIPs: [], endpoints: [] });
  expect(services("shop/elsewhere")).toEqual([]);
  const endpoints = services("shop/outside")[0]?.endpoints ?? [];
  expect(endpoints.map(({ address, port, ready }) => [address, port, ready])).toEqual([
    ["198.51.100.7", 8443, true],
    ["198.51.100.8", 8443, false],
  ]);
});

test("kube-proxy's configuration and flannel's annotations are read", () => {
  expect(TOPOLOGY.kubeProxy).toEqual({
    mode: "ipvs",
    version: "1.28",
    localDetector: "cluster-cidr",
    masqueradeAll: false,
    nodePortAddresses: [{ address: "10.20.32.0", length: 24 }],
    localhostNodePorts: false,
    randomFully: true,
    scheduler: "wrr",
  });
  expect(TOPOLOGY.clusterCIDR && formatPrefix(TOPOLOGY.clusterCIDR)).toBe("10.244.0.0/16");
  expect(TOPOLOGY.podNetwork).toEqual({ backend: "vxlan", masquerade: "flannel" });
});

const NODE = {
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "n" },
  spec: { podCIDR: "10.244.3.0/24" },
  status: { addresses: [{ type: "InternalIP", address: "10.0.0.1" }] },
};
const POD = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", namespace: "default", labels: { app: "web" } },
  spec: {
    nodeName: "n",
    containers: [{ name: "c", ports: [{ name: "http", containerPort: 80 }] }],
  },
  status: {
    phase: "Running",
    podIP: "10.244.3.4",
    hostIP: "10.0.0.1",
    conditions: [{ type: "Ready", status: "True" }],
  },
};
const SERVICE = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "s", namespace: "default" },
  spec: {
    clusterIP: "10.96.0.1",
    selector: { app: "web" },
    ports: [{ port: 8000, targetPort: "http" }],
  },
};

function read(...items: readonly object[]) {
  return readTopologies([{ file: "cluster.json", text: kubectlJson(items) }]);
}

describe("what no object says is assumed, and said to be", () => {
  test("endpoints by the selector, clusterCIDR by the nodes', kube-proxy as it starts by default", () => {
    const topology = read(NODE, POD, SERVICE);
    expect(topology.services[0]?.endpoints).toMatchObject([
      { address: "10.244.3.4", pod: "p", node: "n", port: 80, ready: true },
    ]);
    expect(topology.assumptions).toEqual([
      "clusterCIDR is 10.244.3.0/24, the smallest block with every node's podCIDR",
      "kube-proxy serves Services, in iptables mode: the objects show no pod of it and no configuration",
      "Services have the endpoints that their selectors find: the objects hold no EndpointSlice and no Endpoints",
    ]);
    expect(networkOf(topology, { family: "ipv4" }).assumptions).toEqual(
      expect.arrayContaining([...(topology.assumptions ?? [])]),
    );
  });

  test("a file beside it makes facts of them", () => {
    const text =
      "schema: pcapcheck.topology/v1\nclusterCIDR: 10.244.0.0/16\nkubeProxy: { mode: ipvs }\n" +
      "nodes:\n  - { name: n, interfaces: [{ name: cni0, kind: bridge, addresses: [10.244.3.1/24] }] }\n" +
      "pods:\n  - { name: default/p, proxyFor: default/s }\n";
    const topology = readTopologies([
      { file: "extra.yaml", text },
      { file: "cluster.json", text: kubectlJson([NODE, POD, SERVICE]) },
    ]);
    expect(topology.assumptions).toEqual([expect.stringContaining("selectors")]);
    expect(topology.nodes[0]).toMatchObject({
      addresses: ["10.0.0.1"],
      interfaces: [{ name: "cni0" }],
    });
    expect(topology.pods).toMatchObject([
      { name: "p", proxyFor: "default/s", address: "10.244.3.4" },
    ]);
    expect(topology.kubeProxy?.mode).toBe("ipvs");
  });

  test("nodes that were not asked for, by their pods", () => {
    const topology = read(POD);
    expect(topology.nodes).toMatchObject([{ name: "n", addresses: ["10.0.0.1"] }]);
    expect(topology.assumptions).toEqual([
      "node n: known from its pods' status alone, with no address but that",
    ]);
  });

  test("a mode that is not modelled", () => {
    const config = "mode: nftables\nclusterCIDR: ''\ndetectLocalMode: BridgeInterface\n";
    const map = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "kube-proxy", namespace: "kube-system" },
      data: { "config.conf": config },
    };
    expect(read(NODE, map).assumptions?.join("\n")).toMatch(
      /nftables mode, which is not modelled[^]*tells pods by BridgeInterface/,
    );
  });
});

/** As the API server answers: the kind is the list's alone. */
function bare(item: { readonly apiVersion: string; readonly kind: string }): string {
  const { apiVersion, kind, ...rest } = item;
  return JSON.stringify({ apiVersion, kind: `${kind}List`, items: [rest] }, undefined, 4);
}

describe("layouts", () => {
  const wanted = read(NODE, POD, SERVICE);
  const list = { apiVersion: "v1", kind: "List", items: [NODE, POD, SERVICE] };
  // oxfmt-ignore
  test.each([
    { layout: "on one line",             texts: [JSON.stringify(list)] },
    { layout: "several documents",       texts: [[NODE, POD, SERVICE].map((one) => JSON.stringify(one, undefined, 4)).join("\n")] },
    { layout: "a list after a list",     texts: [kubectlJson([NODE]) + kubectlJson([POD, SERVICE])] },
    { layout: "a list for each kind",    texts: [bare(NODE), bare(POD), bare(SERVICE)] },
    { layout: "YAML documents",          texts: [[NODE, POD, SERVICE].map((one) => JSON.stringify(one)).join("\n---\n").replace(/^/, "kind: List\napiVersion: v1\nitems: []\n---\n")] },
    { layout: "an object that came twice", texts: [kubectlJson([NODE, { ...POD, status: { podIP: "10.244.3.9" } }, SERVICE]), kubectlJson([POD])] },
  ])("$layout", ({ texts }) => {
    const files = texts.map((text, index) => ({ file: `${index}.json`, text }));
    expect(readTopologies(files)).toEqual(wanted);
  });
});

const broken = (path: string, value: unknown): object =>
  JSON.parse(JSON.stringify(SERVICE), (key, old: unknown) =>
    key === path ? value : old,
  ) as object;

describe("what is wrong is said with its place, what is expected and what is there", () => {
  const SECRET = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "x" },
    data: { a: "hunter2" },
  };
  // oxfmt-ignore
  test.each([
    { items: [NODE, broken("port", "http")],           says: ["c.json: items[1].spec.ports[0].port: not a whole number", "expected  a whole number", 'observed  "http"', "try       kubectl get"] },
    { items: [NODE, broken("port", 70_000)],           says: ["items[1].spec.ports[0].port: not a port from 1 to 65535", "observed  70000"] },
    { items: [broken("clusterIP", "10.96.0.300")],     says: ["items[0].spec.clusterIP: not an IP address", 'observed  "10.96.0.300"'] },
    { items: [broken("ports", { secret: "hunter2" })], says: ["items[0].spec.ports: not a list", "observed  an object"] },
    { items: [{ ...POD, metadata: {} }],               says: ["items[0].metadata.name: not the name of the object", "observed  nothing"] },
    { items: [{ ...NODE, spec: { podCIDR: "ten" } }],  says: ["items[0].spec.podCIDR: not a prefix such as 10.244.0.0/24"] },
    { items: [SECRET],                                 says: ["c.json: no Node, Pod or Service in it"] },
  ])("$says", ({ items, says }) => {
    const run = () => readTopologies([{ file: "c.json", text: kubectlJson(items) }]);
    expect(run).toThrow(TopologyError);
    for (const part of says) expect(run).toThrow(part);
    expect(run).not.toThrow("hunter2");
  });

  test.each([
    { cut: 400, says: "c.json: the JSON ends early: the file was cut" },
    { cut: 30, says: "c.json: line 3: not JSON" },
  ])("cut at $cut", ({ cut, says }) => {
    const text = kubectlJson([NODE, POD, SERVICE]).slice(0, cut);
    expect(() => readTopologies([{ file: "c.json", text }])).toThrow(says);
  });

  test("text that is no JSON is not shown", () => {
    const text = kubectlJson([NODE, SECRET, POD]).replace('"hunter2"', "hunter2");
    const run = () => readTopologies([{ file: "c.json", text }]);
    expect(run).toThrow(/c.json: (line \d+: )?not JSON/);
    expect(run).not.toThrow("hunter2");
  });

  test("YAML that is none has its line", () => {
    const text = TEXT.replace("name: web-bbbbb", "name: [web-bbbbb");
    const line = TEXT.split("\n").findIndex((one) => one.includes("name: web-bbbbb")) + 1;
    expect(() => readTopologies([{ file: "c.yaml", text }])).toThrow(
      new RegExp(`c.yaml: line (${line}|${line + 1}|${line + 2}): not YAML`),
    );
  });

  test("what a file adds to nobody has all that it needs", () => {
    const text = "schema: pcapcheck.topology/v1\npods:\n  - { name: q, gone: true }\n";
    const files = [
      { file: "c.json", text: kubectlJson([NODE, POD]) },
      { file: "extra.yaml", text },
    ];
    expect(() => readTopologies(files)).toThrow(/c.json and extra.yaml: pods\.q\.(node|address): /);
  });
});
