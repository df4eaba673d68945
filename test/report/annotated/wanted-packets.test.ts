/** Which packets are wanted of many failures, and how many of each connection are kept. */
import { expect, test } from "vitest";
import { CaptureRecord } from "#observed/capture/record.js";
import { IpPacket } from "#observed/decode/packet.js";
import { epochNs } from "#net/types.js";
import { KEPT_PER_DIRECTION, PacketKeeper } from "#report/annotated/packet-keeper.js";
import { MAX_STORIES, wantedPackets } from "#report/annotated/wanted-packets.js";
import type { ConnectionReport, Report } from "#verify/report.js";
import { DIALLED, FINDINGS } from "../../support/findings.js";

const FILE = "client.pcap";

/** A connection that fails with this code; its first packet is the one of this number. */
function failed(code: string, number: number): ConnectionReport {
  const finding = { code, id: code, title: code, explanation: "", remedy: "" };
  const evidence = [{ file: FILE, packet: number }];
  return {
    id: `c${number}`,
    protocol: "tcp",
    scenario: "auto",
    client: undefined,
    verdict: "fail",
    sightings: [{ ...DIALLED, evidence }],
    checks: [
      {
        check: "answered",
        verdict: "fail",
        expected: "a",
        observed: "b",
        evidence,
        assumptions: [],
        missing: [],
        finding,
      },
    ],
    attributions: [],
    joinedBy: undefined,
  };
}

function reportOf(connections: readonly ConnectionReport[]): Report {
  const [found] = FINDINGS;
  if (!found) throw new Error("no findings");
  return { ...found.report, verdict: "fail", connections, across: [] };
}

test("of many failures each kind has its share of stories, and what is cited is wanted of all", () => {
  const many = Array.from({ length: MAX_STORIES + 400 }, (_, at) => failed("PC030", at + 1));
  const few = Array.from({ length: 50 }, (_, at) => failed("PC024", many.length + at + 1));
  const wanted = wantedPackets(reportOf([...many, ...few]));
  const { sightings, evidence } = wanted.files.get(FILE) ?? {};
  expect(wanted.withoutStory).toBe(450);
  expect(sightings?.size).toBe(MAX_STORIES);
  expect(few.every(({ id }) => sightings?.has(Number(id.slice(1))))).toBe(true);
  expect(evidence?.size).toBe(many.length + few.length);
});

test("of a long connection the first packets of each direction are kept, and what is cited", () => {
  const connection = failed("PC030", 1);
  const [check] = connection.checks;
  if (!check) throw new Error("no check");
  const late = { ...check, evidence: [{ file: FILE, packet: 400 }] };
  const keeper = keeping({ ...connection, checks: [late] }, 500);
  const numbers = keeper.kept.map(({ number }) => number);
  const requests = numbers.filter((number) => number % 2 === 1);
  const replies = numbers.filter((number) => number % 2 === 0 && number !== 400);
  expect(requests).toEqual(Array.from({ length: KEPT_PER_DIRECTION }, (_, at) => 2 * at + 1));
  expect(replies).toEqual(Array.from({ length: KEPT_PER_DIRECTION }, (_, at) => 2 * at + 2));
  expect(numbers).toContain(400);
  expect({ missing: keeper.missing, leftOut: keeper.leftOut }).toEqual({ missing: 0, leftOut: 0 });
});

test("what a capture lost between the two readings is counted", () => {
  expect(keeping(failed("PC030", 7), 3).missing).toBe(1);
});

/** A capture of one connection, requests and replies in turn. */
function keeping(connection: ConnectionReport, records: number): PacketKeeper {
  const keeper = new PacketKeeper(wantedPackets(reportOf([connection])));
  const request = Object.assign(
    new IpPacket(),
    ends([198, 51, 100, 79, 41001], [10, 20, 32, 204, 9000]),
  );
  const reply = Object.assign(
    new IpPacket(),
    ends([10, 20, 32, 204, 9000], [198, 51, 100, 79, 41001]),
  );
  const record = new CaptureRecord();
  const sink = keeper.around(({ number }) =>
    keeper.watch({ connection: 0, packet: number % 2 === 1 ? request : reply }),
  );
  keeper.startPoint("client");
  keeper.startFile(FILE);
  for (let number = 1; number <= records; number++) sink(Object.assign(record, { number }));
  keeper.finishFile({ baseTime: epochNs(0n) });
  return keeper;
}

type End = readonly [number, number, number, number, number];

function ends(from: End, to: End): Partial<IpPacket> {
  return {
    source: addressOf(from),
    destination: addressOf(to),
    sourcePort: from[4],
    destinationPort: to[4],
  };
}

function addressOf([a, b, c, d]: End): Int32Array {
  return Int32Array.of(0, 0, 0, (a << 24) | (b << 16) | (c << 8) | d);
}
