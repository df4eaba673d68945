/** Which endpoint each connection to a Service got: what one connection alone cannot tell. */
import type { Service, ServicePort } from "#cluster/service.js";
import {
  formatPredictedEndpoint,
  samePredictedEndpoint,
  type PredictedEndpoint,
} from "#expected/netfilter/predicted-tuple.js";
import type { Network } from "#expected/network/network.js";
import type { Path } from "#expected/network/path.js";
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
  /** Undefined where no capture shows which. */
  readonly endpoint: string | undefined;
  /** Of each endpoint, by the rules. */
  readonly probabilities: ReadonlyMap<string, number>;
  readonly time: EpochNs;
  readonly evidence: PacketReference;
}

/** Undefined where the rules leave nothing to choose. */
export function choiceOf(network: Network, theCase: ReplayCase): Choice | undefined {
  const { dial, best, branches, journey } = theCase;
  const { service, port, node } = situationOf(network, dial, best.path);
  if (service === undefined || node === undefined) return undefined;
  const probabilities = new Map<string, number>();
  for (const { path } of branches) {
    const chosen = chosenBy(path);
    if (chosen === undefined) return undefined;
    const endpoint = formatPredictedEndpoint(chosen);
    probabilities.set(endpoint, (probabilities.get(endpoint) ?? 0) + path.probability);
  }
  const [first] = journey.connections;
  const [request] = requestsOf(theCase);
  if (probabilities.size < 2 || !first || !request) return undefined;
  const chosen = chosenBy(best.path);
  const arrived = requestsOf(theCase).find(
    ({ sighting }) =>
      sighting !== undefined &&
      chosen !== undefined &&
      samePredictedEndpoint(sighting.tuple.destination, chosen),
  );
  return {
    connection: journey.id,
    service,
    port,
    node,
    client: dial.tuple.source.address,
    endpoint: arrived && chosen && formatPredictedEndpoint(chosen),
    probabilities,
    time: first.first,
    evidence: (arrived ?? request).flow.evidence,
  };
}

/** The address that the rules choose, though nobody may have it. */
function chosenBy({ end, request }: Path): PredictedEndpoint | undefined {
  if (end.kind === "delivered") return end.tuple.destination;
  const isOfNobody = end.kind === "dropped" && end.rule === undefined;
  return isOfNobody ? request.at(-1)?.trace.final.destination : undefined;
}
