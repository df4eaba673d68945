/** What can be learnt from a good capture: the connections that passed, in the words of rows. */
import { AUTO } from "#verify/auto.js";
import { NOT_SHOWN } from "#verify/replay/doubt.js";
import type { Replayed } from "#verify/replay/replay.js";
import type { ConnectionReport, Report } from "#verify/report.js";
import { verifyAndReplay } from "#verify/verify.js";
import type { VerifyInput } from "#verify/verify-input.js";
import { observe, type LeftOut, type Observation } from "./observation.js";

export interface Lesson {
  readonly report: Report;
  readonly observations: readonly Observation[];
  /** Connections that failed, that are in doubt, or that no words are found for. */
  readonly leftOut: readonly LeftOut[];
}

export function learn(asked: Omit<VerifyInput, "scenario">): Lesson {
  const { report, replayed } = verifyAndReplay({ ...asked, scenario: AUTO });
  const byId = new Map(replayed.map((one) => [one.report.id, one]));
  const found = report.connections
    .filter(({ verdict }) => verdict !== "not applicable")
    .map((connection) => lessonOf(connection, byId.get(connection.id)));
  return {
    report,
    observations: found.flatMap((one) => ("situation" in one ? one : [])),
    leftOut: found.flatMap((one) => ("why" in one ? one : [])),
  };
}

function lessonOf(report: ConnectionReport, replayed: Replayed | undefined): Observation | LeftOut {
  const { id, verdict, checks } = report;
  const first = checks.find((check) => check.verdict === verdict);
  if (verdict !== "pass")
    return { id, why: `${verdict}: ${first?.check ?? ""}, ${first?.observed ?? ""}` };
  const subject = replayed?.subject;
  if (!subject) return { id, why: "no way through the cluster is known for it" };
  const isGuess = subject.theCase.assumptions.some((one) => one.startsWith(NOT_SHOWN));
  if (isGuess || replayed.belongsTo === undefined) {
    return { id, why: "no capture shows what was dialled, so its kind would be a guess" };
  }
  return observe(report, subject);
}
