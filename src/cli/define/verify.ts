import type { VerifyFlags } from "../flags.js";
import { VERIFY_FORMATS } from "../verify-formats.js";
import type { DefineCommand } from "./define-command.js";
import { CONNTRACK_HELP, FILES_HELP, STATE_HELP, TOPOLOGY_HELP } from "./help-texts.js";
import { addInputOptions, collect, withFiles, type Typed } from "./input-options.js";

export const defineVerify: DefineCommand = (program, { io, end }) => {
  const formats = VERIFY_FORMATS.map(({ name, summary }) => `\n  ${name.padEnd(13)}  ${summary}`);
  const command = program
    .command("verify")
    .summary("hold connections against what a scenario expects")
    .description(
      `Hold each connection against what the scenario expects of the node's network.

Examples:
  pcapcheck verify svc_host_port.pcap --scenario hostport-external
  pcapcheck verify node1/eth0=eth0.pcap pod:web=pod.pcap \\
      --scenario hostport-external --node 10.20.32.204 --host-port 9000:8080
  pcapcheck verify incident.tar.gz -o html=report.html -o pcapng=evidence.pcapng
  pcapcheck verify captures/ --topology cluster.json --connection 10.0.0.7:41001`,
    )
    .addHelpText(
      "after",
      [FILES_HELP, TOPOLOGY_HELP, STATE_HELP, CONNTRACK_HELP, `\nFormats:${formats.join("")}`].join(
        "\n",
      ),
    );
  addInputOptions(command)
    .optionsGroup("What is expected:")
    .option(
      "--scenario <name>",
      "see `pcapcheck scenarios`, or your FILE.yaml; without it auto: each its own",
    )
    .option("--as-configured", "what the rules of --state do, whether intended or not")
    .option("--strict", "a verdict that rests on an assumption is inconclusive")
    .optionsGroup("What the captures were taken in:")
    .option("--topology <file>", "nodes, pods, services and clients; see below", collect)
    .option("--state <dir>", "nodes' own rules and conntrack tables: whether they explain it")
    .option("--state-before <dir>", "saved before the captures: what rules counted until --state")
    .option("--conntrack <[node=]file>", "conntrack -L or -E of a node: what was dialled", collect)
    .option("--node <address,…>", "of the node that the captures were taken on", collect)
    .option("--pod <address>", "of the pod that serves the port")
    .option("--host-port <port[:port]>", "of the node, and of the container")
    .option("--client <address,…>", "or prefix that connections come from", collect)
    .option("--portmap <version>", "of the CNI portmap plugin, as in 1.1.1")
    .optionsGroup("Output:")
    .option(
      "-o, --output <format[=file]>",
      "see below; repeatable, the table stays on standard output",
      collect,
    )
    .option(
      "--connection <id>",
      "its journey point by point: c3, or an end, 198.51.100.79:41001; repeatable",
      collect,
    )
    .action(async (files: string[], options: Typed<VerifyFlags>) => {
      const { verify } = await import("../commands/verify.js");
      end(await verify({ strict: false, ...withFiles(options, files) }, io));
    });
};
