import { FLOWS_FORMATS } from "#report/flows-formats.js";
import type { FlowsFlags } from "../flags.js";
import type { DefineCommand } from "./define-command.js";
import { FILES_HELP } from "./help-texts.js";
import { addInputOptions, collect, withFiles, type Typed } from "./input-options.js";

export const defineFlows: DefineCommand = (program, { io, end }) => {
  const formats = FLOWS_FORMATS.map(({ name, summary }) => `\n  ${name.padEnd(13)}  ${summary}`);
  const command = program
    .command("flows")
    .summary("list the connections at each capture point")
    .description(
      `List the connections at each capture point.

Examples:
  pcapcheck flows pod.pcap
  pcapcheck flows node1/eth0=eth0.pcap pod:web=pod.pcap -o wide
  pcapcheck flows --join node1/eth0=eth0.pcap pod:web=pod.pcap
  pcapcheck flows captures/ -o jsonl | jq 'select(.connection.state == "S0")'`,
    )
    .addHelpText("after", `${FILES_HELP}\n\nFormats:${formats.join("")}`);
  addInputOptions(command)
    .option("-o, --output <format[=file]>", "table, wide, json or jsonl; repeatable", collect)
    .option("--join", "say which connections are one, seen at several points")
    .action(async (files: string[], options: Typed<FlowsFlags>) => {
      const { flows } = await import("../commands/flows.js");
      end(await flows(withFiles(options, files), io));
    });
};
