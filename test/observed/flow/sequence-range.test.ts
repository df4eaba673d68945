/** What a direction's sequence numbers say, and that they say nothing of what was not seen. */
import { expect, test } from "vitest";
import type { SequenceRange } from "#observed/flow/connection.js";
import { segments, track } from "./support.js";

interface Row {
  readonly name: string;
  readonly script: string;
  readonly originator: SequenceRange | undefined;
  readonly responder: SequenceRange | undefined;
}

const range = (start?: number, end?: number, acknowledged?: number): SequenceRange => ({
  start,
  end,
  acknowledged,
});

// prettier-ignore
const ROWS: readonly Row[] = [
  { name: "a SYN without an answer", script: "> S 100", originator: range(100, 101), responder: undefined },
  { name: "a handshake, and data that is acknowledged in part", script: `
    > S 100
    < SA 500 ack 101
    > A 101+20 ack 501
    < A 501 ack 111`, originator: range(100, 121, 111), responder: range(500, 501, 501) },
  { name: "mid-stream: as if a SYN had come before", script: "> A 101+20 ack 501", originator: range(100, 121), responder: range(undefined, undefined, 501) },
  { name: "one side alone, acknowledging more and more", script: `
    > A 101 ack 501
    > A 101 ack 901`, originator: range(100, 101), responder: range(undefined, undefined, 901) },
  { name: "a refused SYN: the RST's number is not the stream's", script: `
    > S 100
    < RA 0 ack 101`, originator: range(100, 101), responder: undefined },
  { name: "a RST after data has no say", script: `
    > S 100
    < SA 500 ack 101
    > A 101+20 ack 501
    > R 121`, originator: range(100, 121, 101), responder: range(500, 501, 501) },
  { name: "across 2^32", script: `
    > A 4294967290+10 ack 4294967295
    < A 4294967295+3 ack 4
    > A 4 ack 2`, originator: range(4_294_967_289, 4, 4), responder: range(4_294_967_294, 2, 2) },
];

for (const { name, script, originator, responder } of ROWS) {
  test(`numbers of ${name}`, () => {
    const [connection] = track(segments(script));
    expect(connection?.directions.map(({ sequence }) => sequence)).toEqual([originator, responder]);
  });
}

test("data acknowledged that was never seen is counted for the side that sent it", () => {
  const [connection] = track(
    segments(`
      > S 100
      < SA 500 ack 101
      > A 101 ack 501
      > A 101 ack 901`),
  );
  expect(connection?.directions.map(({ unseenData }) => unseenData)).toEqual([0, 1]);
});
