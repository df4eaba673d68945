import type { LearnFlags } from "../flags.js";
import type { DefineCommand } from "./define-command.js";
import { FILES_HELP, TOPOLOGY_HELP } from "./help-texts.js";
import { addInputOptions, collect, withFiles, type Typed } from "./input-options.js";

export const defineLearn: DefineCommand = (program, { io, end }) => {
  const command = program
    .command("learn")
    .summary("write a scenario file from good captures, for review")
    .description(
      `Write a scenario file from captures in which everything is right: one row per kind of connection that passes, with what was seen. Each directory or archive is a case of its own; several are merged.

Examples:
  pcapcheck learn good/ > my.yaml
  pcapcheck learn monday.tar.gz tuesday.tar.gz > my.yaml
  pcapcheck verify incident/ --scenario my.yaml`,
    )
    .addHelpText("after", `${FILES_HELP}\n${TOPOLOGY_HELP}\n${LEARN_HELP}`);
  addInputOptions(command)
    .option("--name <name>", "of the scenario", "learnt")
    .option("--topology <file>", "nodes, pods, services and clients; see below", collect)
    .option("--portmap <version>", "of the CNI portmap plugin, as in 1.1.1")
    .action(async (files: string[], options: Typed<LearnFlags>) => {
      const { learn } = await import("../commands/learn.js");
      end(await learn(withFiles(options, files), io));
    });
};

const LEARN_HELP = `
Exit code:
  0  rows were learnt of every connection
  1  connections failed: they are left out, and named at the end of the file
  2  could not read, or nothing was learnt
  3  connections in doubt were left out, and named`;
