/** pcapcheck(1), from the tree that `--help` is printed from. */
import type { Command, Help } from "commander";

/** Of the page's last edit by hand: its text comes from the commands. */
const DATE = "2026-11-21";

export function manPage(program: Command, version: string): string {
  const help = program.createHelp();
  const commands = help.visibleCommands(program).filter(({ parent }) => parent !== null);
  const lines = [
    `.TH PCAPCHECK 1 "${DATE}" "pcapcheck ${version}" "User Commands"`,
    ".SH NAME",
    "pcapcheck \\- hold captured connections against what a node's network should do",
    ".SH SYNOPSIS",
    ...commands.flatMap((command, at) => [...(at > 0 ? [".br"] : []), ...synopsis(command)]),
    ".SH DESCRIPTION",
    ...paragraphs(program.description()),
    ".SH COMMANDS",
    ...commands.flatMap((command) => describe(command, help)),
    ".SH EXIT STATUS",
    ".TP",
    ...EXITS.flatMap(([code, text], at) => [...(at > 0 ? [".TP"] : []), `.B ${code}`, roff(text)]),
    ".SH ENVIRONMENT",
    ".TP",
    ".B NO_COLOR",
    "Output without colour, whatever the terminal.",
    ".SH SEE ALSO",
    ".BR tcpdump (8),",
    ".BR tshark (1),",
    ".BR iptables\\-save (8),",
    ".BR conntrack (8)",
  ];
  return `${lines.filter(isNeeded).join("\n")}\n`;
}

/** A section begins a paragraph of itself. */
function isNeeded(line: string, at: number, lines: readonly string[]): boolean {
  return line !== ".PP" || !/^\.S[HS]/.test(lines[at - 1] ?? "");
}

function synopsis(command: Command): readonly string[] {
  const name = `.B ${roff(`pcapcheck ${command.name()}`)}`;
  return tail(command) === "" ? [name] : [name, roff(tail(command))];
}

const EXITS = [
  ["0", "Everything that was asked for was read, and every check passed."],
  ["1", "A check failed."],
  ["2", "It could not be checked: usage, unreadable input, nothing decoded."],
  ["3", "Inconclusive: each check says what would decide it."],
] as const;

function tail(command: Command): string {
  return command.usage().replace("[options] ", "").replace("[options]", "").trim();
}

function describe(command: Command, help: Help): readonly string[] {
  const below = help.visibleCommands(command).filter(({ parent }) => parent === command);
  return [
    `.SS ${roff(`${pathOf(command)} ${tail(command)}`.trim())}`,
    ...paragraphs(command.description()),
    ...help
      .visibleOptions(command)
      .flatMap(({ flags, description, defaultValue }) => [
        ".TP",
        `.B ${roff(flags)}`,
        roff(
          defaultValue === undefined
            ? description
            : `${description} (default: ${String(defaultValue)})`,
        ),
      ]),
    ...paragraphs(textAfter(command)),
    ...below.flatMap((each) => describe(each, help)),
  ];
}

function pathOf(command: Command): string {
  return command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

/** What stands below the options in `--help`. */
function textAfter(command: Command): string {
  const said: string[] = [];
  command.configureOutput({ writeOut: (text) => said.push(text) });
  command.outputHelp();
  const all = said.join("");
  const own = command.helpInformation();
  return all.slice(all.indexOf(own) + own.length);
}

/** What is indented is laid out by hand, all else is filled. */
function paragraphs(text: string): readonly string[] {
  const lines: string[] = [];
  let isLaidOut = false;
  for (const line of text.trim() === "" ? [] : text.trim().split("\n")) {
    const indented = line.startsWith("  ");
    if (indented && !isLaidOut) lines.push(".RS 4", ".nf");
    if (!indented && isLaidOut) lines.push(".fi", ".RE");
    isLaidOut = indented;
    if (line === "") lines.push(".PP");
    else if (indented) lines.push(roff(line.slice(2)));
    else lines.push(...wrapped(line).map(roff));
  }
  if (isLaidOut) lines.push(".fi", ".RE");
  return withoutDoubleParagraphs([".PP", ...lines]);
}

/** Lines of roff are short, that a change of a word is one of a line. */
function wrapped(text: string): readonly string[] {
  return text.match(/.{1,70}(?:\s|$)/g)?.map((line) => line.trimEnd()) ?? [];
}

function withoutDoubleParagraphs(lines: readonly string[]): readonly string[] {
  const next = new Set([".PP", undefined]);
  return lines.filter((line, at) => line !== ".PP" || !next.has(lines[at + 1]));
}

/** Backslashes, hyphens that are typed, and dots and quotes at a line's start mean something to roff. */
function roff(text: string): string {
  const escaped = text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("…", "...")
    .replaceAll("—", "\\(em");
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}
