/** How parties, ends and tuples of a prediction are called, in sentences. */
import type { Hop, Party } from "#expected/network/path.js";
import { formatPredictedTuple, type PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { Rule } from "#expected/netfilter/rule.js";
import type { PredictedPath } from "./prediction.js";
import { sanitize } from "./sanitize.js";

/** `pod web`, `a process of node1`, `198.51.100.79 outside the cluster`. */
export function describeParty(party: Party): string {
  switch (party.kind) {
    case "pod":
      return `pod ${sanitize(party.name)}`;
    case "node":
      return `a process of ${sanitize(party.name)}`;
    case "outside":
      return `${party.address} outside the cluster`;
  }
}

/** `node1`, `pod web`. */
export function describeNamespace({
  kind,
  name,
}: {
  readonly kind: "node" | "pod";
  readonly name: string;
}): string {
  return kind === "pod" ? `pod ${sanitize(name)}` : sanitize(name);
}

/** The one word that says how it ended, and everything behind it. */
export interface EndSentence {
  readonly word: string;
  readonly rest: string;
}

export function describeEnd(end: PredictedPath["end"]): EndSentence {
  switch (end.kind) {
    case "delivered":
      return {
        word: "delivered",
        rest: ` to ${describeParty(end.to)} as ${formatPredictedTuple(end.tuple)}`,
      };
    case "left": {
      const by = end.by === undefined ? "" : ` by ${sanitize(end.by)}`;
      return { word: "forwarded", rest: `${by} as ${formatPredictedTuple(end.tuple)}` };
    }
    case "dropped":
    case "rejected":
    case "unknown": {
      const where = ` in ${describeNamespace(end.namespace)}`;
      return { word: end.kind, rest: `${where}${by(end.rule, end.kind)}${because(end.reason)}` };
    }
  }
}

function by(rule: Rule | undefined, kind: "dropped" | "rejected" | "unknown"): string {
  if (rule === undefined) return "";
  return `${kind === "unknown" ? " at" : " by"} ${sanitize(rule.file)}:${rule.line}`;
}

function because(reason: string | undefined): string {
  return reason === undefined ? "" : `: ${sanitize(reason)}`;
}

/** `10.244.1.9:* > 10.96.0.10:53`: where the protocol has been said. */
export function formatPredictedEnds(tuple: PredictedTuple): string {
  return formatPredictedTuple(tuple).slice(tuple.protocol.length + 1);
}

/** `1`, `0.5`, `0.3333`. */
export function formatProbability(probability: number): string {
  return String(Number(probability.toPrecision(4)));
}

/** `in by eth0`, `sent by a process`: of the namespace whose name stands before. */
export function describeArrival({ arrival }: Pick<Hop, "arrival">): string {
  return arrival.from === "interface" ? `in by ${sanitize(arrival.name)}` : "sent by a process";
}

/** Of an answer that is none of what was dialled (RFC 9293 §3.10.7.1: no such connection). */
export function strange({ protocol }: PredictedTuple): string {
  const tcp = protocol === "tcp" ? ": its stack answers with a reset" : "";
  return `which the dialling socket does not know${tcp}`;
}
