/** Capture points in the order in which the request passes them. */
import type { Hop } from "#expected/network/path.js";
import type { TapPoint } from "#expected/taps/predicted-sighting.js";
import type { PredictedPath } from "./prediction.js";

/** A place for each point to sort by; points that only the answer passes come last. */
export function placeOnWay({ request }: PredictedPath, isDialledFromOutside: boolean) {
  return ({ namespace, kind, pod }: TapPoint): number => {
    if (namespace.kind === "outside") return isDialledFromOutside ? -1 : BEHIND_ALL;
    const turn = request.findIndex((hop) => isIn(hop, namespace));
    const hop = request[turn];
    if (hop === undefined) return BEHIND_ALL + 1;
    const [before, after] = [turn - 1, turn + 1].map((at) => podOf(request[at]));
    return turn * PLACES + placeInNode({ kind, pod, hop, before, after });
  };
}

/** Of interfaces in one namespace. */
const PLACES = 10;
const BEHIND_ALL = 1_000_000;

interface Passed extends Pick<TapPoint, "kind" | "pod"> {
  readonly hop: Hop;
  /** The pod that it comes from, and the one that it goes to. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

function placeInNode({ kind, pod, hop, before, after }: Passed): number {
  const isFromWire = hop.arrival.from === "interface" && before === undefined;
  switch (kind) {
    case "veth":
      if (pod !== undefined && pod === before) return 0;
      return pod !== undefined && pod === after ? 9 : 6;
    case "uplink":
      return isFromWire ? 1 : 8;
    case "overlay":
      return isFromWire ? 2 : 7;
    case "loopback":
      return 4;
    case "bridge":
      return 5;
  }
}

function podOf(hop: Hop | undefined): string | undefined {
  return hop?.namespace.kind === "pod" ? hop.namespace.name : undefined;
}

function isIn({ namespace }: Hop, other: TapPoint["namespace"]): boolean {
  return other.kind !== "outside" && namespace.kind === other.kind && namespace.name === other.name;
}
