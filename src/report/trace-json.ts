/** A packet's way through one namespace, for programs. */
import type { ConntrackEntry } from "#expected/netfilter/conntrack.js";
import type { PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { Rule } from "#expected/netfilter/rule.js";
import type { IpvsStep, Step, Trace } from "#expected/netfilter/trace.js";
import type { RealServer } from "#expected/netfilter/virtual-server.js";
import type { PredictionDocument } from "./prediction-schema.js";

type PathDocument = PredictionDocument["journeys"][number]["paths"][number];
type TraceDocument = PathDocument["request"][number]["trace"];
type StepDocument = TraceDocument["steps"][number];

export function traceDocument(trace: Trace): TraceDocument {
  return {
    disposition: trace.disposition,
    reason: trace.reason ?? null,
    rule: trace.rule ? ruleDocument(trace.rule) : null,
    first: tupleDocument(trace.first),
    final: tupleDocument(trace.final),
    out: trace.out ?? null,
    mark: trace.mark,
    conntrack: trace.entry ? entryDocument(trace.entry) : null,
    steps: trace.steps.map(stepDocument),
  };
}

/** A port that the kernel draws at random, or that nobody named, is null. */
export function tupleDocument({ protocol, source, destination }: PredictedTuple) {
  return { protocol, source: endDocument(source), destination: endDocument(destination) };
}

function endDocument({ address, port }: PredictedTuple["source"]) {
  return { address, port: port === "any" ? null : port };
}

export function ruleDocument({ file, line, table, chain, text, owner, comment }: Rule) {
  return { file, line, table, chain, text, owner, comment: comment ?? null };
}

function entryDocument({ original, reply, mark }: ConntrackEntry) {
  return { original: tupleDocument(original), reply: tupleDocument(reply), mark };
}

function stepDocument(step: Step): StepDocument {
  switch (step.kind) {
    case "rule": {
      const { kind, hook, rule, before, after, markBefore, markAfter } = step;
      const tuples = { before: tupleDocument(before), after: tupleDocument(after) };
      return { kind, hook, rule: ruleDocument(rule), ...tuples, markBefore, markAfter };
    }
    case "policy": {
      const { kind, hook, table, chain, line, verdict } = step;
      return { kind, hook, table, chain, line, verdict };
    }
    case "routing":
      return { kind: step.kind, tuple: tupleDocument(step.tuple), decision: step.decision };
    case "conntrack": {
      const { kind, hook, before, after } = step;
      return { kind, hook, before: tupleDocument(before), after: tupleDocument(after) };
    }
    case "ipvs": {
      const { kind, hook, decision, before, after, ttlLowered } = step;
      const tuples = { before: tupleDocument(before), after: tupleDocument(after) };
      return { kind, hook, decision, ...serverDocuments(step), ...tuples, ttlLowered };
    }
  }
}

function serverDocuments({ server, realServer }: IpvsStep) {
  const at = (entry: Pick<RealServer, "line" | "text"> | undefined) =>
    server && entry ? { file: server.file, line: entry.line, text: entry.text } : null;
  return { server: at(server), realServer: at(realServer) };
}
