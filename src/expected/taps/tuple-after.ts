/** What a packet was at one moment of its way through a namespace. */
import type { Hook } from "#expected/netfilter/hook.js";
import type { PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { Step, Trace } from "#expected/netfilter/trace.js";

/** Once the hook and all before it are passed. */
export function tupleAfter({ steps, first }: Trace, hook: Hook): PredictedTuple {
  let tuple = first;
  for (const step of steps) {
    if (step.kind !== "routing" && step.kind !== "policy" && step.hook === hook) tuple = step.after;
  }
  return tuple;
}

/** The hook that its last rule was asked at. */
export function lastHookOf({ steps }: Trace): Hook | undefined {
  return steps.findLast(isAtHook)?.hook;
}

function isAtHook(step: Step): step is Exclude<Step, { kind: "routing" }> {
  return step.kind !== "routing";
}
