/** What the packets leave open of a dial, decided by the entry that conntrack has of it. */
import { samePredictedEndpoint } from "#expected/netfilter/predicted-tuple.js";
import type { Network } from "#expected/network/network.js";
import type { Dial } from "#expected/network/path.js";
import { homeOf, nodeOfAddress, podOfAddress } from "#expected/scenarios/whereabouts.js";
import type { ConntrackEntry } from "#observed/conntrack/conntrack-entry.js";
import { dialledBy, type ConntrackOfRun, type Dialled, type Sender } from "#verify/dialled.js";
import { explainsAll } from "./compare.js";
import {
  branchesOf,
  farness,
  nearestOf,
  type Judgement,
  type Nearest,
  type Option,
} from "./judgement.js";
import { exactDial } from "./exact-dial.js";
import type { SeenFlow } from "./seen-flow.js";

export interface AskedOfConntrack {
  readonly network: Network;
  readonly conntrack: ConntrackOfRun;
  readonly flows: readonly SeenFlow[];
  /** Every path of every dial that the topology lets lead there. */
  readonly options: readonly Option[];
  readonly optionsOf: (dial: Dial) => readonly Option[];
}

/**
 * An entry chooses among paths that explain the packets alike, and names the one to hold them
 * against where none does. Against a path that explains them all it is a doubt and no verdict: the
 * table was saved later, and may be of another connection.
 */
export function withDialled(judgement: Judgement, asked: AskedOfConntrack): Judgement {
  const { network, conntrack, flows } = asked;
  const by = dialledBy(conntrack, { flows, senderOf: (entry) => senderOf(network, entry) });
  if ("reason" in by) return { ...judgement, dialled: { kind: "unknown", ...by } };
  const exact = asked.optionsOf(exactDial(network, by.entry));
  const listed = asked.options.filter(({ dial }) => isDialOf(by, dial));
  const known = [exact, listed].flatMap((options) => {
    const nearest = nearestOf(options);
    return nearest ? [{ nearest, branches: branchesOf(options, nearest) }] : [];
  });
  const decided =
    known.find(({ nearest }) => isAsNear(nearest, judgement)) ??
    (explainsAll(judgement.nearest[0].comparison) ? undefined : nearestOfListed(listed));
  if (decided) {
    return { ...judgement, ...decided, isDialSeen: true, dialled: { kind: "decided", by } };
  }
  const kind = listed.length > 0 ? "contradicted" : "unlisted";
  return { ...judgement, dialled: { kind, by } };
}

/** Never nearer: what fails against every path that the packets allow does not pass by a table. */
function isAsNear(nearest: Nearest, { nearest: [best] }: Judgement): boolean {
  return farness(nearest[0]) === farness(best);
}

function nearestOfListed(
  listed: readonly Option[],
): Pick<Judgement, "nearest" | "branches"> | undefined {
  const nearest = nearestOf(listed);
  return nearest && { nearest, branches: branchesOf(listed, nearest) };
}

function senderOf(network: Network, { node, original }: ConntrackEntry): Sender {
  const { address } = original.source;
  const pod = podOfAddress(network.topology, address);
  const home = pod
    ? homeOf(network.topology, { kind: "pod", name: pod.name })
    : nodeOfAddress(network, address);
  if (home === undefined) return "outside";
  return home === node ? "own" : "other node's";
}

/** True for a dial that the entry may be of. */
function isDialOf({ entry: { original }, isSourceKnown }: Dialled, { tuple }: Dial): boolean {
  return (
    tuple.protocol === original.protocol &&
    samePredictedEndpoint(tuple.destination, original.destination) &&
    (!isSourceKnown || tuple.source.address === original.source.address)
  );
}
