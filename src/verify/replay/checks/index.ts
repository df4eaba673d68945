/** Every check of a path. To add one: write its file, add its line. */
import { answered } from "#verify/checks/answered.js";
import { dataArrives } from "#verify/checks/data-arrives.js";
import type { Check } from "#verify/report.js";
import { diagnoseReplay } from "../diagnoses/index.js";
import type { ReplayCase } from "../replay-case.js";
import { runReplayCheck, type ReplayCheck } from "../replay-check.js";
import { asTheRowSays } from "./as-the-row-says.js";
import { delivered } from "./delivered.js";
import { destination } from "./destination.js";
import { endpointExists } from "./endpoint-exists.js";
import { everywhere } from "./everywhere.js";
import { healthAnswer } from "./health-answer.js";
import { refused } from "./refused.js";
import { reply } from "./reply.js";
import { source } from "./source.js";
import { whereDeliverable } from "./where-deliverable.js";

/** In the order of the packet's path, which is the order of the report. */
const CHECKS: readonly ReplayCheck[] = [
  refused,
  endpointExists,
  destination,
  source,
  delivered,
  whereDeliverable(answered),
  reply,
  whereDeliverable(dataArrives),
  healthAnswer,
  asTheRowSays,
  everywhere,
];

export function checksOf(theCase: ReplayCase): readonly Check[] {
  return CHECKS.flatMap((check) => runReplayCheck(check, theCase)).map((check) =>
    check.verdict === "fail" ? { ...check, finding: diagnoseReplay(check, theCase) } : check,
  );
}
