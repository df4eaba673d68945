/**
 * Events beside a recorded case in which the entries of connections are deleted while these go on, as
 * the kernel tells such a loss in fixtures/conntrack/events-lost.txt.
 */
import { expect, test } from "vitest";
import { readConntrack } from "#observed/conntrack/read-conntrack.js";
import { askReplay, clientPortOf } from "../../support/replay-cases.js";

const CASE = "broken-conntrack-entry-lost";
const TUPLES =
  "src=198.51.100.79 dst=10.20.32.204 sport=41002 dport=30080 src=10.233.1.2 dst=10.233.1.1 sport=8081";

/** Of 41002, whose second line meets an RST. */
// prettier-ignore
const ROWS: readonly [what: string, lines: string[], cause: string | undefined][] = [
  [
    "deleted while established, and made anew",
    [`[NEW] tcp 6 120 SYN_SENT ${TUPLES} dport=1111`, `[DESTROY] tcp 6 431999 ESTABLISHED ${TUPLES} dport=1111 [ASSURED]`, `[NEW] tcp 6 300 ESTABLISHED ${TUPLES} dport=2222`],
    "conntrack node1 events:2 forgot 198.51.100.79:41002 > 10.20.32.204:30080/tcp while it was ESTABLISHED " +
      "(conntrack -D or -F, or a full table); line 3 has it made anew by a later packet, with 10.233.1.2:8081 > 10.233.1.1:2222 as its answers",
  ],
  ["ended by itself", [`[NEW] tcp 6 120 SYN_SENT ${TUPLES} dport=1111`, `[DESTROY] tcp 6 TIME_WAIT ${TUPLES} dport=1111 [ASSURED]`, `[NEW] tcp 6 300 ESTABLISHED ${TUPLES} dport=2222`], undefined],
  ["deleted, and no packet came after that", [`[NEW] tcp 6 120 SYN_SENT ${TUPLES} dport=1111`, `[DESTROY] tcp 6 431999 ESTABLISHED ${TUPLES} dport=1111 [ASSURED]`], undefined],
  ["another port's", [`[DESTROY] tcp 6 9 ESTABLISHED ${TUPLES.replace("41002", "41009")} dport=1111`, `[NEW] tcp 6 9 ESTABLISHED ${TUPLES.replace("41002", "41009")} dport=1`], undefined],
];

test.each(ROWS)("%s", async (_what, lines, cause) => {
  const { entries } = readConntrack({ node: "node1", file: "events", text: lines.join("\n") });
  expect(entries).toHaveLength(lines.length);
  const report = await askReplay({ recorded: CASE, entries });
  const one = report.connections.find((connection) => clientPortOf(connection) === 41_002);
  expect(one?.verdict).toBe("fail");
  const told = one?.attributions.map((found) =>
    found.kind === "conntrack"
      ? `conntrack ${found.at} ${found.file}:${found.line} ${found.why}`
      : undefined,
  );
  expect(told?.[0]).toBe(cause);
});
