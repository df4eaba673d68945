/** The built program among real pipes. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { runProgram } from "./run-program.js";

const MAIN = "dist/cli/main.js";
const INSIDE = "captures/hostport-external/svc_host_port.pcap";
const bytes = readFileSync(INSIDE);

beforeAll(() => execFileSync("node_modules/.bin/tsc", ["-p", "."], { stdio: "pipe" }));

/** 3000 connections: one SYN each, from ports of its own. */
function manyConnections(): Buffer {
  const record = Buffer.from(bytes.subarray(24, 24 + 16 + bytes.readUInt32LE(24 + 8)));
  const records = Array.from({ length: 3000 }, (_, number) => {
    const copy = Buffer.from(record);
    copy.writeUInt16BE(1024 + number, 16 + 34);
    return copy;
  });
  return Buffer.concat([bytes.subarray(0, 24), ...records]);
}

test("run as a process it says what it says in one", async () => {
  const { stdout, stderr, status } = spawnSync("node", [MAIN, "flows", INSIDE], {
    encoding: "utf8",
  });
  expect({ stdout, stderr, code: status }).toEqual(await runProgram(["flows", INSIDE]));
});

test("standard input, compressed or not, in pieces", async () => {
  for (const input of [bytes, gzipSync(bytes)]) {
    const { stdout, status } = spawnSync("node", [MAIN, "flows", "-", "-o", "json"], {
      input,
      encoding: "utf8",
    });
    expect(JSON.parse(stdout)).toMatchObject({ captures: [{ records: 12 }] });
    expect(status).toBe(0);
  }
  const pieces = Array.from(bytes, (byte) => Uint8Array.of(byte));
  expect(await runProgram(["flows", "-"], { stdin: pieces })).toEqual(
    await runProgram(["flows", "-"], { stdin: bytes }),
  );
});

test.each(["table", "json"])("%s into a reader that goes away: quiet, exit 0", async (format) => {
  const child = spawn("node", [MAIN, "flows", "-", "-o", format]);
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.once("data", () => child.stdout.destroy());
  child.stdin.end(manyConnections());
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test("into a reader that was never there", async () => {
  const { stdout, stderr, code } = await runProgram(["flows", INSIDE], { closesAfter: 0 });
  expect({ stdout, stderr, code }).toEqual({ stdout: "", stderr: "", code: 0 });
});

test("a large result is written whole before the process ends", () => {
  const { stdout, status } = spawnSync("node", [MAIN, "flows", "-", "-o", "jsonl"], {
    input: manyConnections(),
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  expect(stdout.trimEnd().split("\n")).toHaveLength(3001);
  expect(status).toBe(0);
});

test("a full disk is said, exit 2", () => {
  const { stderr, status } = spawnSync("sh", ["-c", `node ${MAIN} flows ${INSIDE} > /dev/full`], {
    encoding: "utf8",
  });
  expect(stderr).toBe("standard output: ENOSPC: no space left on device, write\n");
  expect(status).toBe(2);
});

test("a pipe in place of a file", () => {
  const { stdout, status } = spawnSync(
    "bash",
    ["-c", `node ${MAIN} flows pod:web=<(cat ${INSIDE})`],
    { encoding: "utf8" },
  );
  expect(stdout).toContain("pod:web");
  expect(status).toBe(0);
});
