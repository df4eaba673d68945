/**
 * npm run bench: CPU time and memory of `pcapcheck flows` beside the flow tools that are installed, on
 * captures made up for the occasion. Runs alternate, and medians are compared: the machine may be busy.
 *
 *   --quick        smaller captures, fewer rounds
 *   --rounds N     runs of each tool (5; tshark always 1)
 *   --keep DIR     make the captures there and leave them
 *   --only TEXT    only captures whose names hold it: 1k, 100k, 1M, joined, verify
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { generateCluster } from "./generate-cluster.mjs";
import { generate } from "./generate.mjs";
import { multiply } from "./multiply.mjs";
import { openPage } from "./open-page.mjs";

const HERE = import.meta.dirname ?? new URL(".", import.meta.url).pathname;
const PROGRAM = join(HERE, "../../dist/cli/main.js");
const MIB = 1024 * 1024;

/** What the design promises: this much, and this much for each connection. */
const BUDGET = { fixedMiB: 60, bytesPerConnection: 300 };

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    keep: { type: "string" },
    only: { type: "string" },
  },
});

// With it every Node, a bare one too, reads hundreds of certificates before it starts: 40 ms.
delete process.env.NODE_EXTRA_CA_CERTS;

/** Captures of at most 1.3 GB, one on disk at a time. */
const CAPTURES = options.quick
  ? [
      { name: "1k", connections: 1000, packetsEach: 300 },
      { name: "50k", connections: 50_000, packetsEach: 9 },
    ]
  : [
      { name: "1k", connections: 1000, packetsEach: 1800 },
      { name: "10k", connections: 10_000, packetsEach: 30 },
      { name: "100k", connections: 100_000, packetsEach: 18 },
      { name: "1M", connections: 1_000_000, packetsEach: 9 },
    ];
/** Of one size in both: the promise is about it. */
const CLUSTER = { name: "cluster", nodes: 500, pods: 20_000, services: 2000 };
const ROUNDS = Number(options.rounds ?? (options.quick ? 3 : 5));

/** The same connections captured before and behind NAT, to be joined. */
const JOINED = options.quick
  ? [{ name: "50k joined", connections: 50_000, packetsEach: 9 }]
  : [
      { name: "100k joined", connections: 100_000, packetsEach: 9 },
      { name: "1M joined", connections: 1_000_000, packetsEach: 9 },
    ];

/** A recorded case with every connection of its client many times over. */
const VERIFIED = {
  name: "10k verify",
  folder: join(HERE, "../../captures/hostport-external"),
  client: (198 << 24) | (51 << 16) | (100 << 8) | 79,
  /** Two connections each. */
  copies: options.quick ? 500 : 5000,
  points: {
    client: "client.eth0",
    "node1/eth0": "node1.eth0",
    "node1/any": "node1.any",
    "node1/cni0": "node1.cni0",
    "node1/veth-p1a": "node1.veth-p1a",
    "pod:p1a": "pod-p1a.eth0",
    "pod:p1a/svc": "svc_host_port",
  },
};

/**
 * @typedef {object} Tool
 * @property {string} name
 * @property {string} [needs] a program that must be installed
 * @property {number} [maxPackets] slower tools are spared the large captures
 * @property {number} [maxRounds]
 * @property {(file: string, folder: string) => string[]} command
 */

/** @returns {Tool[]} the yardstick first */
function tools(folder) {
  return [
    { name: "libpcap counter", command: (file) => [join(folder, "counter"), file] },
    { name: "pcapcheck read+decode+track", command: (file) => engine("track", file) },
    { name: "pcapcheck …+connections", command: (file) => engine("connections", file) },
    {
      name: "pcapcheck flows -o json",
      command: (file) => [process.execPath, PROGRAM, "flows", file, "-o", "json"],
    },
    {
      name: "pcapcheck flows",
      command: (file) => [process.execPath, PROGRAM, "flows", file],
    },
    {
      name: "nfpcapd",
      needs: "nfpcapd",
      command: (file) => ["nfpcapd", "-r", file, "-w", join(folder, "nfpcapd")],
    },
    {
      name: "softflowd",
      needs: "softflowd",
      command: (file) => ["softflowd", "-d", "-c", "none", "-p", join(folder, "pid"), "-r", file],
    },
    {
      name: "tcptrace",
      needs: "tcptrace",
      // It keeps 8 kB of each connection.
      maxPackets: 2_000_000,
      command: (file) => ["tcptrace", "-n", file],
    },
    {
      name: "argus",
      needs: "argus",
      command: (file) => ["argus", "-X", "-r", file, "-w", "/dev/null"],
    },
    {
      name: "tshark -z conv,tcp",
      needs: "tshark",
      maxPackets: 2_000_000,
      maxRounds: 1,
      command: (file) => ["tshark", "-n", "-q", "-r", file, "-z", "conv,tcp"],
    },
  ];
}

function engine(what, ...files) {
  return [process.execPath, join(HERE, "engine.mjs"), what, ...files];
}

/** Of two capture points. @returns {Tool[]} the yardstick first */
function joiners(before, behind) {
  const flows = [process.execPath, PROGRAM, "flows", before, behind, "-o", "json"];
  return [
    { name: "pcapcheck read+decode+track", command: () => engine("track", before, behind) },
    { name: "pcapcheck …+join", command: () => engine("join", before, behind) },
    { name: "pcapcheck flows -o json", command: () => flows },
    { name: "pcapcheck flows --join -o json", command: () => [...flows, "--join"] },
    {
      name: "mergecap | tshark conv,tcp",
      needs: "tshark",
      maxPackets: 2_000_000,
      maxRounds: 1,
      command: () => [
        "sh",
        "-c",
        `mergecap -w - ${before} ${behind} | tshark -n -q -r - -z conv,tcp`,
      ],
    },
  ];
}

function isInstalled({ needs }) {
  return needs === undefined || spawnSync("which", [needs]).status === 0;
}

function compile(folder, name, libraries = []) {
  const source = join(HERE, `${name}.c`);
  execFileSync("cc", ["-O2", "-o", join(folder, name), source, ...libraries]);
}

/** @returns {{ cpuUs: number, rssMiB: number }} */
function measure(folder, command) {
  const output = execFileSync(join(folder, "measure"), command, { encoding: "utf8" });
  const [cpuUs = 0, rssKib = 0, status = 0] = output.trim().split(" ").map(Number);
  if (status !== 0) throw new Error(`${command.join(" ")}: exit ${status}`);
  return { cpuUs, rssMiB: rssKib / 1024 };
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function benchCapture(folder, { name, connections, packetsEach }) {
  const file = join(folder, `${name}.pcap`);
  const packets = generate({ path: file, connections, packetsEach });
  const megabytes = Math.round(statSync(file).size / 1e6);
  const budgetMiB = BUDGET.fixedMiB + (BUDGET.bytesPerConnection * connections) / MIB;
  print(
    `\n${name}: ${connections} connections, ${packets} packets, ${megabytes} MB; ` +
      `memory budget ${budgetMiB.toFixed(0)} MiB`,
  );
  runAll(tools(folder), { packets, file });
  if (options.keep === undefined) rmSync(file);
}

function benchJoin(folder, { name, connections, packetsEach }) {
  const [before, behind] = ["before", "behind"].map((side) =>
    join(folder, `${name.replace(" ", "-")}-${side}.pcap`),
  );
  const packets =
    generate({ path: before, connections, packetsEach }) +
    generate({ path: behind, connections, packetsEach, isBehindNat: true });
  print(`\n${name}: ${connections} connections at two points, ${packets} packets`);
  runAll(joiners(before, behind), { packets, yardstick: "tracking" });
  if (options.keep === undefined) for (const file of [before, behind]) rmSync(file);
}

async function benchVerify(folder, { name, folder: recorded, client, copies, points }) {
  let packets = 0;
  const files = Object.entries(points).map(([point, file]) => {
    const to = join(folder, `verify-${file}.pcap`);
    packets += multiply({ from: join(recorded, `${file}.pcap`), to, client: client >>> 0, copies });
    return { to, named: `${point}=${to}` };
  });
  const named = files.map((file) => file.named);
  print(`\n${name}: ${2 * copies} connections at ${named.length} points, ${packets} packets`);
  const program = [process.execPath, PROGRAM];
  const topology = ["--topology", join(recorded, "topology.yaml")];
  const asked = ["--scenario", "hostport-external", ...topology];
  runAll(
    [
      { name: "pcapcheck flows", command: () => [...program, "flows", ...named] },
      { name: "pcapcheck flows --join", command: () => [...program, "flows", "--join", ...named] },
      { name: "pcapcheck verify", command: () => [...program, "verify", ...named, ...asked] },
      {
        name: "pcapcheck verify -o html",
        command: () => [...program, "verify", ...named, ...asked, "-o", "html"],
      },
    ],
    { packets, yardstick: "flows" },
  );
  const page = join(folder, "verify.html");
  spawnSync(program[0], [PROGRAM, "verify", ...named, ...asked, "-o", `html=${page}`]);
  await benchPage(page);
  if (options.keep === undefined) for (const { to } of files) rmSync(to);
}

/** Of wall time, which other work lengthens. */
async function benchPage(file) {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) return;
  const times = await openPage({ file, executablePath, rounds: ROUNDS });
  const megabytes = (statSync(file).size / 1e6).toFixed(2);
  print(`its page of ${megabytes} MB: opened in ${median(times).toFixed(0)} ms of wall time`);
}

function benchCluster(folder, { nodes, pods, services }) {
  const file = join(folder, "cluster.json");
  const megabytes = Math.round(generateCluster({ path: file, nodes, pods, services }) / 1e6);
  print(`\ncluster: ${nodes} nodes, ${pods} pods, ${services} Services, ${megabytes} MB of JSON`);
  const load = (what) => [process.execPath, join(HERE, "load.mjs"), file, what];
  const all = [
    { name: "JSON.parse", command: () => load("parse") },
    { name: "pcapcheck --topology", command: () => load("topology") },
    {
      name: "jq length",
      needs: "jq",
      maxRounds: 1,
      command: () => ["jq", ".items | length", file],
    },
  ];
  runAll(all, { packets: pods, yardstick: "JSON.parse", unit: "us/pod" });
  if (options.keep === undefined) rmSync(file);
}

function runAll(all, { packets, file, yardstick = "counter", unit = "us/packet" }) {
  const running = all.filter(
    (tool) => isInstalled(tool) && packets <= (tool.maxPackets ?? Number.POSITIVE_INFINITY),
  );
  const runs = new Map(running.map((tool) => [tool, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [tool, results] of runs) {
      if (round >= (tool.maxRounds ?? ROUNDS)) continue;
      results.push(measure(folder, tool.command(file, folder)));
    }
  }
  printTable(runs, { packets, yardstick, unit });
}

function medianCpuUs(results) {
  return median(results.map(({ cpuUs }) => cpuUs));
}

function printTable(runs, { packets, yardstick, unit }) {
  const yardstickUs = medianCpuUs(runs.values().next().value ?? []);
  print(row(["", "CPU s", unit, `x ${yardstick}`, "peak MiB"]));
  for (const [{ name }, results] of runs) {
    const cpuUs = medianCpuUs(results);
    print(
      row([
        name,
        (cpuUs / 1e6).toFixed(2),
        (cpuUs / packets).toFixed(3),
        (cpuUs / yardstickUs).toFixed(1),
        Math.max(...results.map(({ rssMiB }) => rssMiB)).toFixed(0),
      ]),
    );
  }
}

function row([name = "", ...cells]) {
  return name.padEnd(30) + cells.map((cell) => cell.padStart(11)).join("");
}

function print(line) {
  process.stdout.write(`${line}\n`);
}

const folder = options.keep ?? mkdtempSync(join(tmpdir(), "pcapcheck-bench-"));
mkdirSync(join(folder, "nfpcapd"), { recursive: true });
try {
  compile(folder, "measure");
  const { model = "unknown processor" } = cpus()[0] ?? {};
  print(
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} x ${model}, ` +
      `Node ${process.versions.node}, median of ${ROUNDS} alternating runs, user + system time`,
  );
  const wanted = ({ name }) => options.only === undefined || name.includes(options.only);
  const alone = CAPTURES.filter(wanted);
  if (alone.length > 0) compile(folder, "counter", ["-lpcap"]);
  for (const capture of alone) benchCapture(folder, capture);
  for (const capture of JOINED.filter(wanted)) benchJoin(folder, capture);
  if (wanted(CLUSTER)) benchCluster(folder, CLUSTER);
  if (wanted(VERIFIED)) await benchVerify(folder, VERIFIED);
} finally {
  if (options.keep === undefined) rmSync(folder, { recursive: true, force: true });
}
