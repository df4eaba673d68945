import type { Command } from "commander";
import { closest } from "#net/closest.js";
import { sanitize } from "#report/sanitize.js";
import { bashCompletion } from "../completion/bash-completion.js";
import { completionTree } from "../completion/completion-tree.js";
import { fishCompletion } from "../completion/fish-completion.js";
import { zshCompletion } from "../completion/zsh-completion.js";
import { CannotCheck, EXIT } from "../exit.js";
import type { Io } from "../io.js";
import { writeAll } from "../output.js";

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** Prints the script that a shell reads to complete command lines. */
export async function completion(
  { shell, program }: { readonly shell: string; readonly program: Command },
  io: Io,
): Promise<number> {
  const names = Object.keys(SHELLS);
  const [, write] = Object.entries(SHELLS).find(([name]) => name === shell) ?? [];
  if (write === undefined) {
    const near = closest(shell, names);
    const question = near === undefined ? "" : `; did you mean ${near}?`;
    throw new CannotCheck(
      `completion ${sanitize(shell)}: no such shell${question}; choose bash, zsh or fish`,
    );
  }
  await writeAll(io.stdout, [write(await completionTree(program))]);
  return EXIT.agreed;
}
