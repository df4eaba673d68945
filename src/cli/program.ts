/**
 * The commands and their options. Commander and this folder's small change are all that is loaded
 * to start; a command's own code comes with its action, so that `--version` starts like bare Node.
 */
import { readFileSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { FLOWS_FORMATS } from "#report/flows-formats.js";
import { CannotCheck, EXIT } from "./exit.js";
import type {
  ColourFlags,
  DoctorFlags,
  FlowsFlags,
  InputFlags,
  ScenarioFlags,
  VerifyFlags,
} from "./flags.js";
import type { Io } from "./io.js";
import { ClosedPipe, writeAll } from "./output.js";
import type { PredictFlags } from "./predict-options.js";

/** Runs one command line and returns the exit code. Throws only what is a fault of the program. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const said: string[] = [];
  let code: number = EXIT.agreed;
  const program = buildProgram({ io, said, end: (value) => (code = value) });
  try {
    await program.parseAsync(argv, { from: "user" });
    await writeAll(io.stdout, said);
    return code;
  } catch (error) {
    if (error instanceof ClosedPipe) return EXIT.agreed;
    if (error instanceof CommanderError) return endParsing(error, { io, said, argv });
    if (!(error instanceof CannotCheck)) throw error;
    io.stderr.write(`${error.message}\n`);
    return EXIT.couldNotCheck;
  }
}

interface Run {
  readonly io: Io;
  /** What commander wants to tell on stdout: help and version. */
  readonly said: string[];
}

/** Lower case, no "error:", the suggestion in the same line. */
function inHouseStyle(message: string): string {
  return message.replace(/^error: /, "").replace(/\n\(Did you mean (.+)\?\)/, "; did you mean $1?");
}

function unknownWord(word: string): string {
  return `scenarios ${word}: no such command\n    try       pcapcheck scenarios show ${word}`;
}

/** Commander throws for help and version as well as for mistakes, and has written its message. */
async function endParsing(
  error: CommanderError,
  { io, said, argv }: Run & { readonly argv: readonly string[] },
): Promise<number> {
  if (error.exitCode === 0) {
    return writeAll(io.stdout, said).then(
      () => EXIT.agreed,
      (failure: unknown) => (failure instanceof ClosedPipe ? EXIT.agreed : Promise.reject(failure)),
    );
  }
  const [word = ""] = argv;
  if (error.code === "commander.unknownCommand" && /[./]/.test(word)) {
    io.stderr.write(`    try       pcapcheck flows ${argv.join(" ")}\n`);
  }
  return EXIT.couldNotCheck;
}

type Context = Run & { readonly end: (code: number) => void };

function buildProgram({ io, said, end }: Context): Command {
  const program = new Command("pcapcheck")
    .description(
      `Replays captured connections through a model of the node's network.

Examples:
  pcapcheck flows pod.pcap
  pcapcheck verify pod.pcap --scenario hostport-external
  pcapcheck doctor captures/
  pcapcheck predict --topology topology.yaml --from-pod web --to 10.96.0.10:80`,
    )
    .version(readVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print help for a command")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => said.push(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(inHouseStyle(text)),
      getOutHelpWidth: () => io.stdout.columns ?? 80,
      getErrHelpWidth: () => io.stderr.columns ?? 80,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText("after", EXIT_HELP);
  addFlows(program, { io, end });
  addVerify(program, { io, end });
  addDoctor(program, { io, end });
  addPredict(program, { io, end });
  addScenarios(program, { io, end });
  return program;
}

const EXIT_HELP = `
Exit code:
  0  everything that was asked for was read, and every check passed
  1  a check failed
  2  could not check: usage, unreadable input, nothing decoded
  3  inconclusive: each check says what would decide it`;

const FILES_HELP = `
Files:
  FILE           pcap or pcapng, compressed with gzip or zstd or not
  POINT=FILE     and where it was captured: node1/eth0, pod:web, pod:web@node1/eth0, client
  DIRECTORY      every capture file in it
  -              standard input: kubectl exec … -- tcpdump -U -w - | pcapcheck …
  Files of one POINT and files that tcpdump rotated are read as one capture.`;

type Actions = Pick<Context, "io" | "end">;

function addFlows(program: Command, { io, end }: Actions): void {
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
    .option("-o, --output <format>", "table, wide, json or jsonl", "table")
    .option("--join", "say which connections are one, seen at several points")
    .action(async (files: string[], options: Typed<FlowsFlags>) => {
      const { flows } = await import("./commands/flows.js");
      end(await flows(withFiles(options, files), io));
    });
}

function addVerify(program: Command, { io, end }: Actions): void {
  const command = program
    .command("verify")
    .summary("hold connections against what a scenario expects")
    .description(
      `Hold each connection against what the scenario expects of the node's network.

Examples:
  pcapcheck verify svc_host_port.pcap --scenario hostport-external
  pcapcheck verify node1/eth0=eth0.pcap pod:web=pod.pcap \\
      --scenario hostport-external --node 10.20.32.204 --host-port 9000:8080
  pcapcheck verify captures/nodeport-cluster --scenario auto \\
      --topology captures/nodeport-cluster/topology.yaml`,
    )
    .addHelpText("after", `${FILES_HELP}\n${TOPOLOGY_HELP}\n${CONNTRACK_HELP}`);
  addInputOptions(command)
    .optionsGroup("What is expected:")
    .option("--scenario <name>", "see `pcapcheck scenarios`; auto: whichever each belongs to")
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
    .option("-o, --output <format>", "table or json", "table")
    .action(async (files: string[], options: Typed<VerifyFlags>) => {
      const { verify } = await import("./commands/verify.js");
      end(await verify({ strict: false, ...withFiles(options, files) }, io));
    });
}

function addDoctor(program: Command, { io, end }: Actions): void {
  const command = program
    .command("doctor")
    .summary("say what captures can prove, and how to capture better")
    .description(
      `Say for each capture point what it can prove: dropped and cut packets, missing directions, filters. And what looks like a fault in it and is none.

Examples:
  pcapcheck doctor pod.pcap
  pcapcheck doctor node1/eth0=eth0.pcap pod:web=pod.pcap
  pcapcheck doctor captures/ -o json | jq '.points[] | select(.limited)'`,
    )
    .addHelpText("after", `${FILES_HELP}\n${DOCTOR_HELP}`);
  addInputOptions(command)
    .option("-o, --output <format>", "table or json", "table")
    .action(async (files: string[], options: Typed<DoctorFlags>) => {
      const { doctor } = await import("./commands/doctor.js");
      end(await doctor(withFiles(options, files), io));
    });
}

const DOCTOR_HELP = `
Exit code:
  0  nothing limits what the captures prove; some things no file tells
  2  something could not be read
  3  a capture lacks packets that passed, or the captures were not running together`;

function addPredict(program: Command, { io, end }: Actions): void {
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
    .option("-o, --output <format>", "text or json", "text")
    .option("--color <when>", "auto, always or never", "auto")
    .addHelpText("after", `${TOPOLOGY_HELP}\n${STATE_HELP}`)
    .action(async (flags: PredictFlags) => {
      const { predict } = await import("./commands/predict.js");
      end(await predict(flags, io));
    });
}

const CONNTRACK_HELP = `
Conntrack, in the directory of --state or named by --conntrack, from each node while the incident lasts:
  NODE.conntrack.txt         conntrack -L -o extended, or cat /proc/net/nf_conntrack
  NODE.conntrack-events.txt  conntrack -E -o timestamp,extended,id
It says what a node's own process dialled, and names an entry that leads where no rule does any more.`;

const TOPOLOGY_HELP = `
Topology, in one file or several, each behind a --topology of its own:
  cluster.json   kubectl get nodes,pods,services,endpointslices,endpoints -A -o json
                 (-o yaml takes twenty times as long to read)
  proxy.yaml     kubectl get configmap kube-proxy -n kube-system -o yaml: its mode and cluster CIDR
  extra.yaml     schema: pcapcheck.topology/v1, and what kubectl does not know: clients, interfaces,
                 portmap, Docker; or everything. What it says of a name counts before the others.`;

const STATE_HELP = `
State of a node:
  NODE.iptables-save.txt   iptables-save -c          (IPv6: NODE.ip6tables-save.txt)
  NODE.ip-addr.json        ip -j addr
  NODE.ip-route.json       ip -j route show table all (IPv6: NODE.ip-6-route.json, ip -6)
  NODE.sysctl.txt          sysctl -a                 if there; what it does not say is assumed
  NODE.ipset-save.txt      ipset save                if there; else rules that ask a set are unknown
  NODE.ipvsadm.txt         ipvsadm -Sn               if there; needed on a node that has kube-ipvs0
The same without NODE in front in a folder NODE; NODE-iptables-save.txt and iptables-save-NODE.txt.
The exit code is 3 when the packet meets a rule that is not modelled.`;

function addScenarios(program: Command, { io, end }: Actions): void {
  const scenarios = program
    .command("scenarios")
    .summary("list the scenarios that verify knows")
    .description("List the scenarios that `pcapcheck verify --scenario` knows.")
    .option("--color <when>", "auto, always or never", "auto")
    .allowExcessArguments()
    .action(async (options: ColourFlags, { args: [word] }: Command) => {
      if (word !== undefined) throw new CannotCheck(unknownWord(word));
      const { listScenarios } = await import("./commands/scenarios.js");
      end(await listScenarios(options, io));
    });
  scenarios
    .command("show")
    .summary("print what a scenario expects, client by client")
    .description("Print what a scenario expects at each capture point, client by client.")
    .argument("<name>", "as `pcapcheck scenarios` lists it")
    .option("--portmap <version>", "of the CNI portmap plugin, as in 1.1.1")
    .option("--color <when>", "auto, always or never", "auto")
    .action(async (name: string, flags: ScenarioFlags) => {
      const { showScenario } = await import("./commands/scenarios.js");
      end(await showScenario({ ...flags, name }, io));
    });
}

function addInputOptions(command: Command): Command {
  return command
    .usage("[options] [POINT=]FILE...")
    .argument("[file...]", "capture files, see below")
    .option("-r, --read <file>", "the same as FILE, as tcpdump and tshark take it", collect)
    .option("--color <when>", "auto, always or never", "auto")
    .option("-v, --verbose", "say more about what was read");
}

/** As commander has them: a switch that was not given is not there. */
type Typed<Flags extends InputFlags> = Omit<Flags, "verbose" | "strict"> & {
  readonly [Switch in Extract<keyof Flags, "verbose" | "strict">]?: true;
};

function withFiles<Options extends { readonly read?: readonly string[] }>(
  options: Options,
  files: readonly string[],
) {
  return { verbose: false, ...options, files: [...(options.read ?? []), ...files] };
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  );
  const isManifest = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return isManifest ? String(manifest.version) : "unknown";
}
