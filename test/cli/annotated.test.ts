/** `verify -o pcapng`: where it goes, and what it does with captures that come once. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readFile } from "../support/capture-read.js";
import { commentsOf, pcapngBlocks } from "../support/pcapng-text.js";
import { runProgram } from "./run-program.js";

const folder = mkdtempSync(join(tmpdir(), "pcapcheck-annotated-"));
afterAll(() => rmSync(folder, { recursive: true }));

const BROKEN = "captures/broken-extra-masquerade";
const ASKED = ["verify", "--scenario", "hostport-external", "--node", "10.20.32.204"];

test("the file holds packets, the table says what it says without, and the exit code stays", async () => {
  const path = join(folder, "one.pcapng");
  const plain = await runProgram([...ASKED, BROKEN]);
  const both = await runProgram([...ASKED, BROKEN, "-o", `pcapng=${path}`]);
  expect(both).toEqual(plain);
  expect(plain.code).toBe(1);
  expect(readFile(readFileSync(path)).summary.records).toBeGreaterThan(10);
});

test("standard input comes once: refused before it is read, with what to do", async () => {
  const path = join(folder, "never.pcapng");
  const stdin = readFileSync(`${BROKEN}/node1.eth0.pcap`);
  const { code, stdout, stderr } = await runProgram([...ASKED, "-", "-o", `pcapng=${path}`], {
    stdin,
  });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^-o pcapng: .*stdin comes once\n {4}try {7}save it to a file first/);
  expect(() => readFileSync(path)).toThrow("ENOENT");
});

test("of an archive, packets are taken from its captures and called by its name", async () => {
  const archive = join(folder, "case.tgz");
  execFileSync("tar", ["-czf", archive, "-C", "captures", "broken-extra-masquerade"]);
  const path = join(folder, "archive.pcapng");
  const { code } = await runProgram(["verify", archive, "-o", `pcapng=${path}`]);
  expect(code).toBe(1);
  const comments = pcapngBlocks(readFileSync(path)).flatMap(commentsOf);
  const named = comments.filter((text) => text.startsWith("pcapcheck c"));
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((text) => !text.includes(`${archive}/broken-extra-masquerade/`))).toEqual([]);
});
