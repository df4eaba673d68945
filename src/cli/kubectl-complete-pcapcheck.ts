#!/usr/bin/env node
// `kubectl pcapcheck <Tab>`: kubectl 1.26 and later asks a program of the name kubectl_complete-pcapcheck.
import { completeWords } from "./completion/complete-words.js";
import { completionTree } from "./completion/completion-tree.js";
import { buildProgram } from "./program.js";

/** Cobra's ShellCompDirective: the shell goes on with file names, with nothing, with directories. */
const DIRECTIVES = { files: 0, none: 4, directories: 16 } as const;

const program = buildProgram({ io: process, said: [], name: "kubectl pcapcheck", end: () => {} });
const { words, paths } = completeWords(await completionTree(program), process.argv.slice(2));
process.stdout.write([...words, `:${DIRECTIVES[paths]}`, ""].join("\n"));
