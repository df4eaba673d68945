import type { Case } from "#verify/case.js";
import type { Check, Finding } from "#verify/report.js";
import answerRouted from "./answer-routed.js";
import clientMasqueraded from "./client-masqueraded.js";
import dataLost from "./data-lost.js";
import hairpinNotReturned from "./hairpin-not-returned.js";
import localhostNotMasqueraded from "./localhost-not-masqueraded.js";
import lostInNode from "./lost-in-node.js";
import masqueradeMissing from "./masquerade-missing.js";
import missingAtPoint from "./missing-at-point.js";
import noAnswer from "./no-answer.js";
import noDnat from "./no-dnat.js";
import nodeRefused from "./node-refused.js";
import podRefused from "./pod-refused.js";
import podSilent from "./pod-silent.js";
import rejected from "./rejected.js";
import replyLost from "./reply-lost.js";
import replyUntranslated from "./reply-untranslated.js";
import rowContradicted from "./row-contradicted.js";
import sourceRewritten from "./source-rewritten.js";
import staleConntrack from "./stale-conntrack.js";
import staleDnatRule from "./stale-dnat-rule.js";
import unexpectedPath from "./unexpected-path.js";

/** Every diagnosis, in the order they are tried, most specific first. To add one: its file, its line. */
export const DIAGNOSES = [
  clientMasqueraded,
  localhostNotMasqueraded,
  masqueradeMissing,
  sourceRewritten,
  noDnat,
  staleConntrack,
  staleDnatRule,
  answerRouted,
  nodeRefused,
  hairpinNotReturned,
  lostInNode,
  replyUntranslated,
  podRefused,
  rejected,
  podSilent,
  noAnswer,
  dataLost,
  replyLost,
  unexpectedPath,
  missingAtPoint,
  rowContradicted,
] as const;

/** What a failed check means: the first diagnosis that fits. */
export function diagnose(check: Check, theCase: Case): Finding | undefined {
  const found = DIAGNOSES.find(
    (diagnosis) => diagnosis.checks.includes(check.check) && diagnosis.applies(theCase, check),
  );
  if (!found) return undefined;
  const { code, id, title, explanation, remedy } = found;
  return { code, id, title, explanation, remedy };
}
