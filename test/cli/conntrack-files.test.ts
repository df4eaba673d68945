/** Which files are read as whose conntrack, and what is said of them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readConntrackFiles } from "../../src/cli/conntrack-files.js";
import { stateFiles } from "../../src/cli/state-files.js";
import { topologyOf } from "../support/verify-recorded.js";
import { runProgram } from "./run-program.js";

const TCP =
  "tcp 6 9 TIME_WAIT src=192.0.2.10 dst=192.0.2.1 sport=41001 dport=80 src=192.0.2.1 dst=192.0.2.10 sport=80 dport=41001";

const folder = mkdtempSync(join(tmpdir(), "pcapcheck-conntrack-"));
writeFileSync(join(folder, "node1.conntrack.txt"), `${TCP}\n`);
writeFileSync(join(folder, "node1.conntrack-events.txt"), `[NEW] ${TCP}\n[DESTROY] ${TCP}\n`);
writeFileSync(join(folder, "conntrack.txt"), `${TCP}\nSat Nov 21\n`);
writeFileSync(join(folder, "a=b.txt"), `${TCP} colour=\u001B[31m\n`);
afterAll(() => rmSync(folder, { recursive: true }));

const ROWS: readonly [
  what: string,
  folder: string | undefined,
  words: string[],
  lines: string[],
][] = [
  [
    "the files of a folder",
    folder,
    [],
    [
      "node conntrack.txt:1",
      "node1 node1.conntrack.txt:1",
      "node1 node1.conntrack-events.txt:1",
      "node1 node1.conntrack-events.txt:2",
    ],
  ],
  [
    "a file of a node",
    undefined,
    [`node7=${join(folder, "conntrack.txt")}`],
    ["node7 conntrack.txt:1"],
  ],
  ["a file of the only node", undefined, [join(folder, "conntrack.txt")], ["node conntrack.txt:1"]],
  ["a file with = in its name", undefined, [join(folder, "a=b.txt")], ["node a=b.txt:1"]],
  [
    "one file named twice is read once, as --conntrack says",
    folder,
    [`other=${join(folder, "conntrack.txt")}`],
    [
      "node1 node1.conntrack.txt:1",
      "node1 node1.conntrack-events.txt:1",
      "node1 node1.conntrack-events.txt:2",
      "other conntrack.txt:1",
    ],
  ],
];

function filesIn(inFolder: string | undefined) {
  return inFolder === undefined ? new Map() : stateFiles(inFolder);
}

test.each(ROWS)("%s", (_what, inFolder, words, lines) => {
  const { entries } = readConntrackFiles({ files: filesIn(inFolder), words, topology: undefined });
  const found = entries?.map(
    ({ node, file, line }) => `${node} ${file.slice(folder.length + 1)}:${line}`,
  );
  expect(found?.toSorted()).toEqual(lines.toSorted());
});

test.each([
  ["node1", []],
  ["pod-p1a", []],
  [
    "nod1",
    [
      "--conntrack nod1=captures/hostport-external/node1.conntrack.txt: the topology has no such node: node1, node2",
    ],
  ],
])("a table of %s, beside a topology", (node, remarks) => {
  const topology = topologyOf("hostport-external");
  const words = [`${node}=captures/hostport-external/node1.conntrack.txt`];
  expect(readConntrackFiles({ files: filesIn(undefined), words, topology }).remarks).toEqual(
    remarks,
  );
});

test("without a file nobody asked", () => {
  const none = readConntrackFiles({
    files: filesIn("docs"),
    words: [],
    topology: undefined,
  });
  expect(none).toEqual({ entries: undefined, remarks: [] });
});

test("what is not understood is said on stderr, escaped, and changes no exit code", async () => {
  const command = [
    "verify",
    "captures/hostport-external/svc_host_port.pcap",
    "--scenario=hostport-external",
    "--node=10.20.32.204",
    "--host-port=9000:8080",
  ];
  const without = await runProgram(command);
  const files = [join(folder, "a=b.txt"), join(folder, "conntrack.txt")];
  const told = await runProgram([...command, ...files.flatMap((file) => ["--conntrack", file])]);
  expect(told.code).toBe(without.code);
  expect(told.stderr).toContain("a=b.txt:1: colour=");
  expect(told.stderr).not.toContain("\u001B");
  expect(told.stderr).toContain("conntrack.txt:2: not a connection as");
});
