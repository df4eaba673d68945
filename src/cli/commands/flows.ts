import { FLOWS_FORMATS } from "#report/flows-formats.js";
import { readColourChoice, styleOf } from "../colour.js";
import { EXIT } from "../exit.js";
import { readFormat } from "../format-option.js";
import type { Io } from "../io.js";
import { layoutOf, writeAll } from "../output.js";
import type { FlowsFlags, WithFiles } from "../flags.js";
import { joinCaptures } from "../../pipeline.js";
import { readCaptures } from "../reading.js";
import { describeTotals } from "../totals.js";

/** The connections at each capture point. */
export async function flows(flags: WithFiles<FlowsFlags>, io: Io): Promise<number> {
  const formats = FLOWS_FORMATS.map(({ name }) => name);
  const name = readFormat({ text: flags.output, formats });
  const format = FLOWS_FORMATS.find((known) => known.name === name);
  const style = styleOf(readColourChoice(flags.color), io.stdout, io.env);

  const { report: tracked, complete } = await readCaptures(flags, io, {
    facts: flags.join ? "all" : "totals",
  });
  const code = complete ? EXIT.agreed : EXIT.couldNotCheck;
  if (format === undefined || tracked.points.length === 0) return code;

  const report = flags.join ? await joinCaptures(tracked) : tracked;

  const render = await format.load();
  await writeAll(io.stdout, render(report, layoutOf(io.stdout, style)));
  if (!format.machine) {
    for (const line of describeTotals(report)) io.stderr.write(`${line}\n`);
  }
  return code;
}
