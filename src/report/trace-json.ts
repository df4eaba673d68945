/** `pcapcheck.prediction/v1`: the model's path of one packet, for programs. */
import type { ConntrackEntry } from "#expected/netfilter/conntrack.js";
import type { PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { Rule } from "#expected/netfilter/rule.js";
import type { Step, Trace } from "#expected/netfilter/trace.js";
import { sanitizeJson } from "./sanitize.js";
import type { Prediction } from "./trace-text.js";

export function* traceJson({ node, arrival, traces }: Prediction): Iterable<string> {
  const document = {
    schema: "pcapcheck.prediction/v1",
    node,
    arrival,
    traces: traces.map(traceDocument),
  };
  yield `${sanitizeJson(JSON.stringify(document, undefined, 2))}\n`;
}

function traceDocument(trace: Trace) {
  return {
    disposition: trace.disposition,
    probability: trace.probability,
    reason: trace.reason ?? null,
    rule: trace.rule ? ruleDocument(trace.rule) : null,
    first: tupleDocument(trace.first),
    final: tupleDocument(trace.final),
    out: trace.out ?? null,
    mark: trace.mark,
    conntrack: trace.entry ? entryDocument(trace.entry) : null,
    assumptions: [...trace.assumptions],
    steps: trace.steps.map(stepDocument),
  };
}

/** A port that the kernel draws at random is null. */
function tupleDocument({ protocol, source, destination }: PredictedTuple) {
  const [from, to] = [source, destination].map(({ address, port }) => ({
    address,
    port: port === "any" ? null : port,
  }));
  return { protocol, source: from, destination: to };
}

function entryDocument({ original, reply, mark }: ConntrackEntry) {
  return { original: tupleDocument(original), reply: tupleDocument(reply), mark };
}

function ruleDocument({ file, line, table, chain, text, owner, comment }: Rule) {
  return { file, line, table, chain, text, owner, comment: comment ?? null };
}

function stepDocument(step: Step) {
  switch (step.kind) {
    case "rule": {
      const { kind, hook, rule, before, after, markBefore, markAfter } = step;
      const tuples = { before: tupleDocument(before), after: tupleDocument(after) };
      return { kind, hook, rule: ruleDocument(rule), ...tuples, markBefore, markAfter };
    }
    case "policy":
      return step;
    case "routing":
      return { ...step, tuple: tupleDocument(step.tuple) };
    case "conntrack":
      return { ...step, before: tupleDocument(step.before), after: tupleDocument(step.after) };
  }
}
