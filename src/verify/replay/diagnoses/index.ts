import dataLost from "#verify/diagnoses/data-lost.js";
import missingAtPoint from "#verify/diagnoses/missing-at-point.js";
import rowContradicted from "#verify/diagnoses/row-contradicted.js";
import type { Check, Finding } from "#verify/report.js";
import type { ReplayCase } from "#verify/replay/replay-case.js";
import answerLost from "./answer-lost.js";
import answerOnAnotherWay from "./answer-on-another-way.js";
import clientLost from "./client-lost.js";
import endpointUnreachable from "./endpoint-unreachable.js";
import letThrough from "./let-through.js";
import lostOnTheWay from "./lost-on-the-way.js";
import masqueradedOtherwise from "./masqueraded-otherwise.js";
import masqueradeLost from "./masquerade-lost.js";
import notAsTheRowSays from "./not-as-the-row-says.js";
import notAnEndpoint from "./not-an-endpoint.js";
import notTranslated from "./not-translated.js";
import otherWay from "./other-way.js";
import refusedOtherwise from "./refused-otherwise.js";
import rejectedOnTheWay from "./rejected-on-the-way.js";
import serverRefuses from "./server-refuses.js";
import wrongHealth from "./wrong-health.js";

/** In the order they are tried, most specific first. To add one: its file, its line. */
export const REPLAY_DIAGNOSES = [
  notAsTheRowSays,
  notAnEndpoint,
  notTranslated,
  clientLost,
  masqueradedOtherwise,
  masqueradeLost,
  endpointUnreachable,
  rejectedOnTheWay,
  serverRefuses,
  answerOnAnotherWay,
  answerLost,
  lostOnTheWay,
  letThrough,
  refusedOtherwise,
  otherWay,
  wrongHealth,
] as const;

/** Those that ask nothing of the case: the same as for a hostPort. */
const SHARED = [dataLost, missingAtPoint, rowContradicted] as const;

/** What a failed check means: the first diagnosis that fits. */
export function diagnoseReplay(check: Check, theCase: ReplayCase): Finding | undefined {
  const found =
    REPLAY_DIAGNOSES.find(
      (one) => one.checks.includes(check.check) && one.applies(theCase, check),
    ) ?? SHARED.find(({ checks }) => checks.includes(check.check));
  if (!found) return undefined;
  const { code, id, title, explanation, remedy } = found;
  return { code, id, title, explanation, remedy };
}
