/** What a command line may go on with: what the shells' scripts do, for who asks the program itself. */
import type { CompletionValues } from "./completion-values.js";
import type { CompletionCommand } from "./completion-tree.js";

const NOTHING: CompletionValues = { words: [], paths: "none" };

/** `words` behind the program's name; the last is what was begun, perhaps empty. */
export function completeWords(
  program: CompletionCommand,
  words: readonly string[],
): CompletionValues {
  const begun = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const command = commandOf(program, before);
  const { words: candidates, paths } = candidatesFor(command, { before: before.at(-1), begun });
  return { words: candidates.filter((candidate) => candidate.startsWith(begun)), paths };
}

function commandOf(
  command: CompletionCommand,
  [word, ...more]: readonly string[],
): CompletionCommand {
  const below = command.commands.find(({ name }) => name === word);
  return below === undefined ? command : commandOf(below, more);
}

function candidatesFor(
  { options, argument = NOTHING, commands }: CompletionCommand,
  { before, begun }: { readonly before: string | undefined; readonly begun: string },
): CompletionValues {
  const behind = options.find(({ flags }) => before !== undefined && flags.includes(before));
  if (behind?.value !== undefined) return behind.value;
  if (begun.startsWith("-")) return { words: options.flatMap(({ flags }) => flags), paths: "none" };
  return { words: [...commands.map(({ name }) => name), ...argument.words], paths: argument.paths };
}
