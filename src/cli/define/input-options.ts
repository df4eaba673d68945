/** Capture files on the command line, and what goes with them. */
import type { Command } from "commander";
import type { InputFlags } from "../flags.js";

export function addInputOptions(command: Command): Command {
  return command
    .usage("[options] [POINT=]FILE...")
    .argument("[file...]", "capture files, see below")
    .option("-r, --read <file>", "the same as FILE, as tcpdump and tshark take it", collect)
    .option("--as <name=what>", "what a file of a directory or archive is; see below", collect)
    .option("--color <when>", "auto, always or never", "auto")
    .option("-v, --verbose", "say more about what was read");
}

/** As commander has them: a switch that was not given is not there. */
export type Typed<Flags extends InputFlags> = Omit<Flags, "verbose" | "strict"> & {
  readonly [Switch in Extract<keyof Flags, "verbose" | "strict">]?: true;
};

export function withFiles<Options extends { readonly read?: readonly string[] }>(
  options: Options,
  files: readonly string[],
) {
  return { verbose: false, ...options, files: [...(options.read ?? []), ...files] };
}

export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
