/** A packet's way through one network namespace, step by step, as the model takes it. */
import { formatPredictedTuple, samePredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { Rule } from "#expected/netfilter/rule.js";
import type { IpvsStep, Step, Trace } from "#expected/netfilter/trace.js";
import { sanitize } from "./sanitize.js";

/** One step, under the heading of what takes it: a hook, or `routing`. */
export interface Phase {
  readonly heading: string;
  readonly lines: readonly PhaseLine[];
}

export interface PhaseLine {
  /** Under the heading 0, and what belongs to a line 1. */
  readonly depth: 0 | 1;
  /** Safe for a terminal. */
  readonly text: string;
}

export function tracePhases(trace: Trace): readonly Phase[] {
  const { steps, disposition, rule } = trace;
  const idle = idleJumps(trace);
  const phases = steps.flatMap((step, at): Phase[] => {
    if (!idle.has(step)) return [stepPhase(step)];
    const before = steps[at - 1];
    // Those that follow each other are told in one line, at the first.
    if (before !== undefined && idle.has(before) && placeOf(before) === placeOf(step)) return [];
    const others = steps.slice(at);
    const end = others.findIndex((next) => !idle.has(next) || placeOf(next) !== placeOf(step));
    return [idlePhase(end < 0 ? others : others.slice(0, end))];
  });
  if (disposition !== "unknown" || rule === undefined) return phases;
  return [...phases, { heading: "not understood", lines: ruleLines(rule) }];
}

/** Jumps to chains that the packet came back from as it went in, for no rule there matched. */
function idleJumps({ steps, rule }: Trace): ReadonlySet<Step> {
  const idle = new Set<Step>();
  // What ended its way may be no step: a rule that is not understood.
  let next = rule && { place: undefined as string | undefined, chain: rule.chain };
  for (const step of steps.toReversed()) {
    const entered = jumpedTo(step);
    const isSame = next?.place === undefined || next.place === placeOf(step);
    if (entered !== undefined && !(isSame && next?.chain === entered)) idle.add(step);
    else next = { place: placeOf(step), chain: step.kind === "rule" ? step.chain : "" };
  }
  return idle;
}

function jumpedTo(step: Step): string | undefined {
  if (step.kind !== "rule") return undefined;
  const { target } = step.rule;
  return target.kind === "jump" || target.kind === "goto" ? target.chain : undefined;
}

function placeOf(step: Step): string {
  return step.kind === "rule" ? `${step.hook} ${step.table}` : step.kind;
}

/** `filter  nothing matches in KUBE-FORWARD, DOCKER-USER`. */
function idlePhase(steps: readonly Step[]): Phase {
  const [first] = steps;
  const chains = steps.flatMap((step) => jumpedTo(step) ?? []).map((chain) => sanitize(chain));
  const isRule = first?.kind === "rule";
  const text = `${isRule ? first.table : ""}  nothing matches in ${chains.join(", ")}`;
  return { heading: isRule ? first.hook : "", lines: [{ depth: 0, text }] };
}

function stepPhase(step: Step): Phase {
  switch (step.kind) {
    case "rule":
      return { heading: step.hook, lines: [...ruleLines(step.rule), ...effectLines(step)] };
    case "policy": {
      const policy = `${step.table} ${step.chain} policy ${step.verdict.toUpperCase()}`;
      return { heading: step.hook, lines: [{ depth: 0, text: sanitize(policy) }] };
    }
    case "routing":
      return { heading: "routing", lines: [{ depth: 0, text: sanitize(step.decision) }] };
    case "conntrack":
      return {
        heading: step.hook,
        lines: [
          { depth: 0, text: "conntrack, as the first packet" },
          { depth: 1, text: `now ${formatPredictedTuple(step.after)}` },
        ],
      };
    case "ipvs":
      return { heading: step.hook, lines: ipvsLines(step) };
  }
}

/** What IPVS decided, and below it the lines of `ipvsadm -Sn` that say so. */
function ipvsLines({
  decision,
  server,
  realServer,
  before,
  after,
}: IpvsStep): readonly PhaseLine[] {
  const entries = server ? [server, ...(realServer ? [realServer] : [])] : [];
  return [
    { depth: 0, text: sanitize(`IPVS  ${decision}`) },
    ...entries.flatMap(({ text, line }): PhaseLine[] => [
      { depth: 1, text: sanitize(text) },
      { depth: 1, text: sanitize(`${server?.file}:${line}`) },
    ]),
    ...(samePredictedTuple(before, after)
      ? []
      : [{ depth: 1, text: `now ${formatPredictedTuple(after)}` } as const]),
  ];
}

function effectLines(step: Extract<Step, { kind: "rule" }>): readonly PhaseLine[] {
  const { before, after, markBefore, markAfter } = step;
  const effects = [
    ...(samePredictedTuple(before, after) ? [] : [formatPredictedTuple(after)]),
    ...(markBefore === markAfter ? [] : [`mark 0x${markAfter.toString(16)}`]),
  ];
  return effects.map((effect) => ({ depth: 1, text: `now ${effect}` }));
}

/** `nat KUBE-SERVICES  -d 10.96.0.10/32 …`, and below it where it stands and whose it is. */
function ruleLines({ table, chain, text, file, line, owner }: Rule): readonly PhaseLine[] {
  const body = text.replace(/^(-A|--append) \S+ ?/, "");
  const whose = owner === "unknown" ? "" : `  ${owner}`;
  return [
    { depth: 0, text: `${table} ${sanitize(chain)}  ${sanitize(body)}` },
    { depth: 1, text: `${sanitize(file)}:${line}${whose}` },
  ];
}
