import { readColourChoice, styleOf } from "../colour.js";
import { CannotCheck } from "../exit.js";
import type { Io } from "../io.js";
import type { VerifyFlags, WithFiles } from "../program.js";
import { readCaptures } from "../reading.js";
import { readVerifyOptions } from "../verify-options.js";

/** Holds the connections of the captures against what a scenario expects. */
export async function verify(flags: WithFiles<VerifyFlags>, io: Io): Promise<number> {
  const options = await readVerifyOptions(flags);
  styleOf(readColourChoice(flags.color), io.stdout, io.env);
  const { report } = await readCaptures(flags, io);
  throw new CannotCheck(`${options.scenario.name}: not yet held against ${report.points.length}`);
}
