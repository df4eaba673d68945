/** What the generators write of a topology is read back as that topology, and written the same again. */
import { describe, expect, test } from "vitest";
import type { Topology } from "#cluster/topology.js";
import { networkOf } from "#expected/network/network.js";
import { topologyFromStates } from "#expected/rulesets/from-state/topology-from-states.js";
import { formatEndpoint } from "#net/five-tuple.js";
import { CASES_WITH_STATE, derivedOf } from "../../../support/derived-topology.js";
import { madeProxy } from "../../../support/kube-proxy-services.js";
import { topologyOf } from "../../../support/verify-recorded.js";

const IPVS = madeProxy({ mode: "ipvs", version: undefined });

function readBack(topology: Topology): Topology | undefined {
  const { nodes } = networkOf(topology, { family: "ipv4" });
  return topologyFromStates({ ipv4: nodes, ipv6: new Map() })?.topology;
}

function rulesOf(topology: Topology): readonly string[] {
  const { nodes } = networkOf(topology, { family: "ipv4" });
  return [...nodes.values()].flatMap(({ name, rules }) =>
    [...rules.tables.values()].flatMap((chains) =>
      [...chains.values()].flatMap((chain) => chain.rules.map(({ text }) => `${name} ${text}`)),
    ),
  );
}

const SERVICES = [
  "nodeport-cluster",
  "nodeport-local",
  "loadbalancer",
  "session-affinity",
  "externalip",
];

test.each(SERVICES)(
  "%s: the derived topology writes the rules that it was read from",
  (recorded) => {
    const derived = derivedOf(recorded);
    const again = readBack(derived);
    expect(again && rulesOf(again).toSorted()).toEqual(rulesOf(derived).toSorted());
  },
);

describe("ipvs mode, where nothing has a name", () => {
  const told = { ...topologyOf("loadbalancer"), kubeProxy: IPVS };
  const read = readBack(told);

  test("a Service that alone has its endpoints gets its addresses and node port", () => {
    const { nodes } = networkOf(
      { ...topologyOf("nodeport-cluster"), kubeProxy: IPVS },
      { family: "ipv4" },
    );
    const derived = topologyFromStates({ ipv4: nodes, ipv6: new Map() })?.topology;
    const texts = derived?.services.map(({ clusterIPs, ports, endpoints }) => {
      const ends = endpoints.map(({ address, port }) =>
        formatEndpoint({ address, port: port ?? 0 }),
      );
      return `${clusterIPs.join()} ${ports[0]?.port} ${ports[0]?.nodePort} ${ends.join()}`;
    });
    expect(texts).toEqual(["10.96.0.10 80 30080 10.233.1.2:0", "10.96.0.20 80 30081 10.233.2.2:0"]);
  });

  test("virtual servers of several Services with the same endpoints are left out, and said", () => {
    expect(read?.derived?.unclear.length).toBeGreaterThan(0);
    const shared = read?.services.filter(({ endpoints }) => endpoints[0]?.address === "10.233.1.2");
    expect(shared?.flatMap(({ loadBalancerIPs }) => loadBalancerIPs)).toEqual([]);
  });
});

test("every recorded case has a state to read", () => {
  expect(CASES_WITH_STATE.length).toBeGreaterThan(90);
});
