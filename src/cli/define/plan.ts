import type { PlanFlags } from "../plan-options.js";
import type { DefineCommand } from "./define-command.js";
import { TOPOLOGY_HELP } from "./help-texts.js";
import { collect } from "./input-options.js";

export const definePlan: DefineCommand = (program, { io, end }) => {
  program
    .command("plan")
    .summary("say what to capture, and how, to decide a scenario")
    .description(
      `Print commands to paste: a tcpdump line for each capture point that the scenario needs, the state to save, and what a missing file costs. Nothing is run.

Examples:
  pcapcheck plan --scenario hostport-external
  pcapcheck plan --scenario nodeport-cluster --topology topology.yaml
  pcapcheck plan --scenario clusterip --topology cluster.json \\
      --service default/web --pod default/shell`,
    )
    .requiredOption("--scenario <name>", "see `pcapcheck scenarios`")
    .option("--topology <file>", "nodes, pods and services; without it, placeholders", collect)
    .optionsGroup("What the plan is about, of a topology; each narrows it:")
    .option("--service <name>", "that is dialled, namespace/name")
    .option("--pod <name>", "that serves or dials")
    .option("--node <name>", "that handles the first packet")
    .option("--port <number>", "that is dialled: a hostPort, a NodePort, a Service's")
    .option("--client <address,…>", "or prefix that connections come from", collect)
    .optionsGroup("Output:")
    .option("--enter <how>", "a pod's network namespace: crictl, docker or netns")
    .addHelpText("after", TOPOLOGY_HELP)
    .action(async (flags: PlanFlags) => {
      const { plan } = await import("../commands/plan.js");
      end(await plan(flags, io));
    });
};
