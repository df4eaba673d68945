/** What is to be said of recorded captures, whole and after they have lost something. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { captureName } from "#observed/capture/capture-name.js";
import { judgeCaptures } from "#observed/coverage/capture-judgement.js";
import type { PointCoverage } from "#observed/coverage/point-coverage.js";
import { REMARKS, remarksOn } from "#observed/coverage/remarks/index.js";
import { trackCaptures } from "../../../src/pipeline.js";
import { oneDirection, singles, snaplen, withLoss, type Loss } from "../../support/capture-loss.js";
import { blockSource } from "../../support/capture-read.js";

async function coverageOf(path: string, loss?: Loss): Promise<PointCoverage> {
  const whole = readFileSync(`captures/${path}`);
  const bytes = loss ? withLoss(whole, loss) : whole;
  if (bytes === undefined) throw new Error(`${path} loses nothing by ${loss?.name}`);
  const point = captureName(path.slice(path.indexOf("/") + 1));
  const files = [{ name: path, open: () => blockSource(bytes, path) }];
  const tracked = await trackCaptures([{ point, files }], { packets: "counted" });
  const [judged] = judgeCaptures(tracked.points, tracked.connections).points;
  if (!judged) throw new Error(`${path}: no point`);
  return judged.coverage;
}

const ETH0 = "hostport-external/node1.eth0.pcap";
const UNKNOWN_AND_NOTED = [
  "drops-not-told",
  "looks-filtered",
  "checksum-offload",
  "no-ip-id",
  "coarse-times",
];

// prettier-ignore
const ROWS: readonly { path: string; loss?: Loss; ids: readonly string[] }[] = [
  { path: ETH0,                                     ids: UNKNOWN_AND_NOTED },
  { path: ETH0, loss: singles(3, 50),               ids: ["unseen-data", ...UNKNOWN_AND_NOTED] },
  { path: ETH0, loss: snaplen(60),                  ids: ["headers-cut", "drops-not-told", "looks-filtered", "payload-cut", "checksum-offload", "no-ip-id", "coarse-times"] },
  { path: ETH0, loss: oneDirection(0),              ids: ["one-sided", "drops-not-told", "looks-filtered", "checksum-offload", "coarse-times"] },
  { path: "hostport-external/node1.any.pcap", loss: oneDirection(0), ids: ["one-direction", "drops-not-told", "looks-filtered", "checksum-offload", "one-way-halves", "no-ip-id"] },
  { path: "hostport-external/node1.any-sll.pcap",   ids: ["no-interface-index", "drops-not-told", "looks-filtered", "checksum-offload", "copies", "no-ip-id", "coarse-times"] },
  { path: "hostport-external/node1.lo.pcap",        ids: ["recorded-nothing"] },
  { path: "hostport-external/node1.multi.pcapng",   ids: ["looks-filtered", "checksum-offload", "no-ip-id"] },
  { path: "hostport-localhost/node1.cni0.pcap",     ids: ["drops-not-told", "looks-filtered", "promiscuous-not-told", "checksum-offload", "one-way-halves", "no-ip-id", "coarse-times"] },
  { path: "hostport-mid-connection/pod-p1a.eth0.pcap", ids: ["drops-not-told", "looks-filtered", "mid-stream", "checksum-offload", "no-ip-id", "coarse-times"] },
];

test.each(ROWS)("$path, $loss.name: $ids", async ({ path, loss, ids }) => {
  const remarks = remarksOn(await coverageOf(path, loss));
  expect(remarks.map(({ id }) => id)).toEqual(ids);
});

async function withDropped(dropped: number) {
  const coverage = await coverageOf(ETH0);
  return remarksOn({ ...coverage, losses: { ...coverage.losses, dropped } })[0];
}

/** Recorded as people capture when it goes wrong. */
// prettier-ignore
test.each([
  { path: "capture-kernel-drops/pod-p1a.eth0.pcapng", id: "kernel-dropped", figure: "dropped 205 packets" },
  { path: "capture-one-direction/node1.eth0.pcap",    id: "one-sided",      figure: "5 of 5 (100 %)" },
  { path: "capture-snaplen-96/node1.eth0.pcap",       id: "headers-cut",    figure: "30 of 86 (35 %)" },
  { path: "userspace-proxy/node1.lo.pcap",            id: "one-way-halves", figure: "4 of 4 (100 %)" },
])("$path: $id, $figure", async ({ path, id, figure }) => {
  const remarks = remarksOn(await coverageOf(path));
  expect(remarks.find((remark) => remark.id === id)?.text).toContain(figure);
});

test("a clock that was set back while the capture ran", async () => {
  const coverage = await coverageOf(ETH0);
  const captures = coverage.captures.map((one) => ({ ...one, farthestBackNs: 3.6e12 }));
  const [remark] = remarksOn({ ...coverage, captures });
  expect(remark).toMatchObject({ id: "set-back", grade: "limits" });
  expect(remark?.text).toContain("go back by 3600.0 s");
});

describe("kernel drops", () => {
  test("some are told with their number", async () => {
    const remark = await withDropped(12);
    expect(remark).toMatchObject({ id: "kernel-dropped", grade: "limits" });
    expect(remark?.text).toContain("dropped 12 packets");
  });

  test("none are nothing to tell, and nothing unknown", async () => {
    expect((await withDropped(0))?.id).toBe("looks-filtered");
  });
});

test("no recorded capture is told to have lost data: tcpdump dropped nothing of them", async () => {
  const cases = readdirSync("captures", { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.startsWith("broken-"))
    .map(({ name }) => name);
  const told: string[] = [];
  for (const recorded of cases) {
    for (const file of readdirSync(`captures/${recorded}`).filter((one) => one.endsWith(".pcap"))) {
      const { losses } = await coverageOf(`${recorded}/${file}`);
      if (losses.unseen > 0) told.push(`${recorded}/${file}`);
    }
  }
  expect(told).toEqual([]);
});

test("every file in remarks/ is listed, under its own name", () => {
  const files = readdirSync("src/observed/coverage/remarks")
    .map((name) => name.replace(".ts", ""))
    .filter((name) => name !== "index");
  expect(REMARKS.map(({ id }) => id).sort()).toEqual(files.sort());
});
