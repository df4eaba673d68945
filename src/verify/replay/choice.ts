/** Which endpoint each connection to a Service got: what one connection alone cannot tell. */
import type { Service, ServicePort } from "#cluster/service.js";
import {
  formatPredictedEndpoint,
  samePredictedEndpoint,
} from "#expected/netfilter/predicted-tuple.js";
import type { Network } from "#expected/network/network.js";
import { situationOf } from "#expected/scenarios/situation.js";
import type { EpochNs } from "#net/types.js";
import type { PacketReference } from "#observed/flow/connection.js";
import { requestsOf } from "./compared.js";
import type { ReplayCase } from "./replay-case.js";

export interface Choice {
  readonly connection: string;
  readonly service: Service;
  readonly port: ServicePort | undefined;
  /** The node whose rules chose. */
  readonly node: string;
  /** The address that dialled: what affinity goes by. */
  readonly client: string;
  readonly endpoint: string;
  /** Of each endpoint, by the rules. */
  readonly probabilities: ReadonlyMap<string, number>;
  readonly time: EpochNs;
  readonly evidence: PacketReference;
}

/** Undefined where the rules leave nothing to choose, or no capture shows what was chosen. */
export function choiceOf(network: Network, theCase: ReplayCase): Choice | undefined {
  const { dial, best, branches, journey } = theCase;
  const { service, port, node } = situationOf(network, dial, best.path);
  if (service === undefined || node === undefined) return undefined;
  const probabilities = new Map<string, number>();
  for (const { path } of branches) {
    if (path.end.kind !== "delivered") return undefined;
    const endpoint = formatPredictedEndpoint(path.end.tuple.destination);
    probabilities.set(endpoint, (probabilities.get(endpoint) ?? 0) + path.probability);
  }
  const { end } = best.path;
  if (probabilities.size < 2 || end.kind !== "delivered") return undefined;
  const arrived = requestsOf(theCase).find(
    ({ sighting }) =>
      sighting !== undefined &&
      samePredictedEndpoint(sighting.tuple.destination, end.tuple.destination),
  );
  const [first] = journey.connections;
  if (!arrived || !first) return undefined;
  return {
    connection: journey.id,
    service,
    port,
    node,
    client: dial.tuple.source.address,
    endpoint: formatPredictedEndpoint(end.tuple.destination),
    probabilities,
    time: first.first,
    evidence: arrived.flow.evidence,
  };
}
