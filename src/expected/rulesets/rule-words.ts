/** A line of `iptables-save`, word by word. */

/**
 * Splits at blanks as iptables-restore does: double quotes hold words together, and a backslash
 * inside them keeps the next character (iptables xshared.c add_param_to_argv).
 */
export function ruleWords(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (isQuoted && character === "\\" && at + 1 < line.length) {
      at++;
      word = (word ?? "") + line.charAt(at);
    } else if (character === '"') {
      isQuoted = !isQuoted;
      word ??= "";
    } else if (!isQuoted && (character === " " || character === "\t")) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + character;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** What iptables-restore takes in one line (iptables xshared.h MAX_ARGC, struct xt_param_buf). */
const MAX_WORDS = 255;
const MAX_CHARACTERS_OF_A_WORD = 1023;

/** Why no iptables can have printed a line of these words. */
export function wordsRefused(words: readonly string[]): string | undefined {
  if (words.length > MAX_WORDS) return `behind ${words.length} words`;
  const long = words.find(({ length }) => length > MAX_CHARACTERS_OF_A_WORD);
  return long === undefined ? undefined : `behind a word of ${long.length} characters`;
}

/** An option with what stands behind it, and the module that it belongs to. */
export interface RuleOption {
  readonly name: string;
  readonly values: readonly string[];
  readonly negated: boolean;
  /** As `-m` named it last; `target` behind `-j`, `core` for options of iptables itself. */
  readonly module: string;
}

/** iptables(8) PARAMETERS: these belong to no module, wherever they stand. */
const CORE: ReadonlyMap<string, string> = new Map([
  ["-p", "-p"],
  ["--protocol", "-p"],
  ["--proto", "-p"],
  ["-s", "-s"],
  ["--source", "-s"],
  ["--src", "-s"],
  ["-d", "-d"],
  ["--destination", "-d"],
  ["--dst", "-d"],
  ["-i", "-i"],
  ["--in-interface", "-i"],
  ["-o", "-o"],
  ["--out-interface", "-o"],
  ["-f", "-f"],
  ["--fragment", "-f"],
  ["-m", "-m"],
  ["--match", "-m"],
  ["-j", "-j"],
  ["--jump", "-j"],
  ["-g", "-g"],
  ["--goto", "-g"],
  ["-c", "-c"],
  ["--set-counters", "-c"],
  ["-4", "-4"],
  ["--ipv4", "-4"],
  ["-6", "-6"],
  ["--ipv6", "-6"],
]);

/** The options of a rule in their order; `-m` is one of its module's own. */
export function ruleOptions(words: readonly string[]): readonly RuleOption[] {
  const options: RuleOption[] = [];
  let module = "core";
  let at = 0;
  while (at < words.length) {
    const isMarked = words[at] === "!";
    if (isMarked) at++;
    const word = words[at] ?? "";
    const end = endOfValues(words, at + (PROSE.has(word) ? 2 : 1));
    // iptables before 1.4 wrote the mark behind the option: `--dport ! 80`.
    const isMarkedInside = words[at + 1] === "!" && !PROSE.has(word);
    // A second mark is a word too many.
    const values = words.slice(at + (isMarkedInside && !isMarked ? 2 : 1), end);
    const core = CORE.get(word);
    if (core === "-m") module = values[0] ?? "";
    const negated = isMarked || isMarkedInside;
    const owner = core === undefined || core === "-m" ? module : "core";
    options.push({ name: core ?? word, values, negated, module: owner });
    if (core === "-j" || core === "-g") module = "target";
    at = end;
  }
  return options;
}

/** Their value is one word of any kind: a comment may begin with a dash. */
const PROSE: ReadonlySet<string> = new Set([
  "--comment",
  "--log-prefix",
  "--nflog-prefix",
  "--string",
]);

/** Values end where the next option begins, or the `!` in front of it. */
function endOfValues(words: readonly string[], from: number): number {
  let at = words[from] === "!" && !isOption(words[from + 1]) ? from + 1 : from;
  while (at < words.length && words[at] !== "!" && !isOption(words[at])) at++;
  return at;
}

function isOption(word: string | undefined): boolean {
  return word !== undefined && /^-{1,2}[a-z46]/i.test(word);
}

/**
 * Words behind an option that it does not take: `!--dport 80` is no option of iptables and lands here,
 * as does the `[unsupported revision]` that iptables-nft prints. What they ask nobody knows.
 */
export function strayWords({ name, values }: RuleOption): readonly string[] {
  return values.slice(VALUES_TAKEN.get(name) ?? 1);
}

/** Of options that are read. Those that are not named here take one. */
const VALUES_TAKEN: ReadonlyMap<string, number> = new Map([
  ...taking(0, "-f -4 -6 --syn --physdev-is-in --physdev-is-out --physdev-is-bridged"),
  ...taking(0, "--limit-iface-in --limit-iface-out"),
  ...taking(0, "--set --rcheck --update --remove --reap --rttl --rsource --rdest"),
  ...taking(0, "--loose --validmark --accept-local --invert"),
  ...taking(0, "--random --random-fully --persistent --notrack --save-mark --restore-mark"),
  ...taking(2, "--tcp-flags --match-set -c"),
]);

function taking(count: number, names: string): readonly (readonly [string, number])[] {
  return names.split(" ").map((name) => [name, count]);
}
