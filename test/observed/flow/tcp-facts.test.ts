import { expect, test } from "vitest";
import { segments, track } from "./support.js";

const HANDSHAKE = `
  > S 100
  < SA 500 ack 101
  > A 101 ack 501`;

interface Row {
  readonly name: string;
  readonly script: string;
  /** Of the originator. */
  readonly retransmissions: number;
  readonly copies: number;
}

// prettier-ignore
const REPEATS: readonly Row[] = [
  { name: "nothing twice", script: HANDSHAKE, retransmissions: 0, copies: 0 },
  { name: "a SYN again, with a new identification", script: "> S 100 id 1\n> S 100 id 2", retransmissions: 1, copies: 0 },
  { name: "the same SYN at the next interface", script: "> S 100 id 1\n> S 100 id 1 ttl 63", retransmissions: 0, copies: 1 },
  { name: "payload again, with a new identification", script: `${HANDSHAKE}
    > A 101+10 ack 501 id 7
    > A 101+10 ack 501 id 8`, retransmissions: 1, copies: 0 },
  { name: "the same payload at the next interface", script: `${HANDSHAKE}
    > A 101+10 ack 501 id 7
    > A 101+10 ack 501 id 7`, retransmissions: 0, copies: 1 },
  { name: "three packets, then the same three at the next interface", script: `${HANDSHAKE}
    > A 101+10 ack 501 id 7
    > A 111+10 ack 501 id 8
    > A 121+10 ack 501 id 9
    > A 101+10 ack 501 id 7
    > A 111+10 ack 501 id 8
    > A 121+10 ack 501 id 9`, retransmissions: 0, copies: 3 },
  { name: "one identification for everything", script: `${HANDSHAKE}
    > A 101+10 ack 501 id 7
    > A 111+10 ack 501 id 7
    > A 121+10 ack 501 id 7`, retransmissions: 0, copies: 0 },
  { name: "RST without identification, twice within 3 ms", script: `${HANDSHAKE}
    > R 101 id 0 at 50
    > R 101 id 0 at 51`, retransmissions: 0, copies: 1 },
  { name: "payload without identification, again after 200 ms", script: `${HANDSHAKE}
    > A 101+10 ack 501 id 0 at 50
    > A 101+10 ack 501 id 0 at 250`, retransmissions: 1, copies: 0 },
  { name: "payload without identification, with other options within 3 ms", script: `${HANDSHAKE}
    > A 101+10 ack 501 id 0 opt 1 at 50
    > A 101+10 ack 501 id 0 opt 2 at 51`, retransmissions: 1, copies: 0 },
  { name: "duplicate acknowledgements without identification", script: `${HANDSHAKE}
    > A 101 ack 501 id 0 at 50
    > A 101 ack 501 id 0 at 51`, retransmissions: 0, copies: 0 },
  { name: "late, filling a hole", script: `${HANDSHAKE}
    > A 111+10 ack 501
    > A 101+10 ack 501`, retransmissions: 0, copies: 0 },
  { name: "keep-alive", script: `${HANDSHAKE}
    > A 101+10 ack 501
    < A 501 ack 111
    > A 110+1 ack 501`, retransmissions: 0, copies: 0 },
  { name: "a FIN again", script: `${HANDSHAKE}
    > FA 101 ack 501
    > FA 101 ack 501`, retransmissions: 1, copies: 0 },
];

test.each(REPEATS)("$name", ({ script, retransmissions, copies }) => {
  const [connection] = track(segments(script));
  expect(connection?.directions[0]).toMatchObject({ retransmissions, copies });
});

test("a SYN with another number begins another connection on the same five-tuple", () => {
  const connections = track(
    segments(`
      > S 100
      < SA 500 ack 101
      > A 101 ack 501
      > FA 101 ack 501
      < FA 501 ack 102
      > A 102 ack 502
      > S 9000
      < SA 7000 ack 9001
      > S 9000
      > S 20000
      < RA 0 ack 20001`),
  );
  expect(connections.map(({ state, directions }) => [state, directions[0].isn])).toEqual([
    ["SF", 100],
    ["S1", 9000],
    ["REJ", 20000],
  ]);
  expect(connections.map(({ packets }) => packets)).toEqual([
    [4, 2],
    [2, 1],
    [1, 1],
  ]);
});

test("one-way replies: a SYN-ACK with another number begins another connection", () => {
  const connections = track(segments("< SA 500 ack 101\n< FA 501 ack 101\n< SA 900 ack 201"));
  expect(connections.map(({ history }) => history)).toEqual(["^hf", "^h"]);
});

test("the middle of a stream, and then a new connection", () => {
  const connections = track(segments("> A 5000+10 ack 900\n< A 900 ack 5010\n> S 100"));
  expect(connections.map(({ state }) => state)).toEqual(["OTH", "S0"]);
});

test("what the directions showed", () => {
  const [connection] = track(
    segments(`
      > S 100 id 7 opt 77
      < SA 500 ack 101 id 0 opt 88
      > A 101 ack 501 ttl 61
      > A 101+10 ack 501 ttl 63
      < A 501 ack 111 win 0
      < RA 501 ack 111`),
  );
  const [originator, responder] = connection?.directions ?? [];
  expect(originator).toMatchObject({
    isn: 100,
    synOptionsHash: 77,
    syns: 1,
    ttl: { min: 61, max: 64 },
    firstIpId: 7,
    firstPayloadLength: 10,
  });
  expect(originator?.firstPayloadHash).toBeTypeOf("number");
  expect(responder).toMatchObject({
    isn: 500,
    synOptionsHash: 88,
    resets: 1,
    zeroWindows: 1,
    firstIpId: 0,
    firstPayloadHash: undefined,
  });
  expect(connection?.packetNumbers).toEqual({
    first: at(1),
    last: at(6),
    originatorFirst: at(1),
    responderFirst: at(2),
    syn: at(1),
    synAck: at(2),
    reset: at(6),
  });
});

function at(packet: number): { file: string; packet: number } {
  return { file: "a.pcap", packet };
}
