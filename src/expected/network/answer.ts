/** The way back: what the receiver of a first packet answers, and whether the dialling socket knows it. */
import { replyTo } from "#expected/netfilter/reply.js";
import { reverse, type PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { nodeWithAddress } from "./interfaces.js";
import { couldBe, trackingOf } from "./known-connections.js";
import { namespaceOfParty, sameNamespace } from "./namespace.js";
import type { Network } from "./namespaces.js";
import type { Dial, Reply } from "./path.js";
import { everyWay, packetOf, type Visit, type Way } from "./ways.js";

export interface Answer {
  readonly reply: Reply | undefined;
  readonly probability: number;
}

export function answersTo(
  network: Network,
  { dial, request }: { readonly dial: Dial; readonly request: Way },
): readonly Answer[] {
  const { outcome, hops } = request;
  const isAnswered = outcome.kind === "delivered" || outcome.kind === "left";
  if (!isAnswered) return [{ reply: undefined, probability: 1 }];
  const answer = reverse(outcome.tuple);
  const start =
    outcome.kind === "delivered"
      ? answerFromWithin(request, answer)
      : answerFromOutside(network, { request, answer });
  if (start === undefined) {
    const reply = replyOf(dial, { hops: [], arrives: directly(dial, answer) });
    return [{ reply, probability: 1 }];
  }
  return everyWay(network, { direction: "reply", start, behind: hops }).map((way) => ({
    reply: replyOf(dial, { hops: way.hops, arrives: arrivalOf(network, { dial, way }) }),
    probability: way.probability,
  }));
}

function answerFromWithin({ hops }: Way, answer: PredictedTuple): Visit | undefined {
  const last = hops.at(-1);
  if (last === undefined) return undefined;
  const { namespace, trace } = last;
  const untracked = { tuple: answer, arrival: { from: "process" as const } };
  return { namespace, input: replyTo(trace) ?? untracked };
}

/** It comes back to the node whose address the server was shown. */
function answerFromOutside(
  network: Network,
  { request, answer }: { readonly request: Way; readonly answer: PredictedTuple },
): Visit | undefined {
  const { address } = answer.destination;
  const port = nodeWithAddress(network, { address, kind: "uplink" });
  if (port === undefined) return undefined;
  const namespace = { kind: "node" as const, name: port.node };
  const known = trackingOf({ namespace, tuple: answer, behind: request.hops });
  const packet = packetOf({ direction: "reply", tuple: answer, known });
  const arrival = { from: "interface" as const, name: port.name };
  return { namespace, input: { tuple: answer, arrival, ...packet } };
}

/** Between two outside the cluster; no node's pods are known there. */
function directly({ from }: Dial, answer: PredictedTuple): PredictedTuple | undefined {
  const isClient = from.kind === "outside" && from.address === answer.destination.address;
  return isClient ? answer : undefined;
}

function arrivalOf(
  network: Network,
  { dial, way: { outcome } }: { readonly dial: Dial; readonly way: Way },
): PredictedTuple | undefined {
  if (outcome.kind === "left") return directly(dial, outcome.tuple);
  if (outcome.kind !== "delivered") return undefined;
  const home = namespaceOfParty(network, dial.from);
  return home && sameNamespace(home, outcome.namespace) ? outcome.tuple : undefined;
}

function replyOf({ tuple }: Dial, way: Pick<Reply, "hops" | "arrives">): Reply {
  const { arrives } = way;
  return { ...way, isRecognised: arrives !== undefined && couldBe(arrives, reverse(tuple)) };
}
