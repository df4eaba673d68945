/** Follows a connection through the network, and every connection that proxies dial for it. */
import type { Network } from "#expected/network/network.js";
import type { Dial, Path } from "#expected/network/path.js";
import type { PredictedSighting } from "#expected/taps/predicted-sighting.js";
import type { Onward, PredictedJourney, PredictedPath, Prediction } from "./prediction.js";

/** How the network answers: handed in, so that what is written can be tested without it. */
export interface Walker {
  readonly follow: (network: Network, dial: Dial) => readonly Path[];
  readonly sightings: (network: Network, path: Path) => readonly PredictedSighting[];
}

/** Proxies that dial each other end somewhere; so do those in front of a thousand endpoints. */
const MAX_JOURNEYS = 16;

export function predictJourneys(network: Network, dial: Dial, walker: Walker): Prediction {
  const wanted: Wanted[] = [{ dial, dialledBy: undefined }];
  const journeys: PredictedJourney[] = [];
  for (let next = wanted[0]; next !== undefined; next = wanted[journeys.length]) {
    const paths = walker.follow(network, next.dial).map((path): PredictedPath => {
      const { probability, request, end, reply, assumptions } = path;
      const sightings = walker.sightings(network, path);
      const onward = dialOn(path, wanted);
      return { probability, request, end, reply, sightings, onward, assumptions };
    });
    const { from, tuple } = next.dial;
    journeys.push({ from, tuple, dialledBy: next.dialledBy, paths });
  }
  return { scope: "network", journeys, assumptions: network.assumptions };
}

interface Wanted {
  readonly dial: Dial;
  readonly dialledBy: PredictedJourney["dialledBy"];
}

/** Puts what the proxy at the path's end dials behind what is wanted, unless it is there already. */
function dialOn({ end }: Path, wanted: Wanted[]): Onward | undefined {
  if (end.kind !== "delivered" || end.proxy === undefined) return undefined;
  const { program, dials } = end.proxy;
  const places = dials.map((dial) => placeOf({ dial, dialledBy: program }, wanted));
  const journeys = places.filter((place) => place !== undefined);
  return { program, journeys, unfollowed: dials.length - journeys.length };
}

function placeOf(next: Wanted, wanted: Wanted[]): number | undefined {
  const key = JSON.stringify(next);
  const known = wanted.findIndex((other) => JSON.stringify(other) === key);
  if (known >= 0) return known;
  return wanted.length < MAX_JOURNEYS ? wanted.push(next) - 1 : undefined;
}
