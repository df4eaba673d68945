/** A packet's path through a node, hook by hook, as the model takes it. */
import { formatPredictedTuple, samePredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { Rule } from "#expected/netfilter/rule.js";
import type { Step, Trace } from "#expected/netfilter/trace.js";
import { sanitize } from "./sanitize.js";
import type { Style, Tone } from "./style.js";

export interface Prediction {
  readonly node: string;
  /** `in by eth0`, `from a process of the node`. */
  readonly arrival: string;
  readonly traces: readonly Trace[];
}

export function* traceText({ node, arrival, traces }: Prediction, style: Style): Iterable<string> {
  const [{ first } = {}] = traces;
  if (first) yield `${sanitize(node)}: ${formatPredictedTuple(first)}, ${sanitize(arrival)}\n`;
  if (traces.length > 1) {
    yield `\nchance decides between ${traces.length} ways:\n`;
    for (const trace of traces) yield `    ${percent(trace)}  ${ending(trace, style)}\n`;
  }
  for (const [at, trace] of traces.entries()) {
    yield "\n";
    if (traces.length > 1) yield `way ${at + 1} of ${traces.length}, ${percent(trace).trim()}\n\n`;
    yield* oneTrace(trace, style);
  }
}

function* oneTrace(trace: Trace, style: Style): Iterable<string> {
  let heading: string | undefined;
  for (const step of trace.steps) {
    const next = step.kind === "routing" ? "routing" : step.hook;
    if (next !== heading) yield `${style.strong(next)}\n`;
    heading = next;
    yield* stepLines(step);
  }
  yield `${ending(trace, style)}\n`;
  if (trace.disposition === "unknown" && trace.rule) yield* ruleLines(trace.rule);
  for (const assumption of trace.assumptions) yield `    assumed  ${sanitize(assumption)}\n`;
}

function* stepLines(step: Step): Iterable<string> {
  switch (step.kind) {
    case "rule": {
      yield* ruleLines(step.rule);
      if (!samePredictedTuple(step.before, step.after))
        yield `        now ${formatPredictedTuple(step.after)}\n`;
      if (step.markBefore !== step.markAfter) yield `        now mark ${hex(step.markAfter)}\n`;
      break;
    }
    case "policy":
      yield `    ${step.table} ${step.chain} policy ${step.verdict.toUpperCase()}\n`;
      break;
    case "routing":
      yield `    ${sanitize(step.decision)}\n`;
      break;
    case "conntrack":
      yield `    conntrack, as the first packet\n`;
      yield `        now ${formatPredictedTuple(step.after)}\n`;
      break;
  }
}

/** `nat KUBE-SERVICES -d 10.96.0.10/32 …`, and below it where it stands and whose it is. */
function* ruleLines({ table, chain, text, file, line, owner }: Rule): Iterable<string> {
  const body = text.replace(/^(-A|--append) \S+ ?/, "");
  yield `    ${table} ${sanitize(chain)}  ${sanitize(body)}\n`;
  const whose = owner === "unknown" ? "" : `  ${owner}`;
  yield `        ${sanitize(file)}:${line}${whose}\n`;
}

const TONES: Record<Trace["disposition"], Tone> = {
  forwarded: "good",
  "delivered-locally": "good",
  dropped: "bad",
  rejected: "bad",
  unknown: "doubtful",
};

/** `forwarded by cni0: tcp …`, `dropped by rules.txt:12`, `unknown at rules.txt:12: why`. */
function ending({ disposition, out, final, rule, reason }: Trace, style: Style): string {
  const word = style[TONES[disposition]](disposition.replace("-", " "));
  const tuple = formatPredictedTuple(final);
  const place = rule && `${sanitize(rule.file)}:${rule.line}`;
  const why = reason === undefined ? "" : `: ${sanitize(reason)}`;
  switch (disposition) {
    case "forwarded":
      return `${word} by ${sanitize(out ?? "?")}: ${tuple}`;
    case "delivered-locally":
      return `${word}: ${tuple}`;
    case "dropped":
    case "rejected":
      return `${word}${place ? ` by ${place}` : ""}${why}: ${tuple}`;
    case "unknown":
      return `${word}${place ? ` at ${place}` : ""}${why}`;
  }
}

function percent({ probability }: Trace): string {
  return `${(probability * 100).toFixed(1).padStart(5)} %`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
