/** The program given directories and archives, as somebody types it. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runProgram } from "../run-program.js";
import { tarArchive } from "../../support/tar-archive.js";

const CASE = "captures/broken-forward-drop";
const folder = mkdtempSync(join(tmpdir(), "pcapcheck-run-"));
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
const short = (text: string): string => text.replaceAll(`${folder}/`, "");

async function run(...argv: readonly string[]) {
  const { stdout, stderr, code } = await runProgram(argv);
  return { stdout: short(stdout), stderr: short(stderr), code };
}

const hasTar = spawnSync("tar", ["--version"]).status === 0;

describe.runIf(hasTar)("a directory and archives of it (needs tar)", () => {
  beforeAll(() => {
    cpSync(CASE, at("incident"), { recursive: true });
    execFileSync("tar", ["-cf", at("plain.tar"), "-C", at("incident"), "."]);
    execFileSync("tar", ["-czf", at("packed"), "-C", folder, "incident"]);
    execFileSync("tar", ["--format=pax", "-czf", at("pax.tgz"), "-C", at("incident"), "."]);
    execFileSync("tar", ["--format=v7", "-cf", at("v7.tar"), "-C", at("incident"), "."]);
  });

  test.each([
    ["plain.tar", "plain.tar"],
    ["packed", "packed/incident"],
    ["pax.tgz", "pax.tgz"],
    ["v7.tar", "v7.tar"],
  ])("%s is verified as the directory is", async (archive, shown) => {
    const one = await run("verify", at("incident"), "--scenario", "auto", "-o", "json");
    const other = await run("verify", at(archive), "--scenario", "auto", "-o", "json");
    expect(one.code).toBe(1);
    expect(other.code).toBe(1);
    expect(other.stdout.replaceAll(`${shown}/`, "incident/")).toBe(one.stdout);
    expect(other.stdout + other.stderr).not.toContain(tmpdir());
  });

  test("gzip'd captures and an archive inside are read too", async () => {
    mkdirSync(at("mixed"));
    const capture = readFileSync(`${CASE}/node1.eth0.pcap`);
    writeFileSync(at("mixed/node1.eth0.pcap.gz"), gzipSync(capture));
    writeFileSync(
      at("mixed/pod.tgz"),
      gzipSync(
        tarArchive([
          { path: "pod-p1a.eth0.pcap", bytes: readFileSync(`${CASE}/pod-p1a.eth0.pcap`) },
        ]),
      ),
    );
    const { stderr, code } = await run("flows", at("mixed"));
    expect(code).toBe(0);
    expect(stderr).toMatch(/^node1.eth0: \d+ packets/m);
    expect(stderr).toMatch(/^pod-p1a.eth0: \d+ packets/m);
  });
});

describe("--as", () => {
  const files = [
    { path: "a.pcap", bytes: readFileSync(`${CASE}/node1.eth0.pcap`) },
    { path: "b/a.pcap", bytes: readFileSync(`${CASE}/pod-p1a.eth0.pcap`) },
    {
      path: "what.yaml",
      bytes: readFileSync(`${CASE}/topology.yaml`, "utf8").replace("schema:", "# \nschema :"),
    },
    { path: "notes.txt", bytes: "rules, later" },
  ];
  beforeAll(() => writeFileSync(at("x.tar"), tarArchive(files)));

  // prettier-ignore
  test.each([
    { as: ["a.pcap=node1/eth0", "b/a.pcap=pod:p1a"],    says: ["capture node1/eth0  ", "capture pod:p1a     "] },
    { as: ["x.tar/b/a.pcap=nothing"],                    says: [], },
    { as: ["notes.txt=node1.iptables-save.txt"],         says: ["iptables-save of node1"] },
    { as: ["what.yaml=nothing"],                         says: ["--as says so"] },
  ])("$as is what the table tells", async ({ as, says }) => {
    const words = as.flatMap((one) => ["--as", one.startsWith("x.tar") ? at(one) : one]);
    const { stderr } = await run("verify", at("x.tar"), "--scenario", "auto", "-v", ...words);
    for (const text of says) expect(stderr).toContain(text);
    expect(stderr).toContain("what each file was taken for");
  });

  // prettier-ignore
  test.each([
    { as: "a.pcap",                           says: "--as a.pcap: not NAME=POINT, NAME=NODE.iptables-save.txt, NAME=topology or NAME=nothing\n" },
    { as: "a.pcap=",                          says: "--as a.pcap=: not NAME=POINT" },
    { as: "c.pcap=pod:web",                   says: "--as c.pcap=pod:web: no entry is called c.pcap; did you mean a.pcap?\n    a.pcap\n    b/a.pcap\n    notes.txt\n    what.yaml\n" },
    { as: "a.pcap=topology",                  says: "--as a.pcap=topology: the file is a capture\n" },
    { as: "a.pcap=node1.sysctl.txt",          says: "--as a.pcap=node1.sysctl.txt: the file is a capture\n" },
    { as: "a.pcap=a b",                       says: "--as a.pcap=a b: not a capture point like node1/eth0 or pod:web\n" },
    { as: "notes.txt=pod:web",                says: "--as notes.txt=pod:web: the file is no capture, so it is topology, nothing or\n    NODE.iptables-save.txt\n" },
  ])("$as is refused", async ({ as, says }) => {
    const { stderr, code } = await run("flows", at("x.tar"), "--as", as);
    expect(stderr).toContain(says);
    expect(code).toBe(2);
  });

  test("without a directory or archive it says nothing", async () => {
    const { stderr, code } = await run(
      "flows",
      `${CASE}/node1.eth0.pcap`,
      "--as",
      "node1.eth0.pcap=x",
    );
    expect(stderr).toBe(
      "--as node1.eth0.pcap=x: no directory and no archive is read\n" +
        "    try       POINT=FILE, which says where a file was captured\n",
    );
    expect(code).toBe(2);
  });
});

describe("state that contradicts itself", () => {
  const rules = readFileSync(`${CASE}/node1.iptables-save.txt`);
  const capture = { path: "node1.eth0.pcap", bytes: readFileSync(`${CASE}/node1.eth0.pcap`) };
  const twice = tarArchive([
    capture,
    { path: "node1.iptables-save.txt", bytes: rules },
    { path: "node1/iptables-save.txt", bytes: rules },
  ]);

  test("two files of one kind and node are refused by verify, with the flag that ends it", async () => {
    writeFileSync(at("twice.tar"), twice);
    const { stderr, code } = await run("verify", at("twice.tar"), "--scenario", "auto");
    expect(stderr).toContain("two files are iptables-save.txt of node1\n");
    expect(stderr).toContain("try       --as twice.tar/node1/iptables-save.txt=nothing");
    expect(code).toBe(2);
  });

  test("flows reads the captures alone", async () => {
    writeFileSync(at("twice.tar"), twice);
    expect((await run("flows", at("twice.tar"))).code).toBe(0);
  });

  test("a node of which a file is missing is left out, and it is said", async () => {
    const topology = readFileSync(`${CASE}/topology.yaml`);
    const entries = [capture, { path: "node1.iptables-save.txt", bytes: rules }];
    writeFileSync(
      at("part.tar"),
      tarArchive([...entries, { path: "topology.yaml", bytes: topology }]),
    );
    const { stderr, code } = await run("verify", at("part.tar"), "--scenario", "auto");
    expect(stderr).toContain(
      "part.tar/node1.iptables-save.txt: not used, the node's ip-addr.json is missing beside it (ip -j addr)\n",
    );
    expect(code).not.toBe(2);
  });
});

describe("directories", () => {
  test("a link to a folder above is not followed, one to a file is", async () => {
    mkdirSync(at("loop/inner"), { recursive: true });
    symlinkSync("..", at("loop/inner/up"));
    symlinkSync(join(process.cwd(), `${CASE}/node1.eth0.pcap`), at("loop/inner/node1.eth0.pcap"));
    symlinkSync("nowhere", at("loop/broken.pcap"));
    const { stderr, code } = await run("flows", at("loop"));
    expect(stderr).toContain("inner/up: a link to a folder, not followed");
    expect(stderr).toContain("broken.pcap: no such file or directory");
    expect(stderr).toMatch(/^node1.eth0: \d+ packets/m);
    expect(code).toBe(0);
  });

  test("folders that are nested without end are", async () => {
    const deep = at(`deep/${"d/".repeat(30)}`);
    mkdirSync(deep, { recursive: true });
    writeFileSync(at("deep/a.pcap"), readFileSync(`${CASE}/node1.eth0.pcap`));
    writeFileSync(join(deep, "b.pcap"), readFileSync(`${CASE}/node1.eth0.pcap`));
    const { stderr } = await run("flows", at("deep"), "-v");
    expect(stderr).toContain("folders are nested too deeply here");
    expect(stderr).toMatch(/^a: \d+ packets/m);
  });
});

test("an archive given twice is read once, and one without captures is told", async () => {
  writeFileSync(
    at("one.tar"),
    tarArchive([{ path: "a.pcap", bytes: readFileSync(`${CASE}/node1.eth0.pcap`) }]),
  );
  writeFileSync(at("none.tar"), tarArchive([{ path: "notes.txt", bytes: "text" }]));
  const { stderr, code } = await run("flows", at("one.tar"), at("one.tar"), at("none.tar"));
  expect(stderr).toContain("one.tar: given twice, read once\n");
  expect(stderr).toContain("none.tar: no capture file in this archive\n");
  expect(code).toBe(2);
});

describe("the temporary folder", () => {
  const script = `
    import { TemporaryFolder } from "./dist/cli/bundle/temporary-folder.js";
    import { writeFileSync } from "node:fs";
    const temporary = new TemporaryFolder();
    const file = temporary.next();
    writeFileSync(file, "");
    console.log(file);
    setInterval(() => {}, 1000);
    if (process.argv[1] === "exit") process.exit(7);
    if (process.argv[1] === "throw") throw new Error("ours");
    process.kill(process.pid, process.argv[1]);
  `;
  beforeAll(() => execFileSync("node_modules/.bin/tsc", ["-p", "."], { stdio: "pipe" }), 120_000);

  test.each([
    { end: "SIGINT", signal: "SIGINT", status: null },
    { end: "SIGTERM", signal: "SIGTERM", status: null },
    { end: "exit", signal: null, status: 7 },
    { end: "throw", signal: null, status: 1 },
  ])("is gone after $end, which ends the program as without it", ({ end, signal, status }) => {
    const done = spawnSync("node", ["--input-type=module", "-e", script, end], {
      encoding: "utf8",
    });
    expect({ signal: done.signal, status: done.status }).toEqual({ signal, status });
    const file = done.stdout.trim();
    expect(file).toContain("pcapcheck-");
    expect(existsSync(file)).toBe(false);
    expect(existsSync(join(file, ".."))).toBe(false);
  });
});
