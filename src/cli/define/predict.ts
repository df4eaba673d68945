import { Option } from "commander";
import type { PredictFlags } from "../predict-options.js";
import type { DefineCommand } from "./define-command.js";
import { STATE_HELP, TOPOLOGY_HELP } from "./help-texts.js";
import { collect } from "./input-options.js";

export const definePredict: DefineCommand = (program, { io, end }) => {
  program
    .command("predict")
    .summary("say what rules and routes do to a connection")
    .description(
      `Walk a connection through a cluster, or through one node: every rule that decides, and what captures will show. The model alone, no captures.

Examples:
  pcapcheck predict --topology topology.yaml --from-pod web --to 10.96.0.10:80
  pcapcheck predict --topology captures/hostport-external/topology.yaml \\
      --from 198.51.100.79 --to 10.20.32.204:9000
  pcapcheck predict --state . --at node1 --to 127.0.0.1:9000`,
    )
    .requiredOption("--to <address:port>", "that is dialled")
    .option("--proto <name>", "tcp, udp, sctp or icmp", "tcp")
    .addOption(new Option("--protocol <name>").hideHelp())
    .optionsGroup("Who dials:")
    .option("--from <address[:port]>", "of a pod, a node or a machine outside")
    .option("--from-pod <name>", "a process in that pod")
    .option(
      "--at <node>",
      "a process of that node, or with --from outside: the node that it reaches first",
    )
    .optionsGroup("What is known, one of these or both:")
    .option("--topology <file>", "nodes, pods and services; see below", collect)
    .option(
      "--state <dir>",
      "nodes' own rules, instead of those that the topology makes; see below",
    )
    .optionsGroup("With --state alone:")
    .option("--node <name>", "when the directory holds several")
    .option("--in <interface>", "the packet comes in by")
    .option("--local", "a process of the node sends it")
    .optionsGroup("Output:")
    .option("-o, --output <format[=file]>", "text or json; repeatable", collect)
    .option("--color <when>", "auto, always or never", "auto")
    .addHelpText("after", `${TOPOLOGY_HELP}\n${STATE_HELP}\n${PREDICT_HELP}`)
    .action(async (flags: PredictFlags) => {
      const { predict } = await import("../commands/predict.js");
      end(await predict(flags, io));
    });
};

const PREDICT_HELP = `
The exit code is 3 when the packet meets a rule that is not modelled.`;
