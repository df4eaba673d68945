/** The model's paths of dials, each way walked once: connections differ in their client's port alone. */
import type { PredictedPort, PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { followPaths } from "#expected/network/follow.js";
import type { Network } from "#expected/network/network.js";
import type { Dial, Path } from "#expected/network/path.js";
import { scenarioOf, type Classified } from "#expected/scenarios/classify.js";
import type { PredictedSighting } from "#expected/taps/predicted-sighting.js";
import { predictedSightings } from "#expected/taps/predicted-sightings.js";

export interface Followed {
  /** With this dial's port in its ends; the hops behind it may be another client port's. */
  readonly path: Path;
  readonly sightings: readonly PredictedSighting[];
  readonly classified: Classified | undefined;
}

/** Of one network. */
export class FollowedPaths {
  readonly #network: Network;
  readonly #known = new Map<string, readonly Followed[]>();

  constructor(network: Network) {
    this.#network = network;
  }

  of(dial: Dial): readonly Followed[] {
    const { from, tuple, via } = dial;
    const { source, destination } = tuple;
    // A client's own port seldom decides; one that servers listen on may.
    const port = isClientPort(source.port) ? "" : source.port;
    const key = JSON.stringify([from, via, tuple.protocol, source.address, port, destination]);
    const known = this.#known.get(key) ?? this.#follow(dial);
    this.#known.set(key, known);
    return known.map((followed) => withPort(followed, dial));
  }

  #follow(dial: Dial): readonly Followed[] {
    return followPaths(this.#network, dial).map((path) => ({
      path,
      sightings: predictedSightings(this.#network, path),
      classified: scenarioOf(this.#network, path),
    }));
  }
}

/** Linux gives clients ports from 32768 up (net.ipv4.ip_local_port_range). */
const FIRST_CLIENT_PORT = 32_768;

function isClientPort(port: PredictedPort): boolean {
  return port !== "any" && port >= FIRST_CLIENT_PORT;
}

function withPort({ path, sightings, classified }: Followed, dial: Dial): Followed {
  const known = path.dial.tuple.source.port;
  const { port } = dial.tuple.source;
  if (known === port) return { path: { ...path, dial }, sightings, classified };
  const source = (tuple: PredictedTuple): PredictedTuple =>
    tuple.source.port === known ? { ...tuple, source: { ...tuple.source, port } } : tuple;
  const destination = (tuple: PredictedTuple): PredictedTuple =>
    tuple.destination.port === known
      ? { ...tuple, destination: { ...tuple.destination, port } }
      : tuple;
  const { end } = path;
  return {
    path: {
      ...path,
      dial,
      end: end.kind === "delivered" ? { ...end, tuple: source(end.tuple) } : end,
    },
    sightings: sightings.map((sighting) => ({
      ...sighting,
      tuple:
        sighting.direction === "request" ? source(sighting.tuple) : destination(sighting.tuple),
    })),
    classified,
  };
}
