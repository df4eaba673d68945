/** What shells complete, by their own scripts: each is run where it is installed. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { completeWords } from "../../src/cli/completion/complete-words.js";
import { allCommands, completionTree } from "../../src/cli/completion/completion-tree.js";
import { buildProgram } from "../../src/cli/program.js";
import { isInstalled } from "../support/installed.js";
import { runProgram } from "./run-program.js";

const program = buildProgram({ io: process, said: [], name: "pcapcheck", end: () => {} });
const tree = await completionTree(program);

/** A command line behind the program's name, and all that its last word may become. */
// prettier-ignore
const ROWS: readonly (readonly [line: string, words: readonly string[]])[] = [
  ["ver", ["verify"]],
  ["verify --scenario hostn", ["hostnetwork-external", "hostnetwork-node", "hostnetwork-pod"]],
  ["verify captures --scenario aut", ["auto"]],
  ["verify --sc", ["--scenario"]],
  ["verify --as-conf", ["--as-configured"]],
  ["verify --color a", ["auto", "always"]],
  ["flows -o w", ["wide"]],
  ["verify -o pca", ["pcapng"]],
  ["scenarios sh", ["show"]],
  ["scenarios show nodep", ["nodeport-cluster", "nodeport-local"]],
  ["scenarios show -o y", ["yaml"]],
  ["predict --proto s", ["sctp"]],
  ["completion f", ["fish"]],
  ["verify --node 10.", []],
];

const wordsOf = (line: string): readonly string[] => line.split(" ");
const sorted = (words: readonly string[]): readonly string[] => [...words].sort();

test.each(ROWS)("kubectl's question: %s", (line, words) => {
  expect(sorted(completeWords(tree, wordsOf(line)).words)).toEqual(sorted(words));
});

test("where files and directories stand, the shell goes on with them", () => {
  expect(completeWords(tree, ["verify", ""]).paths).toBe("files");
  expect(completeWords(tree, ["verify", "--topology", ""]).paths).toBe("files");
  expect(completeWords(tree, ["verify", "--state", ""]).paths).toBe("directories");
  expect(completeWords(tree, ["verify", "--node", ""]).paths).toBe("none");
  expect(completeWords(tree, ["verify", "--"]).paths).toBe("none");
});

test("the formats that are offered are those that the command takes", async () => {
  for (const { path, options } of allCommands(tree)) {
    const words = options.find(({ flags }) => flags.includes("-o"))?.value?.words;
    if (words === undefined) continue;
    const needed = { predict: ["--to", "10.0.0.1:1"], "scenarios show": ["hostport-node"] }[path];
    const argv = [...path.split(" "), ...(needed ?? ["x"]), "-o", "zzzzzzzz"];
    const { stderr } = await runProgram(argv);
    const choices = /choose (.+)$/m.exec(stderr)?.[1]?.split(/, | or /);
    expect({ path, words }).toEqual({ path, words: choices });
  }
});

/** Nothing is known of what is typed there. */
const FREE =
  /address|port|version|<node>|<interface>|--from-pod|--node|--pod|--service|--connection|--name|--as /;

test("every option either offers words or paths, or is known to be free", () => {
  const options = program.commands.flatMap((command) => [command, ...command.commands]);
  const placeholders = new Map(
    options.flatMap((command) => command.options.map(({ long, flags }) => [long ?? "", flags])),
  );
  const silent = allCommands(tree).flatMap((command) =>
    command.options.flatMap(({ flags, value }) => {
      const isSilent = value?.words.length === 0 && value.paths === "none";
      return isSilent ? [placeholders.get(flags.at(-1) ?? "") ?? flags.join()] : [];
    }),
  );
  const unknown = silent.filter((flags) => !FREE.test(flags));
  expect(unknown, "its line in src/cli/completion/completion-values.ts, or above").toEqual([]);
});

interface Shell {
  readonly name: string;
  readonly argv: (script: string, words: readonly string[]) => readonly string[];
}

const BASH =
  'source "$1"; shift; COMP_WORDS=(pcapcheck "$@"); COMP_CWORD=$#; _pcapcheck; printf "%s\\n" "${COMPREPLY[@]}"';

/** The functions of zsh's completion system, as what they would offer. */
const ZSH = `
_describe() { local -a list; list=("\${(@P)2}"); print -l -- "\${list[@]%%:*}" }
_files() { }
compdef() { }
compset() { }
source "$1"; shift; words=(pcapcheck "$@"); CURRENT=$#words; _pcapcheck`;

const FISH = 'source $argv[1]; complete -C"pcapcheck $argv[2..-1]"';

const SHELLS: readonly Shell[] = [
  { name: "bash", argv: (script, words) => ["--norc", "-c", BASH, "bash", script, ...words] },
  { name: "zsh", argv: (script, words) => ["-f", "-c", ZSH, "zsh", script, ...words] },
  { name: "fish", argv: (script, words) => ["--no-config", "-c", FISH, script, ...words] },
];

const folder = mkdtempSync(join(tmpdir(), "pcapcheck-completion-"));
afterAll(() => rmSync(folder, { recursive: true }));

for (const { name, argv } of SHELLS) {
  describe.skipIf(!isInstalled(name))(`${name}, skipped where it is not installed`, () => {
    const script = join(folder, name);
    beforeAll(async () => {
      const { stdout, code } = await runProgram(["completion", name]);
      if (code !== 0) throw new Error(`pcapcheck completion ${name}: exit ${code}`);
      writeFileSync(script, stdout);
    });

    test.each(ROWS)("%s", (line, words) => {
      const text = execFileSync(name, argv(script, wordsOf(line)), { encoding: "utf8" });
      const begun = wordsOf(line).at(-1) ?? "";
      const offered = text.split("\n").map((each) => each.split("\t")[0] ?? "");
      const matching = offered.filter((word) => word !== "" && word.startsWith(begun));
      expect(sorted(matching)).toEqual(sorted(words));
    });
  });
}

test.skipIf(!isInstalled("bash"))(
  "bash goes on with a file behind FORMAT=, and with the option's values behind --option=",
  () => {
    expect(bashAt(["verify", "-o", "json", "=", "rep"])).toEqual([]);
    expect(bashAt(["verify", "--scenario", "=", "hostport-n"])).toEqual(["hostport-node"]);
    expect(bashAt(["verify", "--scenario", "="])).toContain("auto");
  },
);

function bashAt(words: readonly string[]): readonly string[] {
  const text = execFileSync(
    "bash",
    ["--norc", "-c", BASH, "bash", join(folder, "bash"), ...words],
    {
      encoding: "utf8",
    },
  );
  return text.split("\n").filter((line) => line !== "");
}

test("an unknown shell names the nearest", async () => {
  const { stderr, code } = await runProgram(["completion", "fich"]);
  expect({ stderr, code }).toEqual({
    stderr: "completion fich: no such shell; did you mean fish?; choose bash, zsh or fish\n",
    code: 2,
  });
});
