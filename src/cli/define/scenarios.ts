import type { Command } from "commander";
import { closest } from "#net/closest.js";
import { sanitize } from "#report/sanitize.js";
import { CannotCheck } from "../exit.js";
import type { ColourFlags, ScenarioFlags } from "../flags.js";
import type { DefineCommand } from "./define-command.js";
import { collect } from "./input-options.js";

export const defineScenarios: DefineCommand = (program, { io, end }) => {
  const scenarios = program
    .command("scenarios")
    .summary("list the scenarios that verify knows")
    .description(
      `List the scenarios that \`pcapcheck verify --scenario\` knows.

Examples:
  pcapcheck scenarios
  pcapcheck scenarios show nodeport-cluster`,
    )
    .option("--color <when>", "auto, always or never", "auto")
    .allowExcessArguments()
    .action(async (options: ColourFlags, { args: [word] }: Command) => {
      if (word !== undefined) throw new CannotCheck(unknownWord(word));
      const { listScenarios } = await import("../commands/scenarios.js");
      end(await listScenarios(options, io));
    });
  scenarios
    .command("show")
    .summary("print what a scenario expects, client by client")
    .description(
      `Print what a scenario expects at each capture point, client by client.

Examples:
  pcapcheck scenarios show nodeport-cluster
  pcapcheck scenarios show nodeport-cluster -o yaml > my.yaml
  pcapcheck verify captures/ --scenario my.yaml --topology topology.yaml`,
    )
    .argument("<name>", "as `pcapcheck scenarios` lists it, or a file")
    .option(
      "-o, --output <format[=file]>",
      "text, or yaml: a file to copy from; repeatable",
      collect,
    )
    .option("--portmap <version>", "of the CNI portmap plugin, as in 1.1.1")
    .option("--color <when>", "auto, always or never", "auto")
    .action(async (name: string, flags: ScenarioFlags) => {
      const { showScenario } = await import("../commands/scenarios.js");
      end(await showScenario({ ...flags, name }, io));
    });
};

function unknownWord(word: string): string {
  if (closest(word, ["show"]) !== undefined) {
    return `scenarios ${sanitize(word)}: no such command; did you mean show?`;
  }
  const known = sanitize(word);
  return `scenarios ${known}: no such command\n    try       pcapcheck scenarios show ${known}`;
}
