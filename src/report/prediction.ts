/** What `predict` tells: every connection that a first packet gives rise to, and each one's ways. */
import type { Hop, Party, PathEnd, Proxy, Reply } from "#expected/network/path.js";
import type { PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { PredictedSighting } from "#expected/taps/predicted-sighting.js";

export interface Prediction {
  /** `node`: one node's saved state and nothing around it. */
  readonly scope: "node" | "network";
  /** The first is the one that was asked for; the others are what proxies dial for it. */
  readonly journeys: readonly PredictedJourney[];
  /** What the walk as a whole rests on, beside what single paths do. */
  readonly assumptions: readonly string[];
}

/** One connection, as it is dialled and by every way that it can take. */
export interface PredictedJourney {
  /** Undefined where only a node is known, and so nobody around it. */
  readonly from: Party | undefined;
  readonly tuple: PredictedTuple;
  /** The proxy that dials it; undefined for the connection that was asked for. */
  readonly dialledBy: Proxy["program"] | undefined;
  readonly paths: readonly PredictedPath[];
}

export interface PredictedPath {
  readonly probability: number;
  readonly request: readonly Hop[];
  readonly end: PathEnd | LeftEnd;
  readonly reply: Reply | undefined;
  readonly sightings: readonly PredictedSighting[];
  readonly onward: Onward | undefined;
  readonly assumptions: readonly string[];
}

/** It left the only node that is known. */
export interface LeftEnd {
  readonly kind: "left";
  readonly by: string | undefined;
  readonly tuple: PredictedTuple;
}

/** What a proxy at a path's end does: it dials one of these journeys, by their place in the list. */
export interface Onward {
  readonly program: Proxy["program"];
  readonly journeys: readonly number[];
  /** It may dial others too, which were not followed. */
  readonly unfollowed: number;
}
