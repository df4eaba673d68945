/** The annotated capture as tshark and capinfos see it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { annotatedCase } from "../../support/annotated.js";
import { isInstalled } from "../../support/installed.js";
import { commentsOf, pcapngBlocks } from "../../support/pcapng-text.js";

const RECORDED = "broken-nodeport-no-masquerade";

describe.skipIf(!isInstalled("tshark"))("in tshark, skipped where it is not installed", () => {
  const folder = mkdtempSync(join(tmpdir(), "pcapcheck-annotated-"));
  const path = join(folder, "annotated.pcapng");
  let file: Uint8Array = new Uint8Array(0);
  beforeAll(async () => {
    ({ file } = await annotatedCase(RECORDED));
    writeFileSync(path, file);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const tshark = (...more: readonly string[]): readonly string[] =>
    run("tshark", ["-r", path, ...more])
      .split("\n")
      .filter((line) => line !== "");

  test("each packet has its interface's name and its comments", () => {
    const fields = ["frame.number", "frame.interface_name", "frame.comment"];
    const lines = tshark(
      "-T",
      "fields",
      "-E",
      "aggregator=|",
      ...fields.flatMap((one) => ["-e", one]),
    );
    const packets = pcapngBlocks(file).filter(({ type }) => type === 6);
    expect(lines).toHaveLength(packets.length);
    for (const [at, line] of lines.entries()) {
      const [number, name = "", comments] = line.split("\t");
      const expected = packets[at] ? commentsOf(packets[at]) : [];
      expect(Number(number)).toBe(at + 1);
      expect(comments).toBe(expected.join("|"));
      expect(expected[0]).toContain(` at ${name}`);
    }
  });

  test("a code selects its connections, and only those", () => {
    const fields = ["-T", "fields", "-e", "frame.comment"];
    const chosen = tshark("-Y", 'frame.comment contains "PC028"', ...fields);
    const all = tshark(...fields);
    expect(chosen.length).toBeGreaterThan(0);
    expect(chosen.length).toBeLessThan(all.length);
    expect(chosen).toEqual(all.filter((line) => line.includes("PC028")));
  });

  test("the topology's names stand for addresses", () => {
    const hosts = tshark("-N", "n", "-T", "fields", "-e", "ip.dst_host").join("\n");
    expect(hosts).toContain("p2a");
    expect(hosts).not.toContain("10.233.2.2");
  });

  test("the file itself is nowhere malformed", () => {
    expect(tshark("-Y", "_ws.malformed || _ws.short")).toEqual([]);
  });

  test.skipIf(!isInstalled("capinfos"))(
    "capinfos counts its packets and reads its comments",
    () => {
      const text = run("capinfos", [path]);
      const packets = pcapngBlocks(file).filter(({ type }) => type === 6);
      expect(text).toMatch(new RegExp(`Number of packets: +${packets.length}\n`));
      expect(text).toContain("File timestamp precision:  nanoseconds (9)");
      expect(text).toContain("Capture comment:     pcapcheck fail, auto");
    },
  );
});

function run(program: string, words: readonly string[]): string {
  return execFileSync(program, words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}
