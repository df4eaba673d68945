/** Memory follows the points too: what is too much is said before anything is read. */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runProgram } from "./run-program.js";

const FOLDER = mkdtempSync(join(tmpdir(), "points-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));

test("more than a thousand capture points are refused, and the way out is named", async () => {
  for (let at = 0; at <= 1000; at++) {
    copyFileSync("captures/hostport-external/node1.lo.pcap", join(FOLDER, `node${at}.lo.pcap`));
  }
  const { code, stdout, stderr } = await runProgram(["flows", FOLDER]);
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain("1001 capture points: at most 1000 are followed together");
});
