/** lo of a node or a pod: what a process sends to another of the same namespace. */
import type { Trace } from "#expected/netfilter/trace.js";
import { seenLeaving, type Crossing } from "./crossing.js";
import type { PredictedSighting } from "./predicted-sighting.js";
import { lastHookOf, tupleAfter } from "./tuple-after.js";

const TRANSLATED =
  "a process's packets are translated and routed again before a device is reached (linux net/netfilter/nf_nat_proto.c nf_nat_ipv4_local_fn)";

/** Translated already, and of an answer translated back. */
export function atLoopback(crossing: Crossing): readonly PredictedSighting[] {
  const { namespace, arrival, trace } = crossing.hop;
  if (arrival.from !== "process" || !reachesLoopback(trace)) return [];
  const tuple = tupleAfter(trace, "postrouting");
  const sent = tuple === trace.first ? tupleAfter(trace, "output") : tuple;
  const point = { namespace, interface: "lo", kind: "loopback", pod: undefined } as const;
  const why = sent === trace.first ? undefined : TRANSLATED;
  return [{ ...seenLeaving(crossing, point), tuple: sent, why }];
}

/** What is dropped on its way in again has been on lo; what is dropped on its way out has not. */
function reachesLoopback(trace: Trace): boolean {
  const { disposition } = trace;
  if (disposition === "forwarded" || disposition === "delivered-locally") {
    return disposition === "delivered-locally";
  }
  const last = lastHookOf(trace);
  return last === "prerouting" || last === "input";
}
