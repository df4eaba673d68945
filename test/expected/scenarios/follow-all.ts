/** Every way of every dial of a cluster, with the scenario and row that it belongs to. */
import { followPaths } from "#expected/network/follow.js";
import { networkOf, type Network } from "#expected/network/network.js";
import type { Dial, Path } from "#expected/network/path.js";
import { formatPredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { scenarioOf } from "#expected/scenarios/classify.js";
import { dialsOf } from "#expected/scenarios/dials.js";
import type { PathRow } from "#expected/scenarios/path-row.js";
import type { Scenario } from "#expected/scenarios/scenario.js";
import { situationOf, type Situation } from "#expected/scenarios/situation.js";
import type { Cluster } from "./clusters.js";

export interface Followed {
  readonly network: Network;
  readonly path: Path;
  readonly situation: Situation;
  readonly scenario: Scenario | undefined;
  readonly row: PathRow | undefined;
}

/** So that a port that is kept differs from one that is drawn. */
const SOURCE_PORT = 41_000;

export function followAll({ topology, family }: Cluster): readonly Followed[] {
  const network = networkOf(topology, { family });
  const dialled = [
    ...dialsOf(network, { sourcePort: SOURCE_PORT }),
    ...routedDials(network),
  ].flatMap((dial) => followPaths(network, dial));
  return [...dialled, ...secondConnections(network, dialled)].map((path) => {
    const found = scenarioOf(network, path);
    const situation = situationOf(network, path.dial, path);
    return { network, path, situation, scenario: found?.scenario, row: found?.row };
  });
}

/** A machine outside that has a route to the pods: nothing in a topology says that one has. */
function routedDials({ topology }: Network): readonly Dial[] {
  const addresses = topology.clients.flatMap((client) => client.addresses);
  const members = topology.nodes.filter(({ podCIDR }) => podCIDR !== undefined);
  const pods = topology.pods.filter(
    ({ node, hostNetwork }) => !hostNetwork && members.some(({ name }) => name === node),
  );
  return addresses.flatMap(({ address }) =>
    pods
      .filter(({ ports }) => ports.length > 0)
      .map((pod): Dial => ({
        from: { kind: "outside", address },
        via: pod.node,
        tuple: {
          protocol: "tcp",
          source: { address, port: SOURCE_PORT },
          destination: { address: pod.address, port: pod.ports[0] ?? 0 },
        },
      })),
  );
}

/** What proxies dial for their clients. */
function secondConnections(network: Network, paths: readonly Path[]): readonly Path[] {
  const dials = paths.flatMap(({ end }) =>
    end.kind === "delivered" ? (end.proxy?.dials ?? []) : [],
  );
  const distinct = new Map(dials.map((dial) => [JSON.stringify(dial), dial]));
  return [...distinct.values()].flatMap((dial) => followPaths(network, dial));
}

export function describeWay({ path, situation }: Followed): string {
  const { dial, end } = path;
  const { client, dialled, endpoint, policy, features } = situation;
  const from = dial.from.kind === "outside" ? "outside" : dial.from.name;
  const via = dial.via === undefined ? "" : ` via ${dial.via}`;
  const why =
    end.kind === "delivered"
      ? formatPredictedTuple(end.tuple)
      : `${end.kind}: ${end.reason ?? end.rule?.text}`;
  const words = [client, dialled, endpoint, policy, ...features].filter(Boolean).join(", ");
  return `${words}: ${from}${via} ${formatPredictedTuple(dial.tuple)} => ${why}`;
}
