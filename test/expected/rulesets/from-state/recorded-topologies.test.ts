/**
 * The topology that is derived from recorded nodes' state against the one that says what they were. What
 * differs is listed with its reason; nothing else does.
 */
import { describe, expect, test } from "vitest";
import type { Service } from "#cluster/service.js";
import type { Node, Pod, Topology } from "#cluster/topology.js";
import { formatEndpoint } from "#net/five-tuple.js";
import { formatPrefix } from "#net/prefix.js";
import { CASES_WITH_STATE, derivedOf } from "../../../support/derived-topology.js";
import { topologyOf } from "../../../support/verify-recorded.js";

const NOT_SHOWN = "no rule shows it: what is missing on the node leaves no other trace";
const DISAGREE = "the rules contradict each other, so that it is left out and said";
const OWN_PROXY = "the proxy is a program of its own, and no Service of kube-proxy's";
const LAB_RULES = "the rules have a Service that the topology leaves out on purpose";
const NO_ENDPOINT =
  "without an endpoint no rule has a target port: the Service's own stands for it";
const USERSPACE = "kube-proxy itself dials the endpoints, which stand in no rule";

/** By case, what of its topology the rules tell otherwise. */
const DIFFERENT: Readonly<Record<string, readonly (readonly [what: string, why: string])[]>> = {
  "broken-clusterip-other-endpoint": [["default/web", DISAGREE]],
  "broken-docker-published-held-port": [["hostPorts", DISAGREE]],
  "broken-docker-published-no-dnat": [["hostPorts", DISAGREE]],
  "broken-docker-published-through-proxy": [["hostPorts", DISAGREE]],
  "broken-externalip-not-handled": [["default/web", NOT_SHOWN]],
  "broken-ingress-endpoint-down": [["default/web", OWN_PROXY]],
  "broken-nodeport-local-as-cluster": [["default/web", DISAGREE]],
  "broken-session-affinity": [["default/web", NOT_SHOWN]],
  "clusterip-no-endpoints": [["default/web", NO_ENDPOINT]],
  ingress: [["default/web", OWN_PROXY]],
  "ingress-proxy-protocol": [["default/web", OWN_PROXY]],
  "nodeport-no-endpoints": [["default/web", NO_ENDPOINT]],
  "service-beside-hostport": [["default/web", LAB_RULES]],
  "userspace-proxy": [
    ["default/web", USERSPACE],
    ["default/far", USERSPACE],
  ],
};

describe.each(CASES_WITH_STATE)("%s", (recorded) => {
  const told = topologyOf(recorded);
  const derived = derivedOf(recorded);
  const saved = told.nodes.filter(({ name }) => derived.nodes.some((node) => node.name === name));

  test("nodes whose state was saved, with their addresses, interfaces and pods' blocks", () => {
    expect(saved.map((node) => nodeText(nodeNamed(derived, node.name)))).toEqual(
      saved.map(nodeText),
    );
  });

  test("nodes whose state was not saved are where routes lead", () => {
    expect(podBlocks(derived)).toEqual(podBlocks(told));
  });

  test("Services and hostPorts, but for what is listed", () => {
    const different = (DIFFERENT[recorded] ?? []).map(([what]) => what);
    expect(differencesOf(told, derived)).toEqual(different);
  });

  test("every pod that a rule leads to, where it is", () => {
    const known = new Map(told.pods.map((pod) => [pod.address, placeText(pod)]));
    const leadTo = derived.pods.filter(({ address }) => !isGone(told, address));
    expect(leadTo.map(placeText)).toEqual(leadTo.map(({ address }) => known.get(address)));
  });
});

test("what is left out is said", () => {
  const says = CASES_WITH_STATE.flatMap((recorded) =>
    (derivedOf(recorded).derived?.unclear ?? []).map((unclear) => `${recorded}: ${unclear.says}`),
  );
  expect(says).toEqual([
    "broken-clusterip-other-endpoint: default/web is left out: nodes do not agree on its endpoints, node1 has 10.233.1.2:8080, node2 has 10.233.2.2:8080",
    ...["held-port", "no-dnat", "through-proxy"].map(
      (how) =>
        `broken-docker-published-${how}: dock: Docker lets 172.17.0.2 be reached at port 80, and no rule of nat DOCKER leads there: by which port of the node it is published is not known`,
    ),
    "broken-nodeport-local-as-cluster: default/web is left out as it is dialled from outside: on node1 the chain KUBE-SVL-LOLE4ISW44XBNF3G is there, which only policy Local makes, and no rule leads to it",
  ]);
});

test("a chain that has lost its jump is a hostPort all the same, and that is said", () => {
  const { pods, remarks } = derivedOf("broken-no-dnat");
  expect(pods.flatMap(({ hostPorts }) => hostPorts.map(({ hostPort }) => hostPort))).toEqual([
    9000,
  ]);
  expect(remarks).toEqual([
    "node1: no rule of CNI-HOSTPORT-DNAT leads to CNI-DN-eaec894c8bf53cbc9e6dd",
  ]);
});

function podBlocks({ nodes }: Topology): readonly string[] {
  return nodes.flatMap(({ podCIDR }) => (podCIDR ? [formatPrefix(podCIDR)] : [])).sort();
}

function nodeNamed({ nodes }: Topology, name: string): Node | undefined {
  return nodes.find((node) => node.name === name);
}

/** Without link-local addresses, which are no machine's own, and with Docker's generation for its version. */
function nodeText(node: Node | undefined): unknown {
  if (node === undefined) return undefined;
  const { addresses, podCIDR, interfaces, docker } = node;
  return {
    addresses,
    podCIDR: podCIDR && formatPrefix(podCIDR),
    interfaces: interfaces.map(({ name, index, kind, addresses: own }) => {
      const shown = own.filter(({ address }) => !address.startsWith("fe80:")).map(formatPrefix);
      return `${index} ${name} ${kind} ${shown.join(" ")}`;
    }),
    userlandProxy: docker?.userlandProxy,
    docker: docker && Number(docker.version?.split(".")[0]) <= 27,
    networks: docker?.networks,
  };
}

function differencesOf(told: Topology, derived: Topology): readonly string[] {
  const names = [...new Set([...told.services, ...derived.services].map(({ name }) => name))];
  const services = names.filter((name) => serviceText(told, name) !== serviceText(derived, name));
  return [...(hostPortsText(told) === hostPortsText(derived) ? [] : ["hostPorts"]), ...services];
}

function serviceText({ services }: Topology, name: string): string | undefined {
  const service = services.find((one) => one.name === name);
  return service && JSON.stringify(plain(service));
}

function plain({ endpoints, loadBalancerSourceRanges, ...service }: Service) {
  const targets = new Set(service.ports.map(({ targetPort }) => targetPort));
  return {
    ...service,
    // No rule tells of hints.
    topologyHints: undefined,
    ranges: loadBalancerSourceRanges.map(formatPrefix),
    endpoints: endpoints
      .map(({ address, port, node }) => {
        const own = port !== undefined && !targets.has(port) ? port : 0;
        return `${formatEndpoint({ address, port: own })} on ${node}`;
      })
      .sort(),
  };
}

function hostPortsText({ pods }: Topology): string {
  return pods
    .flatMap(({ address, hostPorts, gone }) =>
      gone
        ? []
        : hostPorts.map(
            ({ hostPort, containerPort, protocol, hostIP }) =>
              `${hostIP ?? "*"}:${hostPort} ${protocol} > ${address}:${containerPort}`,
          ),
    )
    .sort()
    .join("\n");
}

function isGone({ pods }: Topology, address: string): boolean {
  return pods.some((pod) => pod.address === address && pod.gone);
}

function placeText({ address, node, network }: Pod): string {
  return `${address} on ${node} in ${network}`;
}
