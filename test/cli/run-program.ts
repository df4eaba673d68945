/** Runs the program in this process, with a world made for it. */
import { Readable, Writable } from "node:stream";
import { run, type ProgramName } from "../../src/cli/program.js";

export interface World {
  /** What is piped into it; undefined means a terminal. */
  readonly stdin?: Uint8Array | readonly Uint8Array[];
  /** Width of the terminal that reads stdout; undefined means a pipe. */
  readonly terminal?: number;
  readonly stderrTerminal?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** After so many characters the reader of stdout goes away. */
  readonly closesAfter?: number;
}

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

export async function runProgram(
  argv: readonly string[],
  world: World = {},
  name?: ProgramName,
): Promise<Outcome> {
  const stdout = new Recorder(world.closesAfter);
  const stderr = new Recorder();
  if (world.terminal !== undefined) {
    Object.assign(stdout, { isTTY: true, columns: world.terminal });
  }
  if (world.stderrTerminal === true) Object.assign(stderr, { isTTY: true, columns: 80 });
  const { stdin } = world;
  const input = Readable.from(stdin instanceof Uint8Array ? [stdin] : (stdin ?? []));
  if (stdin === undefined) Object.assign(input, { isTTY: true });
  const code = await run(argv, { stdin: input, stdout, stderr, env: world.env ?? {} }, name);
  return { stdout: stdout.text, stderr: stderr.text, code };
}

class Recorder extends Writable {
  text = "";
  readonly #closesAfter: number;

  constructor(closesAfter = Infinity) {
    super({ decodeStrings: false });
    this.#closesAfter = closesAfter;
    // As a process has it: the failed write is told by an event too.
    this.on("error", () => {});
  }

  override _write(chunk: string, _encoding: string, done: (error?: Error) => void): void {
    if (this.text.length + chunk.length > this.#closesAfter) {
      done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
      return;
    }
    this.text += chunk;
    done();
  }
}
