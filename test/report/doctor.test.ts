/** The document for programs, and the sentences for people, about the same captures. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { judgeCaptures } from "#observed/coverage/capture-judgement.js";
import { doctorJson } from "#report/doctor-json.js";
import { doctorDocument } from "#report/doctor-schema.js";
import { doctorText } from "#report/doctor-text.js";
import { UNBOUNDED } from "#report/table.js";
import { trackCaptures } from "../../src/pipeline.js";
import { blockSource } from "../support/capture-read.js";

async function judged(...paths: readonly string[]) {
  const inputs = paths.map((path) => ({
    point: path.replace(/^.*\/(.*)\.pcap$/, "$1"),
    files: [{ name: path, open: () => blockSource(readFileSync(`captures/${path}`), path) }],
  }));
  const tracked = await trackCaptures(inputs, { packets: "counted" });
  return judgeCaptures(tracked.points, tracked.connections);
}

const documentOf = async (...paths: readonly string[]) =>
  doctorDocument.parse(JSON.parse([...doctorJson(await judged(...paths))].join("")));

test("a sound capture and a limited one", async () => {
  const document = await documentOf(
    "hostport-external/node1.eth0.pcap",
    "hostport-external/node1.any-sll.pcap",
  );
  expect(document.verdict).toBe("limited");
  expect(document.points.map(({ point, limited }) => ({ point, limited }))).toEqual([
    { point: "node1.eth0", limited: false },
    { point: "node1.any-sll", limited: true },
  ]);
  expect(document.together).toEqual({
    first: "2026-11-21T10:00:41.664703000Z",
    last: "2026-11-21T10:00:42.004794000Z",
  });
});

test("captures of two attempts are apart, though each is sound", async () => {
  const paths = ["hostport-external/node1.eth0.pcap", "broken-no-dnat/pod-p1a.eth0.pcap"];
  expect(await documentOf(...paths)).toMatchObject({
    verdict: "limited",
    apart: ["node1.eth0", "pod-p1a.eth0"],
    together: null,
  });
});

test("every remark and remedy of the document is in the text", async () => {
  const judgement = await judged("hostport-external/node1.any-sll.pcap");
  const text = [...doctorText(judgement, { layout: UNBOUNDED, verbose: false })].join("");
  const said = judgement.points
    .flatMap((point) => point.remarks)
    .flatMap(({ text: sentence, remedy }) =>
      remedy === undefined ? [sentence] : [sentence, remedy],
    );
  expect(said.length).toBeGreaterThan(6);
  expect(said.filter((sentence) => !text.includes(sentence))).toEqual([]);
});
