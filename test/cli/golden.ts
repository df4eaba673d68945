/** Whole terminal sessions: the command, stdout, stderr and the exit code, in test/golden. */
import { expect, test } from "vitest";
import { runProgram, type World } from "./run-program.js";

export interface Golden {
  /** The file's name in test/golden, without its ending. */
  readonly name: string;
  /** As one would type it behind `pcapcheck`, without quotes. */
  readonly command: string;
  /** What stands in front of `pcapcheck`: what is piped into it, or a variable. */
  readonly before?: string;
  readonly world?: World;
}

/** `npx vitest -u` writes the files again; their difference is read like code. */
export function golden({ name, command, before = "", world = {} }: Golden): void {
  test(`${name}: ${before}pcapcheck ${command}`, async () => {
    const { stdout, stderr, code } = await runProgram(command.split(" "), world);
    const session = [
      `$ ${before}pcapcheck ${command}\n`,
      stdout,
      section(stderr),
      `exit ${code}\n`,
    ];
    await expect(session.join("")).toMatchFileSnapshot(`../golden/${name}.txt`);
  });
}

function section(stderr: string): string {
  return stderr === "" ? "" : `stderr:\n${stderr}`;
}
