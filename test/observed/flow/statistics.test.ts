import { expect, test } from "vitest";
import { CaptureRecord } from "#observed/capture/record.js";
import { DecodedPacket } from "#observed/decode/packet.js";
import type { DecodeStop } from "#observed/decode/stop.js";
import { FileSeries } from "#observed/flow/file-series.js";
import { DecodeStatistics, MAX_ARP_TARGETS, MAX_STOP_KINDS } from "#observed/flow/statistics.js";

function statistics(): { add: (facts: Partial<DecodedPacket>) => void; all: DecodeStatistics } {
  const series = new FileSeries();
  series.start("a.pcap");
  const all = new DecodeStatistics(series);
  const record = new CaptureRecord();
  const add = (facts: Partial<DecodedPacket>) => {
    record.number++;
    all.add(record, Object.assign(new DecodedPacket(), facts));
  };
  return { add, all };
}

const stop = (reason: string): DecodeStop => ({
  kind: "truncated",
  layer: "TCP header",
  offset: 34,
  reason,
});

test("stops are counted by kind, layer and reason, with their first packet", () => {
  const { add, all } = statistics();
  for (const reason of ["short", "long", "short"]) add({ depth: 1, stop: stop(reason) });
  expect(all.summary(0).stops).toEqual([
    { kind: "truncated", layer: "TCP header", reason: "short", packets: 2, first: at(1) },
    { kind: "truncated", layer: "TCP header", reason: "long", packets: 1, first: at(2) },
  ]);
});

test("ARP: who was asked for and never answered", () => {
  const { add, all } = statistics();
  const [me, dead, alive] = [0x0a000001, 0x0a000009, 0x0a000002];
  const ask = (targetAddress = 0) =>
    add({ arp: { operation: 1, senderAddress: me, targetAddress } });
  ask(dead);
  ask(alive);
  add({ arp: { operation: 2, senderAddress: alive ?? 0, targetAddress: me ?? 0 } });
  ask(dead);
  ask(me); // announces itself
  expect(all.summary(0)).toMatchObject({
    withoutIp: 5,
    arp: {
      requests: 4,
      replies: 1,
      unanswered: [{ target: "10.0.0.9", requests: 2, first: at(1) }],
    },
  });
});

test("what is told apart is bounded", () => {
  const { add, all } = statistics();
  for (let kind = 0; kind < MAX_STOP_KINDS + 3; kind++) add({ stop: stop(`reason ${kind}`) });
  for (let target = 1; target < MAX_ARP_TARGETS + 9; target++) {
    add({ arp: { operation: 1, senderAddress: 0, targetAddress: target } });
  }
  const summary = all.summary(0);
  expect(summary.stops).toHaveLength(MAX_STOP_KINDS);
  expect(summary.otherStops).toBe(3);
  expect(summary.arp.unanswered).toHaveLength(MAX_ARP_TARGETS);
});

function at(packet: number): { file: string; packet: number } {
  return { file: "a.pcap", packet };
}
