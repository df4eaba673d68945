/** What a connection that is not as intended comes from: rules and settings first, where they are known. */
import { followPaths } from "#expected/network/follow.js";
import type { Network } from "#expected/network/network.js";
import { predictedSightings } from "#expected/taps/predicted-sightings.js";
import type { Attribution } from "#verify/attribution.js";
import { comparePath, distance, type Comparison } from "#verify/replay/compare.js";
import type { ReplayCase } from "#verify/replay/replay-case.js";
import type { ConntrackOfRun } from "#verify/dialled.js";
import type { Check } from "#verify/report.js";
import { stateOfNode } from "./collect.js";
import { entryCause, withCandidate } from "./entry-cause.js";
import { rulesAgainstData, rulesAgainstTunnel } from "./later-packets.js";
import { lostData } from "./lost-data.js";
import { passedCause } from "./passed-cause.js";
import { pathCause } from "./path-cause.js";
import { choiceCauses, ruleCauses, type TwoWays } from "./rule-causes.js";
import { serverCause } from "./server-cause.js";
import { settingCauses } from "./setting-causes.js";
import { wayOf } from "./way.js";

export interface AttributionInput {
  readonly intended: Network;
  /** With nodes' own rules; undefined where none were given. */
  readonly configured: Network | undefined;
  readonly checks: readonly Check[];
  /** Undefined where no table was given. */
  readonly conntrack: ConntrackOfRun | undefined;
}

/** At least one of a connection with a failed check; of others what the saved rules say. */
export function attribute(theCase: ReplayCase, input: AttributionInput): readonly Attribution[] {
  const { intended, configured, checks } = input;
  const failed = checks.filter(({ verdict }) => verdict === "fail");
  const saved = configured ? savedCauses(theCase, { ...input, configured }) : [];
  if (saved.length > 0 || failed.length === 0) return saved;
  const entry = entryCause(theCase, input);
  if (entry?.kind === "sure") return [entry.cause];
  const cause =
    serverCause(theCase, { network: intended, failed }) ??
    passedCause(theCase, { configured }) ??
    pathCause(theCase, { configured }) ??
    unexplained(theCase, configured);
  return [entry ? withCandidate(cause, entry.says) : cause];
}

interface Saved extends AttributionInput {
  readonly configured: Network;
}

/** What the saved rules and settings explain; nothing where by them it would go as intended too. */
function savedCauses(theCase: ReplayCase, { intended, configured }: Saved): readonly Attribution[] {
  const nearest = nearestPath(configured, theCase);
  if (nearest === undefined) return [];
  const ways = waysOf(theCase, { intended, configured, nearest });
  if (explainsMore(nearest, theCase.best)) {
    const rules = ruleCauses(ways);
    // Where rules end the packet's way, or lead it elsewhere, its routes are what follows from them.
    return rules.length > 0 ? rules : settingCauses(ways);
  }
  return behindTheHandshake(theCase, nearest, configured);
}

interface Nearest {
  readonly intended: Network;
  readonly configured: Network;
  readonly nearest: Comparison;
}

function waysOf(
  { best, branches }: ReplayCase,
  { intended, configured, nearest }: Nearest,
): TwoWays {
  const paths = branches.map(({ path }) => path);
  return { intended, configured, as: best.path, is: nearest.path, branches: paths };
}

/** Of connections that are each as they may be, and together are not: rules that choose otherwise. */
export function attributeChoice(
  theCase: ReplayCase,
  { intended, configured }: Pick<Nearest, "intended" | "configured">,
): readonly Attribution[] {
  const nearest = nearestPath(configured, theCase);
  return nearest ? choiceCauses(waysOf(theCase, { intended, configured, nearest })) : [];
}

function nearestPath(network: Network, theCase: ReplayCase): Comparison | undefined {
  const { dial, flows, points } = theCase;
  return followPaths(network, dial)
    .map((path) => comparePath(path, predictedSightings(network, path), { flows, points }))
    .sort((a, b) => distance(a) - distance(b))[0];
}

/** Nearer to what was seen, or as near and with another end. */
function explainsMore(nearest: Comparison, best: Comparison): boolean {
  if (distance(nearest) !== distance(best)) return distance(nearest) < distance(best);
  return endOf(nearest) !== endOf(best);
}

function endOf({ path: { end, reply } }: Comparison): string {
  return `${end.kind}, ${reply?.arrives === undefined ? "unheard" : "answered"}`;
}

function behindTheHandshake(
  theCase: ReplayCase,
  { path }: Comparison,
  network: Network,
): readonly Attribution[] {
  const lost = lostData(theCase);
  if (lost) {
    const direction = lost.direction === "request" ? "request" : "answer";
    const { lengthBytes } = lost;
    return rulesAgainstData(network, { path, data: { direction, lengthBytes } });
  }
  for (const direction of ["request", "reply"] as const) {
    const way = wayOf(theCase, direction);
    if (way.at(-1)?.shows === "as foretold") continue;
    const hops = direction === "request" ? path.request : (path.reply?.hops ?? []);
    const found = rulesAgainstTunnel(network, hops);
    if (found.length > 0) return found;
  }
  return [];
}

function unexplained({ best: { path } }: ReplayCase, configured: Network | undefined): Attribution {
  const passed = [...path.request, ...(path.reply?.hops ?? [])].flatMap(({ namespace }) =>
    namespace.kind === "node" ? namespace.name : [],
  );
  const nodes = [...new Set(passed)];
  const why = nodes.some((node) => configured?.nodes.get(node)?.files !== undefined)
    ? "by the saved rules it goes as intended, and the captures do not show where it leaves its way"
    : "the captures do not show where it leaves its way";
  return {
    kind: "not explained",
    why,
    collect: nodes.flatMap((node) => stateOfNode(configured, node)),
  };
}
