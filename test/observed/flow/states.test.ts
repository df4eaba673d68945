import { expect, test } from "vitest";
import { segments, track } from "./support.js";

const HANDSHAKE = `
  > S 100
  < SA 500 ack 101
  > A 101 ack 501`;
const REQUEST = `
  > PA 101+10 ack 501
  < A 501 ack 111
  < PA 501+20 ack 111
  > A 111 ack 521`;

interface Row {
  readonly name: string;
  readonly script: string;
  readonly state: string;
  readonly history: string;
  readonly bytes: readonly [number, number];
}

// States and histories as read from Zeek's source (TCPSessionAdapter.cc, conn/main.zeek), not from a run
// of Zeek; where `FlowTracker` says that it differs, a row shows how.
// prettier-ignore
const ROWS: readonly Row[] = [
  { name: "SYN alone", script: "> S 100", state: "S0", history: "S", bytes: [0, 0] },
  { name: "SYN sent again", script: "> S 100\n> S 100", state: "S0", history: "S", bytes: [0, 0] },
  { name: "refused", script: "> S 100\n< RA 0 ack 101", state: "REJ", history: "Sr", bytes: [0, 0] },
  { name: "SYN, then RST of the same side", script: "> S 100\n> R 101", state: "RSTOS0", history: "SR", bytes: [0, 0] },
  { name: "SYN, FIN, no answer", script: "> S 100\n> F 101", state: "SH", history: "SF", bytes: [0, 0] },
  { name: "handshake", script: HANDSHAKE, state: "S1", history: "ShA", bytes: [0, 0] },
  { name: "handshake, no last ACK", script: "> S 100\n< SA 500 ack 101", state: "S1", history: "Sh", bytes: [0, 0] },
  { name: "request and reply", script: HANDSHAKE + REQUEST, state: "S1", history: "ShADad", bytes: [10, 20] },
  { name: "closed by both", script: `${HANDSHAKE}${REQUEST}
    > FA 111 ack 521
    < FA 521 ack 112
    > A 112 ack 522`, state: "SF", history: "ShADadFf", bytes: [10, 20] },
  { name: "closed by originator", script: `${HANDSHAKE}
    > FA 101 ack 501
    < A 501 ack 102`, state: "S2", history: "ShAFa", bytes: [0, 0] },
  { name: "closed by responder", script: `${HANDSHAKE}
    < FA 501 ack 101
    > A 101 ack 502`, state: "S3", history: "ShAf", bytes: [0, 0] },
  { name: "aborted by originator", script: `${HANDSHAKE}${REQUEST}
    > RA 111 ack 521`, state: "RSTO", history: "ShADadR", bytes: [10, 20] },
  { name: "aborted by responder", script: `${HANDSHAKE}${REQUEST}
    < RA 521 ack 111`, state: "RSTR", history: "ShADadr", bytes: [10, 20] },
  { name: "SYN-ACK first: its receiver is the originator", script: "< SA 500 ack 101\n> A 101 ack 501", state: "S1", history: "^hA", bytes: [0, 0] },
  { name: "SYN-ACK before its SYN", script: "< SA 500 ack 101\n> S 100\n> A 101 ack 501", state: "S1", history: "^hSA", bytes: [0, 0] },
  { name: "SYN-ACK and FIN, nothing of the other side", script: "< SA 500 ack 101\n< FA 501 ack 101", state: "SHR", history: "^hf", bytes: [0, 0] },
  { name: "SYN-ACK and RST, nothing of the other side", script: "< SA 500 ack 101\n< R 501", state: "RSTRH", history: "^hr", bytes: [0, 0] },
  { name: "only the originator captured", script: `> S 100
    > A 101 ack 501
    > PA 101+10 ack 501
    > A 111 ack 521`, state: "S0", history: "SAD", bytes: [10, 0] },
  { name: "only the responder captured", script: `< SA 500 ack 101
    < A 501 ack 111
    < PA 501+20 ack 111`, state: "OTH", history: "^had", bytes: [0, 20] },
  { name: "middle of a stream", script: `> PA 5000+10 ack 900
    < PA 900+30 ack 5010
    > A 5010 ack 930`, state: "OTH", history: "DdA", bytes: [10, 30] },
  { name: "middle of a stream to its end", script: `> PA 5000+10 ack 900
    < FA 900 ack 5010
    > FA 5010 ack 901
    < A 901 ack 5011`, state: "SF", history: "DfFa", bytes: [10, 0] },
  { name: "RST in the middle of nothing", script: "> R 100", state: "OTH", history: "R", bytes: [0, 0] },
  { name: "RSTs with new numbers are written, the same number is not", script: `${HANDSHAKE}
    > R 101
    > R 101
    > R 150`, state: "RSTO", history: "ShARR", bytes: [0, 0] },
  { name: "FIN and RST together", script: `${HANDSHAKE}
    > FR 101`, state: "RSTO", history: "ShAI", bytes: [0, 0] },
  { name: "SYN and FIN together", script: "> SF 100", state: "SH", history: "Q", bytes: [0, 0] },
  { name: "RST after both FINs changes nothing", script: `${HANDSHAKE}
    > FA 101 ack 501
    < FA 501 ack 102
    > R 102`, state: "SF", history: "ShAFfR", bytes: [0, 0] },
  { name: "zero windows at the 1st and 10th", script: `${HANDSHAKE}
    ${Array.from({ length: 10 }, (_, at) => `< A 501 ack 101 id ${7000 + at} win 0`).join("\n")}`, state: "S1", history: "ShAaww", bytes: [0, 0] },
  { name: "payload sent again", script: `${HANDSHAKE}
    > PA 101+10 ack 501
    > PA 101+10 ack 501 at 400`, state: "S1", history: "ShADT", bytes: [10, 0] },
  { name: "acknowledged, but never seen: the capture lost it", script: `${HANDSHAKE}
    > A 101+100 ack 501
    > A 301+100 ack 501
    < A 501 ack 401`, state: "S1", history: "ShADaG", bytes: [300, 0] },
  { name: "late, not lost", script: `${HANDSHAKE}
    > A 101+100 ack 501
    > A 301+100 ack 501
    > A 201+100 ack 501
    < A 501 ack 401`, state: "S1", history: "ShADTa", bytes: [300, 0] },
  { name: "sequence numbers pass 2^32", script: `> S 4294967290
    < SA 500 ack 4294967291
    > A 4294967291+100 ack 501
    < A 501 ack 95
    > FA 95 ack 501`, state: "S2", history: "ShDaF", bytes: [100, 0] },
  { name: "initial sequence number 2^32 - 1", script: `> S 4294967295
    < SA 4294967295 ack 0
    > A 0+50 ack 0
    < A 0 ack 50`, state: "S1", history: "ShDa", bytes: [50, 0] },
  { name: "first seen at sequence number 0", script: "> A 0+50 ack 9\n< A 9 ack 50", state: "OTH", history: "Da", bytes: [50, 0] },
  { name: "both send a SYN", script: "> S 100\n< S 500\n< SA 500 ack 101\n> SA 100 ack 501", state: "S1", history: "Ss", bytes: [0, 0] },
];

test.each(ROWS)("$name: $state $history", ({ script, state, history, bytes }) => {
  const [connection, ...others] = track(segments(script));
  expect(others).toEqual([]);
  expect(connection).toMatchObject({ state, history, payloadBytes: bytes });
  expect(connection?.originator.port).toBe(40000);
});
