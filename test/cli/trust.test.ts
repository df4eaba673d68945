/** What a stranger's file may not do: reach the terminal, hide the other files, or end in a stack. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { flowsDocument } from "#report/flows-schema.js";
import { runProgram } from "./run-program.js";

const CASE = "captures/hostport-external";
const INSIDE = readFileSync(`${CASE}/svc_host_port.pcap`);
const root = mkdtempSync(join(tmpdir(), "pcapcheck-trust-"));
afterAll(() => rmSync(root, { recursive: true }));

const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

test.each(["table", "wide", "json", "jsonl"])(
  "a file's name cannot move the cursor: %s",
  async (format) => {
    const file = join(root, "a\u001b[2J\u202e\u009b\r.pcap");
    writeFileSync(file, INSIDE.subarray(0, 1000));
    for (const world of [
      {},
      { terminal: 200, env: { NO_COLOR: "1" } },
      { terminal: 60, env: { NO_COLOR: "1" } },
    ]) {
      const { stdout, stderr, code } = await runProgram(["flows", file, "-o", format], world);
      expect(stdout.replaceAll("\n", "")).not.toMatch(CONTROL);
      expect(stderr.replaceAll("\n", "")).not.toMatch(CONTROL);
      expect(code).toBe(0);
    }
  },
);

test("an interface's name cannot either", async () => {
  // The name in the pcapng's first interface block: four letters, as many bytes.
  const bytes = readFileSync(`${CASE}/node1.multi.pcapng`);
  bytes.set([0x1b, 0x5b, 0x32, 0x4a], bytes.indexOf("eth0"));
  const { stdout } = await runProgram(["flows", "-"], { stdin: bytes });
  expect(stdout).toContain("\\x1b[2J");
  expect(stdout.replaceAll("\n", "")).not.toMatch(CONTROL);
});

test("texts of a scenario file cannot either", async () => {
  const hostile = "a\\e[2J\\u202E\\u2028b";
  const file = join(root, "my.yaml");
  writeFileSync(
    file,
    `schema: pcapcheck.scenario/v1
name: mine
title: "${hostile}"
question: "${hostile}"
explanation: "${hostile}"
target: path
rows:
- name: "${hostile}"
  client: external
  dialled: node-port
  endpoint: same-node
  outcome: answered
  source: client
  points:
  - { at: pod, request: client > endpoint, why: "${hostile}" }
  rules: ["${hostile}"]
  why: "${hostile}"
  reference: "${hostile}"
`,
  );
  for (const world of [{}, { terminal: 60, env: { NO_COLOR: "1" } }]) {
    const { stdout, code } = await runProgram(["scenarios", "show", file], world);
    expect(code).toBe(0);
    expect(stdout.split(String.raw`\x1b[2J`).length).toBeGreaterThan(6);
    expect(stdout.replaceAll("\n", "")).not.toMatch(CONTROL);
  }
});

test("a connection's name on the command line cannot either", async () => {
  const file = `${CASE}/svc_host_port.pcap`;
  const { stderr, code } = await runProgram(["verify", file, "--connection", "c\u001b[2J\u202e"]);
  expect(code).toBe(2);
  expect(stderr).toContain(String.raw`c\x1b[2J`);
  expect(stderr.replaceAll("\n", "")).not.toMatch(CONTROL);
});

test("cut at every length: exit 0 once there is a header, 2 before, never a throw", async () => {
  const codes = [];
  for (let length = 0; length < 400; length++) {
    const { stderr, code } = await runProgram(["flows", "-"], {
      stdin: INSIDE.subarray(0, length),
    });
    expect(stderr).toMatch(/^stdin: /);
    codes.push(code);
  }
  expect(codes.indexOf(0)).toBe(24);
  expect(codes.lastIndexOf(2)).toBe(23);
});

test("what cannot be read does not hide what can", async () => {
  const broken = join(root, "broken.pcap");
  writeFileSync(broken, Buffer.concat([INSIDE.subarray(0, 24), Buffer.alloc(64, 0xff)]));
  const files = [broken, `${CASE}/README.md`, "nope.pcap", `${CASE}/svc_host_port.pcap`];
  const { stdout, stderr, code } = await runProgram(["flows", ...files, "-o", "json"]);
  expect(code).toBe(2);
  expect(flowsDocument.parse(JSON.parse(stdout)).connections).toHaveLength(2);
  for (const file of files.slice(0, 3)) expect(stderr.split(`${file}: `).length).toBe(2);
});

test("a capture of which nothing can be decoded is not read: exit 2", async () => {
  const bytes = Buffer.from(INSIDE);
  bytes.writeUInt32LE(105, 20);
  const { stderr, code } = await runProgram(["flows", "-"], { stdin: bytes });
  expect(stderr).toContain("stdin#1: 12 packets: link type 105");
  expect(stderr).toContain("stdin: none of 12 packets could be decoded");
  expect(code).toBe(2);
});

test("a fault of the program is no message to a user: it is thrown with its stack", async () => {
  const world = {
    stdin: INSIDE,
    env: new Proxy(
      {},
      {
        get: () => {
          throw new RangeError("ours");
        },
      },
    ),
  };
  await expect(runProgram(["flows", "-"], world)).rejects.toThrow(RangeError);
});
