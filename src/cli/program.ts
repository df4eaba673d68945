/**
 * The commands and their options. Commander and this folder's small change are all that is loaded
 * to start; a command's own code comes with its action, so that `--version` starts like bare Node.
 */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import type { DefineCommand } from "./define/define-command.js";
import { defineCompletion } from "./define/completion.js";
import { defineDoctor } from "./define/doctor.js";
import { defineFlows } from "./define/flows.js";
import { definePlan } from "./define/plan.js";
import { definePredict } from "./define/predict.js";
import { defineLearn } from "./define/learn.js";
import { defineScenarios } from "./define/scenarios.js";
import { defineVerify } from "./define/verify.js";
import { CannotCheck, EXIT } from "./exit.js";
import type { Io } from "./io.js";
import { ClosedPipe, writeAll } from "./output.js";

/** As it was called: kubectl finds `kubectl-pcapcheck` and calls it a plugin. */
export type ProgramName = "pcapcheck" | "kubectl pcapcheck";

/** Runs one command line and returns the exit code. Throws only what is a fault of the program. */
export async function run(
  argv: readonly string[],
  io: Io,
  name: ProgramName = "pcapcheck",
): Promise<number> {
  const said: string[] = [];
  let code: number = EXIT.agreed;
  const program = buildProgram({ io, said, name, end: (value) => (code = value) });
  try {
    await program.parseAsync(argv, { from: "user" });
    await writeAll(io.stdout, said);
    return code;
  } catch (error) {
    if (error instanceof ClosedPipe) return EXIT.agreed;
    if (error instanceof CommanderError) return endParsing(error, { io, said, name, argv });
    if (!(error instanceof CannotCheck)) throw error;
    io.stderr.write(`${error.message}\n`);
    return EXIT.couldNotCheck;
  }
}

interface Run {
  readonly io: Io;
  /** What commander wants to tell on stdout: help and version. */
  readonly said: string[];
  readonly name: ProgramName;
}

/** Lower case, no "error:", the suggestion in the same line. */
function inHouseStyle(message: string): string {
  return message.replace(/^error: /, "").replace(/\n\(Did you mean (.+)\?\)/, "; did you mean $1?");
}

/** Commander throws for help and version as well as for mistakes, and has written its message. */
async function endParsing(
  error: CommanderError,
  { io, said, name, argv }: Run & { readonly argv: readonly string[] },
): Promise<number> {
  if (error.exitCode === 0) {
    return writeAll(io.stdout, said).then(
      () => EXIT.agreed,
      (failure: unknown) => (failure instanceof ClosedPipe ? EXIT.agreed : Promise.reject(failure)),
    );
  }
  const [word = ""] = argv;
  if (error.code === "commander.unknownCommand" && /[./]/.test(word)) {
    io.stderr.write(`    try       ${name} flows ${argv.join(" ")}\n`);
  }
  return EXIT.couldNotCheck;
}

/** In the order of the help. To add one: its file in define/, its line here. */
const COMMANDS: readonly DefineCommand[] = [
  defineFlows,
  defineVerify,
  defineDoctor,
  definePlan,
  definePredict,
  defineScenarios,
  defineLearn,
  defineCompletion,
];

type Context = Run & { readonly end: (code: number) => void };

/** Nothing is run: for who wants to know the commands, too. */
export function buildProgram({ io, said, name, end }: Context): Command {
  const program = new Command(name)
    .description(
      `Replays captured connections through a model of the node's network.

Examples:
  pcapcheck flows pod.pcap
  pcapcheck verify pod.pcap --scenario hostport-external
  pcapcheck verify incident.tar.gz -o html=report.html
  pcapcheck doctor captures/
  pcapcheck predict --topology topology.yaml --from-pod web --to 10.96.0.10:80`,
    )
    .version(readVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print help for a command")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => said.push(asCalled(text, name)),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(inHouseStyle(text)),
      getOutHelpWidth: () => io.stdout.columns ?? 80,
      getErrHelpWidth: () => io.stderr.columns ?? 80,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText("after", EXIT_HELP);
  for (const define of COMMANDS) define(program, { io, end });
  return program;
}

/** Examples are typed as the program was. */
function asCalled(help: string, name: ProgramName): string {
  return help.replace(/^( +)pcapcheck /gm, `$1${name} `);
}

const EXIT_HELP = `
Exit code:
  0  everything that was asked for was read, and every check passed
  1  a check failed
  2  could not check: usage, unreadable input, nothing decoded
  3  inconclusive: each check says what would decide it`;

function readVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  );
  const isManifest = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return isManifest ? String(manifest.version) : "unknown";
}
