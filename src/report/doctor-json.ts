/** `pcapcheck.doctor/v1`: whether captures saw enough, for programs. docs/schema/ has its JSON Schema. */
import type { CaptureJudgement, JudgedPoint } from "#observed/coverage/capture-judgement.js";
import type { EpochNs } from "#net/types.js";
import { describeTime } from "./describe-time.js";
import type { DoctorDocument } from "./doctor-schema.js";
import { sanitizeJson } from "./sanitize.js";

export function* doctorJson(judgement: CaptureJudgement): Iterable<string> {
  const { points, together, apart } = judgement;
  const isLimited = apart.length > 0 || points.some((point) => point.isLimited);
  const document: DoctorDocument = {
    schema: "pcapcheck.doctor/v1",
    verdict: isLimited ? "limited" : "sound",
    points: points.map(pointDocument),
    together: together ? { first: timeOf(together.first), last: timeOf(together.last) } : null,
    apart: [...apart],
  };
  yield `${sanitizeJson(JSON.stringify(document, undefined, 2))}\n`;
}

function pointDocument(point: JudgedPoint): DoctorDocument["points"][number] {
  const { coverage, remarks, isLimited, command } = point;
  const { name, captures, records, first, last, connections, losses } = coverage;
  return {
    point: name,
    files: captures.map(({ file }) => file),
    records,
    first: timeOf(first),
    last: timeOf(last),
    connections: connections.all,
    limited: isLimited,
    dropped: losses.dropped ?? null,
    unseenData: losses.unseen,
    remarks: remarks.map(({ id, grade, text, remedy }) => {
      return { id, grade, text, remedy: remedy ?? null };
    }),
    command,
  };
}

function timeOf(time: EpochNs | undefined): string | null {
  return time === undefined ? null : (describeTime(time) ?? null);
}
