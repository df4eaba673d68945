/** What gives a packet of the model's path another source or destination, and where. */
import {
  formatPredictedEndpoint,
  samePredictedEndpoint,
  samePredictedTuple,
  type PredictedPort,
  type PredictedTuple,
} from "#expected/netfilter/predicted-tuple.js";
import type { Rule } from "#expected/netfilter/rule.js";
import type { ConntrackStep, IpvsStep, RuleStep, Step } from "#expected/netfilter/trace.js";
import type { Network } from "#expected/network/network.js";
import type { Hop, Path } from "#expected/network/path.js";
import type { JourneyStop, Rewrite } from "#verify/journey-stop.js";
import type { RewrittenWay } from "#verify/stops-told.js";
import { whereOf } from "./causes/rule-causes.js";
import { findRule } from "./causes/same-rule.js";

interface Way {
  readonly direction: JourneyStop["direction"];
  /** Whose nodes may have rules of their own, saved in files. */
  readonly saved: Network;
}

interface Change {
  readonly rewrite: Rewrite;
  readonly after: PredictedTuple;
}

/** Asked stop by stop in the order of the path. */
export function rewritesAlong(path: Path, { direction, saved }: Way): RewrittenWay {
  const hops = direction === "request" ? path.request : (path.reply?.hops ?? []);
  const changes = hops.flatMap((hop) => changesIn(hop, { path, direction, saved }));
  let next = 0;
  const take = (end: number): readonly Rewrite[] => {
    const found = changes.slice(next, end);
    next = Math.max(next, end);
    return found.map(({ rewrite }) => rewrite);
  };
  return {
    upTo(tuple) {
      const last = changes[next - 1];
      if (last && isCovered(last.after, tuple)) return [];
      return take(1 + changes.findIndex(({ after }, at) => at >= next && isCovered(after, tuple)));
    },
    rest: () => take(changes.length),
  };
}

/** A port that the kernel draws is any. */
function isCovered(predicted: PredictedTuple, shown: PredictedTuple): boolean {
  return (["source", "destination"] as const).every((end) => {
    const [one, other] = [predicted[end], shown[end]];
    const isPort = one.port === "any" || other.port === "any" || one.port === other.port;
    return one.address === other.address && isPort;
  });
}

interface Within extends Way {
  readonly path: Path;
}

function changesIn(hop: Hop, within: Within): readonly Change[] {
  return hop.trace.steps.flatMap((step) => {
    if (step.kind === "routing" || step.kind === "policy") return [];
    if (samePredictedTuple(step.before, step.after)) return [];
    const before = asDialled(step.before, within);
    const after = asDialled(step.after, within);
    const shown = { at: whereOf(hop.namespace), before: textOf(before), after: textOf(after) };
    return [{ after, rewrite: { ...shown, ...sourceOf(step, hop, within) } }];
  });
}

type Source = Pick<Rewrite, "table" | "chain" | "owner" | "text" | "file" | "line">;
type Rewriting = RuleStep | ConntrackStep | IpvsStep;

function sourceOf(step: Rewriting, hop: Hop, within: Within): Source {
  switch (step.kind) {
    case "rule":
      return ofRule(step.rule, hop, within);
    case "ipvs":
      return ofIpvs(step);
    case "conntrack":
      return ofEntry(step, hop, within);
  }
}

function ofRule(rule: Rule, { namespace }: Hop, { saved }: Within): Source {
  const { table, chain, owner, text } = rule;
  const state = (namespace.kind === "pod" ? saved.pods : saved.nodes).get(namespace.name);
  const own = state?.files === undefined ? undefined : findRule(state.rules, rule);
  if (own)
    return { table, chain: own.chain, owner, text: own.text, file: own.file, line: own.line };
  return { table, chain, owner, text, file: undefined, line: undefined };
}

function ofIpvs({ hook, server, realServer, decision }: IpvsStep): Source {
  const text = [server?.text, realServer?.text].filter(Boolean).join("; ");
  return {
    table: "ipvs",
    chain: hook,
    owner: "kube-proxy",
    text: text === "" ? decision : text,
    file: undefined,
    line: undefined,
  };
}

/**
 * A later packet, or an answer: translated as the entry says that a rule made for the first one (linux
 * net/netfilter/nf_nat_core.c nf_nat_packet).
 */
function ofEntry(step: ConntrackStep, hop: Hop, within: Within): Source {
  const made = madeBy(step, hop, within);
  const place = { table: "conntrack", chain: step.hook };
  if (!made) {
    const text = "as its conntrack entry says";
    return { ...place, owner: "unknown", text, file: undefined, line: undefined };
  }
  const source = made.kind === "ipvs" ? ofIpvs(made) : ofRule(made.rule, hop, within);
  const does = within.direction === "request" ? "goes on as by" : "undoes";
  return { ...source, ...place, text: `conntrack ${does}: ${source.text}` };
}

/** An answer's source was the request's destination, and the other way round. */
function madeBy(
  { before, after }: ConntrackStep,
  { namespace }: Hop,
  { path, direction }: Within,
): RuleStep | IpvsStep | undefined {
  const isSource = !samePredictedEndpoint(before.source, after.source);
  const end = isSource === (direction === "request") ? "source" : "destination";
  const steps = path.request
    .filter((hop) => hop.namespace.name === namespace.name && hop.namespace.kind === namespace.kind)
    .flatMap(({ trace }): readonly Step[] => trace.steps);
  return steps
    .filter((step): step is RuleStep | IpvsStep => step.kind === "rule" || step.kind === "ipvs")
    .findLast((step) => !samePredictedEndpoint(step.before[end], step.after[end]));
}

/** A path that was walked for another client's port has that port in its hops. */
function asDialled(
  tuple: PredictedTuple,
  { path: { request, dial }, direction }: Within,
): PredictedTuple {
  const walked = request[0]?.trace.first.source.port;
  const { port } = dial.tuple.source;
  const end = direction === "request" ? "source" : "destination";
  if (walked === undefined || walked === port || tuple[end].port !== walked) return tuple;
  return { ...tuple, [end]: withPort(tuple[end], port) };
}

function withPort(end: PredictedTuple["source"], port: PredictedPort): PredictedTuple["source"] {
  return { ...end, port };
}

function textOf({ source, destination }: PredictedTuple): string {
  return `${formatPredictedEndpoint(source)} > ${formatPredictedEndpoint(destination)}`;
}
