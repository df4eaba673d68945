/** Topology hints: which endpoints a node's kube-proxy uses (k8s v1.28.7 pkg/proxy/topology.go). */
import { expect, test } from "vitest";
import { proxiedEndpoints, usableEndpoints } from "#expected/rulesets/kube-proxy-endpoints.js";

function endpointsWith(hints: readonly (readonly string[] | undefined)[], notReady?: number) {
  return hints.map((zoneHints, at) => ({
    address: `10.0.0.${at + 1}`,
    node: `node${at + 1}`,
    pod: undefined,
    port: undefined,
    ready: at !== notReady,
    serving: at !== notReady,
    terminating: false,
    zoneHints,
  }));
}

// oxfmt-ignore
test.each([
  { hints: [["a"], ["b"], ["a", "b"]],   zone: "a",       cluster: [1, 3] },
  { hints: [["a"], ["b"], ["a", "b"]],   zone: "b",       cluster: [2, 3] },
  { hints: [["a"], ["b"], ["a", "b"]],   zone: undefined, cluster: [1, 2, 3] },
  { hints: [["a"], ["b"], undefined],    zone: "a",       cluster: [1, 2, 3] },
  { hints: [["a"], ["b"], []],           zone: "a",       cluster: [1, 2, 3] },
  { hints: [["a"], ["b"], ["b"]],        zone: "c",       cluster: [1, 2, 3] },
  // Of one that is not ready the hint is not asked for.
  { hints: [["a"], ["b"], undefined],    zone: "a",       cluster: [1], notReady: 2 },
  { hints: [["a"], ["b"], ["b"]],        zone: "a",       cluster: [2, 3], notReady: 0 },
])("zone $zone of $hints: $cluster", ({ hints, zone, cluster, notReady }) => {
  const endpoints = endpointsWith(hints, notReady);
  const proxied = proxiedEndpoints({ family: "ipv4", node: "node1", targetPort: 80, endpoints });
  const usable = usableEndpoints(proxied, { cluster: true, local: true, zone });
  expect(usable.cluster.map(({ address }) => address)).toEqual(
    cluster.map((last) => `10.0.0.${last}`),
  );
  // A Local policy knows no zones.
  expect(usable.local.map(({ address }) => address)).toEqual(notReady === 0 ? [] : ["10.0.0.1"]);
});
