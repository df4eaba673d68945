/** The model's paths of dials, each way walked once: connections differ in their client's port alone. */
import type { PredictedPort, PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { followPaths } from "#expected/network/follow.js";
import type { Network } from "#expected/network/network.js";
import type { Dial, Path } from "#expected/network/path.js";
import { classifyByOwn, scenarioOf, type Classified } from "#expected/scenarios/classify.js";
import type { PathRow } from "#expected/scenarios/path-row.js";
import { rowExpectation, type RowExpectation } from "#expected/scenarios/row-expectation.js";
import type { PathScenario } from "#expected/scenarios/scenario.js";
import { situationOf } from "#expected/scenarios/situation.js";
import type { PredictedSighting } from "#expected/taps/predicted-sighting.js";
import { predictedSightings } from "#expected/taps/predicted-sightings.js";

export interface Followed extends Shown {
  readonly classified: Classified | undefined;
  /** Undefined where the model's own way is what is expected. */
  readonly byRow?: ByRow;
}

export interface Shown {
  /** With this dial's port in its ends; the hops behind it may be another client port's. */
  readonly path: Path;
  readonly sightings: readonly PredictedSighting[];
}

/** A row of the user's own says what is expected. */
export interface ByRow {
  readonly scenario: PathScenario;
  readonly row: PathRow;
  readonly expectation: RowExpectation;
  /** What the rules that programs write would do. */
  readonly model: Shown;
}

/** Of one network. */
export class FollowedPaths {
  readonly #network: Network;
  readonly #asked: PathScenario | undefined;
  readonly #known = new Map<string, readonly Followed[]>();

  /** `asked`: a scenario of the user's own, whose rows go before what the model says. */
  constructor(network: Network, asked?: PathScenario) {
    this.#network = network;
    this.#asked = asked;
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
    const network = this.#network;
    return followPaths(network, dial).map((path) => {
      const model = { path, sightings: predictedSightings(network, path) };
      const own = this.#asked && this.#byOwn(this.#asked, model);
      return own ?? { ...model, classified: scenarioOf(network, path) };
    });
  }

  #byOwn(asked: PathScenario, model: Shown): Followed | undefined {
    const network = this.#network;
    const situation = situationOf(network, model.path.dial, model.path);
    const classified = classifyByOwn(asked, situation);
    const row = classified?.row;
    if (!row) return classified && { ...model, classified };
    const expectation = rowExpectation(asked, row, { network, situation, ...model });
    const { path, sightings } = expectation;
    return { path, sightings, classified, byRow: { scenario: asked, row, expectation, model } };
  }
}

/** Linux gives clients ports from 32768 up (net.ipv4.ip_local_port_range). */
const FIRST_CLIENT_PORT = 32_768;

function isClientPort(port: PredictedPort): boolean {
  return port !== "any" && port >= FIRST_CLIENT_PORT;
}

function withPort(followed: Followed, dial: Dial): Followed {
  const { classified, byRow } = followed;
  return {
    ...shownWithPort(followed, dial),
    classified,
    ...(byRow ? { byRow: { ...byRow, model: shownWithPort(byRow.model, dial) } } : {}),
  };
}

function shownWithPort({ path, sightings }: Shown, dial: Dial): Shown {
  const known = path.dial.tuple.source.port;
  const { port } = dial.tuple.source;
  if (known === port) return { path: { ...path, dial }, sightings };
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
  };
}
