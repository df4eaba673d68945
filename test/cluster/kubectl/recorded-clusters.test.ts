/** Every recorded cluster, told by its objects and completed by a file, is the one of its topology. */
import { describe, expect, test } from "vitest";
import type { Topology } from "#cluster/topology.js";
import { readTopologies } from "#cluster/topology-files.js";
import { completionOf, kubectlJson, kubectlObjects } from "../../support/kubectl-objects.js";
import {
  ask,
  capturesOf,
  CASES,
  NOTHING_GIVEN,
  topologyOf,
} from "../../support/verify-recorded.js";

function fromObjects(recorded: string): Topology {
  const topology = topologyOf(recorded);
  return readTopologies([
    { file: "cluster.json", text: kubectlJson(kubectlObjects(topology)) },
    { file: "extra.yaml", text: completionOf(topology) },
  ]);
}

/**
 * Undefined fields are left out, and lists that are put together come in their own order. That there
 * is a kube-proxy is assumed where the case's own file does not tell either.
 */
function plain({ pods, services, ...others }: Topology): unknown {
  const assumptions = undefined;
  const topology = { ...others, pods: sorted(pods), services: sorted(services), assumptions };
  return JSON.parse(JSON.stringify(topology));
}

function sorted(list: readonly { readonly name: string }[]) {
  return list.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** A Service of one port has its number with each endpoint, as an EndpointSlice does. */
function withPorts(topology: Topology): Topology {
  const services = topology.services.map((service) => ({
    ...service,
    endpoints: service.endpoints.map((endpoint) => {
      const [only] = service.ports.length === 1 ? service.ports : [];
      return { ...endpoint, ...(only && { port: endpoint.port ?? only.targetPort }) };
    }),
  }));
  return { ...topology, services };
}

test.each(CASES)("%s", (recorded) => {
  expect(plain(fromObjects(recorded))).toEqual(plain(withPorts(topologyOf(recorded))));
});

describe("verdicts are those of the topology file", () => {
  test.each([
    "nodeport-cluster",
    "nodeport-local",
    "clusterip-pod",
    "clusterip-hairpin",
    "loadbalancer",
    "externalip",
    "session-affinity",
    "hostport-external",
    "hostport-pod-other-node",
    "broken-nodeport-no-masquerade",
    "broken-clusterip-dead-endpoint",
    "sidecar-redirect",
  ])("%s", async (recorded) => {
    const answer = async (topology: Topology) => {
      const given = { ...NOTHING_GIVEN, topology };
      const report = await ask({ scenario: "auto", captures: capturesOf(recorded), given });
      return report.connections.map(({ id, scenario, verdict, checks }) => ({
        id,
        scenario,
        verdict,
        checks: checks.map(({ check, verdict: one, observed }) => ({ check, one, observed })),
      }));
    };
    expect(await answer(fromObjects(recorded))).toEqual(await answer(topologyOf(recorded)));
  });
});
