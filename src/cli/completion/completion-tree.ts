/** Commands, options and what stands behind them, as shells need to know it: from commander's own tree. */
import type { Argument, Command, Option } from "commander";
import { completionValues, type CompletionValues } from "./completion-values.js";

export interface CompletionCommand {
  /** `scenarios show`; empty for the program itself. */
  readonly path: string;
  /** Its last word. */
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletionOption[];
  /** What its words may be that are no options; undefined when it takes none. */
  readonly argument: CompletionValues | undefined;
  readonly commands: readonly CompletionCommand[];
}

export interface CompletionOption {
  /** `-o`, `--output`: those that it has. */
  readonly flags: readonly string[];
  readonly summary: string;
  /** Undefined for a switch. */
  readonly value: CompletionValues | undefined;
}

/** A line of bash's and zsh's `case`, from a command to each of those below it. */
export function wayBelow({ path, commands }: CompletionCommand): readonly string[] {
  return commands.map((below) => `      "${path} ${below.name}") command="${below.path}" ;;\n`);
}

/** Of the whole program. */
export function completionTree(program: Command): Promise<CompletionCommand> {
  return commandTree(program, "");
}

async function commandTree(command: Command, path: string): Promise<CompletionCommand> {
  const help = command.createHelp();
  const options = [];
  for (const option of help.visibleOptions(command)) options.push(await optionOf(option, path));
  const [argument] = command.registeredArguments;
  const commands = [];
  for (const each of help.visibleCommands(command)) {
    commands.push(await commandTree(each, `${path} ${each.name()}`.trim()));
  }
  return {
    path,
    name: command.name(),
    summary: command.summary() || command.description(),
    options,
    argument: argument && (await argumentValues(argument, path)),
    commands,
  };
}

async function optionOf(option: Option, command: string): Promise<CompletionOption> {
  const { short, long, flags, description, required, optional } = option;
  const place = { command, name: long ?? short ?? "", placeholder: flags };
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    summary: description,
    value: required || optional ? await completionValues(place) : undefined,
  };
}

function argumentValues(argument: Argument, command: string): Promise<CompletionValues> {
  const name = argument.name();
  return completionValues({ command, name, placeholder: name });
}

/** A command with those below it. */
export function allCommands(command: CompletionCommand): readonly CompletionCommand[] {
  return [command, ...command.commands.flatMap(allCommands)];
}
