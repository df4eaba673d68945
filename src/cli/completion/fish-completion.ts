import { allCommands, type CompletionCommand, type CompletionOption } from "./completion-tree.js";
import type { CompletionValues } from "./completion-values.js";

export function fishCompletion(program: CompletionCommand): string {
  const lines = allCommands(program).flatMap(fishCommand);
  return `# fish completion for pcapcheck
#   pcapcheck completion fish > ~/.config/fish/completions/pcapcheck.fish
complete -c pcapcheck -f
${lines.join("\n")}
`;
}

function fishCommand(command: CompletionCommand): readonly string[] {
  const condition = conditionOf(command);
  const { options, commands, argument } = command;
  return [
    ...commands.map(({ name, summary }) =>
      line({ condition, rest: `-a ${quoted(name)} -d ${quoted(summary)}` }),
    ),
    ...options.map((option) => line({ condition, rest: fishOption(option) })),
    ...(argument === undefined ? [] : [line({ condition, rest: fishWords(argument) })]),
  ];
}

/** Where a command's own words and options belong: behind it, and not behind one below it. */
function conditionOf({ path, commands }: CompletionCommand): string {
  const below = commands.map(({ name }) => name).join(" ");
  const seen = path
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => `__fish_seen_subcommand_from ${word}`);
  const unseen = below === "" ? [] : [`not __fish_seen_subcommand_from ${below}`];
  return [...seen, ...unseen].join("; and ");
}

function line({ condition, rest }: { readonly condition: string; readonly rest: string }): string {
  return `complete -c pcapcheck -n ${quoted(condition)} ${rest}`;
}

function fishOption({ flags, summary, value }: CompletionOption): string {
  const names = flags.map((flag) =>
    flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
  );
  const values = value === undefined ? [] : [`-r ${fishWords(value)}`];
  return [...names, ...values, `-d ${quoted(summary)}`].join(" ");
}

function fishWords({ words, paths }: CompletionValues): string {
  const list = words.length === 0 ? [] : [`-a ${quoted(words.join(" "))}`];
  if (paths === "files") return ["-F", ...list].join(" ");
  if (paths === "directories") return `-f -a '(__fish_complete_directories)'`;
  return ["-f", ...list].join(" ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
