/** What may stand behind an option or instead of an argument, where its name in the help does not tell. */

export interface CompletionValues {
  readonly words: readonly string[];
  /** What else may stand there. */
  readonly paths: "files" | "directories" | "none";
}

/** The command's formats; behind `FORMAT=` stands a file, which shells complete of themselves. */
const formats = (...words: string[]): (() => Promise<CompletionValues>) => {
  return async () => ({ words, paths: "none" });
};

/** By option or argument, of one command or of all. To add one: its line here. */
// prettier-ignore
const VALUES: Readonly<Record<string, () => Promise<CompletionValues>>> = {
  "--color": formats("auto", "always", "never"),
  "--enter": formats("crictl", "docker", "netns"),
  "--proto": formats("tcp", "udp", "sctp", "icmp"),
  "--scenario": async () => ({ words: ["auto", ...(await scenarioNames())], paths: "files" }),
  "scenarios show name": async () => ({ words: await scenarioNames(), paths: "files" }),
  "completion shell": formats("bash", "zsh", "fish"),
  "flows --output": async () => ({ words: (await import("#report/flows-formats.js")).FLOWS_FORMATS.map(nameOf), paths: "none" }),
  "verify --output": async () => ({ words: (await import("../verify-formats.js")).VERIFY_FORMATS.map(nameOf), paths: "none" }),
  "doctor --output": formats("table", "json"),
  "predict --output": formats("text", "json"),
  "scenarios show --output": formats("text", "yaml"),
};

export interface ValuePlace {
  /** `scenarios show`; empty for the program itself. */
  readonly command: string;
  /** `--scenario`, or an argument's name. */
  readonly name: string;
  /** As the help writes it: `<file>`, `[file...]`. */
  readonly placeholder: string;
}

export async function completionValues(place: ValuePlace): Promise<CompletionValues> {
  const { command, name, placeholder } = place;
  const known = VALUES[`${command} ${name}`.trim()] ?? VALUES[name];
  if (known !== undefined) return known();
  if (/dir/.test(placeholder)) return { words: [], paths: "directories" };
  return { words: [], paths: /file/.test(placeholder) ? "files" : "none" };
}

const nameOf = ({ name }: { readonly name: string }): string => name;

async function scenarioNames(): Promise<readonly string[]> {
  return (await import("#expected/scenarios/index.js")).SCENARIOS.map(nameOf);
}
