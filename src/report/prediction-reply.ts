/** The answer's way, a line per namespace: what it is where it comes in and where it leaves. */
import type { Hop, Reply } from "#expected/network/path.js";
import { formatPredictedTuple, samePredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { hangingLines } from "./hanging.js";
import { describeArrival, describeNamespace, strange } from "./prediction-words.js";
import type { PredictedPath } from "./prediction.js";
import { sanitize } from "./sanitize.js";
import type { Layout } from "./table.js";

export function* replyLines({ reply }: PredictedPath, layout: Layout): Iterable<string> {
  if (reply === undefined) return;
  yield `\n${layout.style.strong("answer")}\n`;
  for (const text of [...reply.hops.map(describeHop), describeArriving(reply)]) {
    for (const line of hangingLines(text, { first: 2, hanging: 6 }, layout)) yield `${line}\n`;
  }
}

/** `node1: in by cni0, tcp 10.233.1.2:8080 > 198.51.100.79:*; out by eth0 as tcp …`. */
function describeHop(hop: Hop): string {
  const { trace, outer, ttlLowered } = hop;
  const { first, final, out, disposition } = trace;
  const start = `${describeNamespace(hop.namespace)}: ${describeArrival(hop)}, ${formatPredictedTuple(first)}`;
  const as = samePredictedTuple(first, final) ? "" : ` as ${formatPredictedTuple(final)}`;
  switch (disposition) {
    case "forwarded": {
      const inside = outer === undefined ? "" : `, inside VXLAN ${formatPredictedTuple(outer)}`;
      const ttl = ttlLowered === 1 ? ", TTL 1 lower" : "";
      return `${start}; out${out === undefined ? "" : ` by ${sanitize(out)}`}${as}${inside}${ttl}`;
    }
    case "delivered-locally":
      return `${start}; delivered${as}`;
    case "dropped":
    case "rejected":
    case "unknown":
      return `${start}; ${disposition}${describeCause(hop)}`;
  }
}

function describeCause({ trace: { rule, reason } }: Hop): string {
  const at = rule === undefined ? "" : ` by ${sanitize(rule.file)}:${rule.line}`;
  return `${at}${reason === undefined ? "" : `: ${sanitize(reason)}`}`;
}

function describeArriving({ arrives, isRecognised }: Reply): string {
  if (arrives === undefined) return "it does not arrive";
  const as = `arrives as ${formatPredictedTuple(arrives)}`;
  return isRecognised ? as : `${as}, ${strange(arrives)}`;
}
