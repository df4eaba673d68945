/** What the words on the command line name, open for as long as a command runs. */
import { readNamings } from "./bundle/as-option.js";
import { describeTakings, type Replacing } from "./bundle/describe-takings.js";
import { TemporaryFolder } from "./bundle/temporary-folder.js";
import { CannotCheck } from "./exit.js";
import type { InputFlags, WithFiles } from "./flags.js";
import { resolveInputs, type Inputs } from "./inputs.js";
import type { Io } from "./io.js";

export interface OpenInputs extends Inputs {
  readonly flags: WithFiles<InputFlags>;
}

/** `captures`: of a bundle nothing else is used. */
export type Wanted = "captures" | "state too";

/** Flags that count before what a bundle has. */
interface ReplacingFlags {
  readonly topology?: readonly string[];
  readonly state?: string;
  readonly stateBefore?: string;
}

/** What archives hold lies in a temporary folder until the command has ended. */
export async function withInputs<Result>(
  given: {
    readonly flags: WithFiles<InputFlags> & ReplacingFlags;
    readonly io: Io;
    readonly wanted: Wanted;
  },
  use: (inputs: OpenInputs) => Promise<Result>,
): Promise<Result> {
  const { flags, io, wanted } = given;
  if (flags.files.length === 0) {
    throw new CannotCheck("no capture file given; name one, or - for standard input");
  }
  const temporary = new TemporaryFolder();
  try {
    const namings = readNamings(flags.as ?? []);
    const inputs = await resolveInputs(flags.files, { io, namings, temporary });
    const { bundles, failures, notes } = inputs;
    const wishes = { wanted, verbose: flags.verbose, flags: replacing(flags) };
    const tables = bundles.flatMap((bundle) => describeTakings(bundle, wishes));
    for (const line of [...failures, ...notes, ...tables]) io.stderr.write(`${line}\n`);
    return await use({ ...inputs, flags });
  } finally {
    temporary.remove();
  }
}

function replacing({ topology, state, stateBefore }: ReplacingFlags): readonly Replacing[] {
  return [
    ...(topology === undefined ? [] : [{ kind: "topology", flag: "--topology" } as const]),
    ...(state === undefined
      ? []
      : ([
          { kind: "state", flag: "--state" },
          { kind: "earlier state", flag: "--state" },
        ] as const)),
    ...(stateBefore === undefined
      ? []
      : [{ kind: "earlier state", flag: "--state-before" } as const]),
  ];
}
