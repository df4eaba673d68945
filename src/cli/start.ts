import { run, type ProgramName } from "./program.js";

/** One command line of this process, from its arguments to its exit code. */
export async function start(name: ProgramName): Promise<void> {
  // A reader that has gone shows as an error event besides the failed write that the program handles.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

  // Not process.exit: it would cut what a pipe has not taken yet.
  process.exitCode = await run(process.argv.slice(2), process, name);
}
