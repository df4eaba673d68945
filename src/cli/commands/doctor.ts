import { judgeCaptures, type CaptureJudgement } from "#observed/coverage/capture-judgement.js";
import type { DoctorTextOptions } from "#report/doctor-text.js";
import { readColourChoice, styleOf } from "../colour.js";
import { EXIT } from "../exit.js";
import type { DoctorFlags, WithFiles } from "../flags.js";
import type { Io } from "../io.js";
import { layoutAt } from "../layout-at.js";
import { layoutOf } from "../output.js";
import { readOutputTargets, type OutputTarget } from "../output-targets.js";
import { withInputs, type OpenInputs } from "../open-inputs.js";
import { readCaptures } from "../reading.js";
import { writeOutputs } from "../write-outputs.js";

/** Whether the captures saw enough for their silence to prove anything. */
export async function doctor(flags: WithFiles<DoctorFlags>, io: Io): Promise<number> {
  const { output: words, files } = flags;
  const targets = readOutputTargets({ words, formats: FORMATS, inputs: files, io });
  const asked = { flags, targets };
  return withInputs({ flags, io, wanted: "captures" }, (inputs) => tell(asked, inputs, io));
}

interface Asked {
  readonly flags: DoctorFlags;
  readonly targets: readonly OutputTarget<Format>[];
}

async function tell({ flags, targets }: Asked, inputs: OpenInputs, io: Io): Promise<number> {
  const style = styleOf(readColourChoice(flags.color), io.stdout, io.env);
  const { report, complete } = await readCaptures(inputs, io, { packets: "counted" });
  const points = report.points.filter(({ captures }) => captures.some(isCapture));
  if (points.length === 0) return EXIT.couldNotCheck;
  const judgement = judgeCaptures(points, report.connections);
  const outputs = [];
  for (const { format, place } of targets) {
    const layout = layoutAt(place, layoutOf(io.stdout, style));
    const options = { layout, verbose: flags.verbose };
    outputs.push({ place, chunks: await rendered(judgement, format.name, options) });
  }
  const isWritten = await writeOutputs(outputs, io);
  if (!complete || !isWritten) return EXIT.couldNotCheck;
  return isLimited(judgement) ? EXIT.inconclusive : EXIT.agreed;
}

interface Format {
  readonly name: "table" | "json";
}

const FORMATS: readonly [Format, Format] = [{ name: "table" }, { name: "json" }];

const isCapture = ({ format }: { readonly format: string | undefined }): boolean =>
  format !== undefined;

async function rendered(
  judgement: CaptureJudgement,
  format: Format["name"],
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
