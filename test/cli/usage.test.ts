/** What is said of a command line that cannot be used: stderr alone, and exit 2. */
import { expect, test } from "vitest";
import { closest } from "#net/closest.js";
import { buildProgram } from "../../src/cli/program.js";
import { runProgram } from "./run-program.js";

const FILE = "captures/hostport-external/svc_host_port.pcap";
const VERIFY = `verify ${FILE} --scenario hostport-external`;

// prettier-ignore
const ROWS = [
  { command: "flow x", says: "unknown command 'flow'; did you mean flows?" },
  { command: "pod.pcap", says: "try       pcapcheck flows pod.pcap" },
  { command: "flows", says: "no capture file given; name one, or - for standard input" },
  { command: "scenarios shwo", says: "scenarios shwo: no such command; did you mean show?" },
  { command: `flows ${FILE} --color alwyas`, says: "--color alwyas: did you mean always? choose auto, always or never" },
  { command: `verify ${FILE} --scenario aout`, says: "no such scenario; did you mean auto?" },
  { command: `verify ${FILE} --scenario nope.yaml`, says: "--scenario nope.yaml: no such file or directory" },
  { command: `verify ${FILE} --scenario captures/nodeport-cluster/topology.yaml`, says: "topology.yaml:1:9: schema: pcapcheck.topology/v1 is not pcapcheck.scenario/v1" },
  { command: `learn ${FILE}`, says: "learn needs a topology, in the bundle or as --topology FILE" },
  { command: "learn captures/pod-egress --name auto", says: "name: auto is built in; give yours a name of its own" },
  { command: "flows --bogus x", says: "unknown option '--bogus'" },
  { command: "flows --colour x", says: "unknown option '--colour'; did you mean --color?" },
  { command: `flows ${FILE} -o xml`, says: "-o xml: no such format; choose table, wide, json or jsonl" },
  { command: `flows ${FILE} --color maybe`, says: "--color maybe: choose auto, always or never" },
  { command: `verify ${FILE} --scenario hostport-extern`, says: "no such scenario; did you mean hostport-external?" },
  { command: `verify ${FILE} --scenario zzz`, says: "scenario zzz: no such scenario\n    hostport-external\n" },
  { command: `${VERIFY} --node 10.0.0.300`, says: "--node 10.0.0.300: not an IP address" },
  { command: `${VERIFY} --node 10.0.0.3,`, says: "--node : not an IP address" },
  { command: `${VERIFY} --pod web`, says: "--pod web: not an IP address" },
  { command: `${VERIFY} --client 10.0.0.0/33`, says: "--client 10.0.0.0/33: not an IP address or prefix" },
  { command: `${VERIFY} --host-port 70000:80`, says: "--host-port 70000:80: not a port or a pair like 9000:8080" },
  { command: `${VERIFY} --host-port 0`, says: "--host-port 0: not a port" },
  { command: `${VERIFY} --host-port 1:2:3`, says: "--host-port 1:2:3: not a port" },
  { command: `${VERIFY} --portmap latest`, says: "--portmap latest: not a version from 0.6.0 on, like 1.1.1" },
  { command: `${VERIFY} --topology missing.yaml`, says: "--topology missing.yaml: no such file or directory" },
  { command: `${VERIFY} --topology captures/README.md`, says: "captures/README.md:" },
  { command: `${VERIFY} --state-before docs`, says: "--state-before needs --state DIR, saved after the captures" },
  { command: `${VERIFY} --topology captures/hostport-counted/topology.yaml --state captures/hostport-counted --state-before docs`, says: "--state-before docs: no file NODE.iptables-save.txt or NODE/iptables-save.txt in it" },
  { command: `${VERIFY} --as-configured`, says: "--as-configured needs --state DIR with the rules" },
  { command: `${VERIFY} --topology captures/hostport-external/topology.yaml --state docs`, says: "--state docs: no file NODE.iptables-save.txt or NODE/iptables-save.txt in it" },
  { command: `${VERIFY} --conntrack missing.txt`, says: "--conntrack missing.txt: no such file or directory" },
  { command: `${VERIFY} --conntrack node1=missing.txt`, says: "--conntrack missing.txt: no such file or directory" },
  { command: `${VERIFY} --topology captures/hostport-external/topology.yaml --conntrack ct.txt`, says: "--conntrack ct.txt: of which node? the topology has node1, node2\n    try       --conntrack node1=ct.txt" },
  { command: `${VERIFY} -o xml`, says: "-o xml: no such format" },
  { command: "scenarios show", says: "missing required argument 'name'" },
  { command: "scenarios show hostport-nod", says: "did you mean hostport-node?" },
  { command: "scenarios hostport-node", says: "try       pcapcheck scenarios show hostport-node" },
  { command: "", says: "Usage: pcapcheck" },
];

test.each(ROWS)("pcapcheck $command", async ({ command, says }) => {
  const argv = command === "" ? [] : command.split(" ");
  const { stdout, stderr, code } = await runProgram(argv);
  expect(stderr).toContain(says);
  expect(stderr).not.toMatch(/error:|invalid|failed to|!$/im);
  expect({ stdout, code }).toEqual({ stdout: "", code: 2 });
});

test("help and version go to stdout and exit 0", async () => {
  for (const word of ["--help", "--version", "help"]) {
    const { stdout, stderr, code } = await runProgram([word]);
    expect(stdout).not.toBe("");
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  }
});

const program = buildProgram({ io: process, said: [], name: "pcapcheck", end: () => {} });
const commands = program.commands.flatMap((command) => [command, ...command.commands]);

test.each([program, ...commands].map((command) => ({ name: command.name(), command })))(
  "the help of $name begins with examples",
  ({ name, command }) => {
    const help = command.helpInformation();
    const examples = help.search(/\nExamples:\n {2}(pcapcheck|source)/);
    expect(examples, `${name} has examples in its description`).toBeGreaterThan(0);
    expect(examples).toBeLessThan(help.indexOf("\nOptions:"));
  },
);

test.each(["", ...program.commands.map((command) => command.name()), "scenarios show"])(
  "the help of pcapcheck %s fits 80 columns",
  async (words) => {
    const asked = [...words.split(" ").filter((word) => word !== ""), "--help"];
    const { stdout } = await runProgram(asked);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  },
);

test("as a plugin of kubectl it calls itself and its examples so", async () => {
  const { stdout, code } = await runProgram(["verify", "--help"], {}, "kubectl pcapcheck");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Usage: kubectl pcapcheck verify /);
  expect(stdout).toContain("\n  kubectl pcapcheck verify svc_host_port.pcap");
  expect(stdout).not.toMatch(/^ *pcapcheck /m);
});

test("-r is a file like any other, as tcpdump has it", async () => {
  expect(await runProgram(["flows", "-r", FILE])).toEqual(await runProgram(["flows", FILE]));
});

test("no near word is no suggestion", () => {
  expect(closest("hostprt-node", ["hostport-node", "hostport-pod"])).toBe("hostport-node");
  expect(closest("zzz", ["hostport-node"])).toBeUndefined();
});
