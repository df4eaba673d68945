import { FLOWS_FORMATS } from "#report/flows-formats.js";
import { readColourChoice, styleOf } from "../colour.js";
import { EXIT } from "../exit.js";
import type { Io } from "../io.js";
import { layoutAt } from "../layout-at.js";
import { layoutOf } from "../output.js";
import { readOutputTargets, type OutputTarget } from "../output-targets.js";
import type { FlowsFlags, WithFiles } from "../flags.js";
import { joinCaptures } from "../../pipeline.js";
import { withInputs, type OpenInputs } from "../open-inputs.js";
import { readCaptures } from "../reading.js";
import { describeTotals } from "../totals.js";
import { writeOutputs } from "../write-outputs.js";

/** The connections at each capture point. */
export async function flows(flags: WithFiles<FlowsFlags>, io: Io): Promise<number> {
  const { output: words, files } = flags;
  const targets = readOutputTargets({ words, formats: FLOWS_FORMATS, inputs: files, io });
  const asked = { flags, targets };
  return withInputs({ flags, io, wanted: "captures" }, (inputs) => tell(asked, inputs, io));
}

interface Asked {
  readonly flags: FlowsFlags;
  readonly targets: readonly OutputTarget<(typeof FLOWS_FORMATS)[number]>[];
}

async function tell({ flags, targets }: Asked, inputs: OpenInputs, io: Io): Promise<number> {
  const style = styleOf(readColourChoice(flags.color), io.stdout, io.env);

  const { report: tracked, complete } = await readCaptures(inputs, io, {
    facts: flags.join ? "all" : "totals",
  });
  const code = complete ? EXIT.agreed : EXIT.couldNotCheck;
  if (tracked.points.length === 0) return code;

  const report = flags.join ? await joinCaptures(tracked) : tracked;

  const outputs = [];
  for (const { format, place } of targets) {
    const render = await format.load();
    const layout = layoutAt(place, layoutOf(io.stdout, style));
    outputs.push({ place, chunks: render(report, layout) });
  }
  if (!(await writeOutputs(outputs, io))) return EXIT.couldNotCheck;
  if (targets.some(({ format }) => !format.machine)) {
    for (const line of describeTotals(report)) io.stderr.write(`${line}\n`);
  }
  return code;
}
