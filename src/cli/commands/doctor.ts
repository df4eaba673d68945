import { judgeCaptures, type CaptureJudgement } from "#observed/coverage/capture-judgement.js";
import type { DoctorTextOptions } from "#report/doctor-text.js";
import { readColourChoice, styleOf } from "../colour.js";
import { EXIT } from "../exit.js";
import type { DoctorFlags, WithFiles } from "../flags.js";
import { readFormat } from "../format-option.js";
import type { Io } from "../io.js";
import { layoutOf, writeAll } from "../output.js";
import { readCaptures } from "../reading.js";

/** Whether the captures saw enough for their silence to prove anything. */
export async function doctor(flags: WithFiles<DoctorFlags>, io: Io): Promise<number> {
  const format = readFormat({ text: flags.output, formats: ["table", "json"] });
  const style = styleOf(readColourChoice(flags.color), io.stdout, io.env);
  const { report, complete } = await readCaptures(flags, io, { packets: "counted" });
  const points = report.points.filter(({ captures }) => captures.some(isCapture));
  if (points.length === 0) return EXIT.couldNotCheck;
  const judgement = judgeCaptures(points, report.connections);
  const layout = layoutOf(io.stdout, style);
  const options = { layout, verbose: flags.verbose };
  await writeAll(io.stdout, await rendered(judgement, format, options));
  if (!complete) return EXIT.couldNotCheck;
  return isLimited(judgement) ? EXIT.inconclusive : EXIT.agreed;
}

const isCapture = ({ format }: { readonly format: string | undefined }): boolean =>
  format !== undefined;

async function rendered(
  judgement: CaptureJudgement,
  format: "table" | "json",
  options: DoctorTextOptions,
): Promise<Iterable<string>> {
  if (format === "json") {
    const { doctorJson } = await import("#report/doctor-json.js");
    return doctorJson(judgement);
  }
  const { doctorText } = await import("#report/doctor-text.js");
  return doctorText(judgement, options);
}

function isLimited({ points, apart }: CaptureJudgement): boolean {
  return apart.length > 0 || points.some((point) => point.isLimited);
}
