import { describe, expect, test } from "vitest";
import { formatTuple } from "#net/five-tuple.js";
import type { ConntrackEntry } from "#observed/conntrack/conntrack-entry.js";
import { readConntrack } from "#observed/conntrack/read-conntrack.js";
import { CASES, filesOf, textOf } from "../../support/verify-recorded.js";
import { fixture } from "../../support/conntrack-files.js";

const read = (text: string) => readConntrack({ node: "node1", file: "n.txt", text });

/** `2 tcp 10.0.0.1:1 > 10.0.0.2:2 | 10.0.0.2:2 > 10.0.0.1:1`, with its line in front. */
const describeEntry = ({ line, protocol, original, reply, ...entry }: ConntrackEntry): string =>
  [
    `${line} ${protocol} ${formatTuple(original)} | ${formatTuple(reply)}`,
    ...(entry.event ? [entry.event] : []),
    ...(entry.state ? [entry.state] : []),
    ...(entry.timeoutSeconds === undefined ? [] : [`${entry.timeoutSeconds} s`]),
    ...(entry.isUnreplied ? ["unreplied"] : []),
    ...(entry.isAssured ? ["assured"] : []),
    ...(entry.zone > 0 ? [`zone ${entry.zone}`] : []),
    ...(entry.mark > 0 ? [`mark ${entry.mark}`] : []),
    ...(entry.time === undefined ? [] : [`at ${entry.time}`]),
  ].join(", ");

const TABLE = [
  "1 tcp 192.0.2.10:41007 > 198.51.100.99:80 | 198.51.100.99:80 > 198.51.100.1:25919, SYN_SENT, 119 s, unreplied",
  "2 udp 192.0.2.10:41004 > 192.0.2.1:9000 | 198.51.100.20:8080 > 192.0.2.10:41004, 28 s",
  "3 ip-47 192.0.2.10:0 > 198.51.100.20:0 | 198.51.100.20:0 > 192.0.2.10:0, 29 s, unreplied",
  "4 tcp 192.0.2.10:41002 > 192.0.2.1:9000 | 198.51.100.20:8080 > 198.51.100.1:46674, ESTABLISHED, 431998 s, assured, mark 16384",
  "5 tcp [2001:db8:1::10]:41003 > [2001:db8:2::20]:8081 | [2001:db8:2::20]:8081 > [2001:db8:1::10]:41003, TIME_WAIT, 118 s, assured",
  "6 tcp 192.0.2.10:41001 > 192.0.2.1:9000 | 198.51.100.20:8080 > 198.51.100.1:25016, TIME_WAIT, 118 s, assured, mark 16384",
  "7 sctp 192.0.2.10:40020 > 198.51.100.20:9000 | 198.51.100.20:9000 > 192.0.2.10:40020, CLOSED, 9 s, unreplied",
  "8 udp 192.0.2.10:41005 > 198.51.100.20:7001 | 198.51.100.20:7001 > 192.0.2.10:41005, 29 s, unreplied, zone 7",
  "9 ip-50 192.0.2.10:0 > 198.51.100.20:0 | 198.51.100.20:0 > 192.0.2.10:0, 599 s, unreplied",
  "10 udp 192.0.2.10:41006 > 198.51.100.20:7002 | 198.51.100.20:7002 > 192.0.2.10:41006, 29 s, zone 5",
];

/** Each with what the same kernel's table says, in the words above; `undefined` where only some lines count. */
const FIXTURES: readonly [file: string, entries: readonly string[]][] = [
  ["table-extended.txt", TABLE],
  ["table-plain.txt", TABLE],
  [
    "table-counters.txt",
    [
      "1 icmp6 [2001:db8:1::10]:128 > [2001:db8:2::20]:129 | [2001:db8:2::20]:129 > [2001:db8:1::10]:128, 29 s, unreplied",
      "2 tcp 192.0.2.10:41001 > 192.0.2.1:9000 | 198.51.100.20:8080 > 198.51.100.1:63466, TIME_WAIT, 119 s, assured, mark 16384",
      "3 icmp 192.0.2.10:8 > 198.51.100.20:0 | 198.51.100.20:0 > 192.0.2.10:8, 29 s",
    ],
  ],
  [
    "proc.txt",
    [
      "1 icmp6 [2001:db8:1::10]:128 > [2001:db8:2::20]:129 | [2001:db8:2::20]:129 > [2001:db8:1::10]:128, 29 s, unreplied",
      "2 tcp 192.0.2.10:41001 > 192.0.2.1:9000 | 198.51.100.20:8080 > 198.51.100.1:63466, TIME_WAIT, 119 s, assured, mark 16384",
      "3 icmp 192.0.2.10:8 > 198.51.100.20:0 | 198.51.100.20:0 > 192.0.2.10:8, 29 s",
      "4 ip-47 192.0.2.10:0 > 198.51.100.20:0 | 198.51.100.20:0 > 192.0.2.10:0, 29 s, unreplied",
      "5 tcp [2001:db8:1::10]:41003 > [2001:db8:2::20]:8081 | [2001:db8:2::20]:8081 > [2001:db8:1::10]:41003, TIME_WAIT, 118 s, assured",
      "6 udp 192.0.2.10:41005 > 198.51.100.20:7001 | 198.51.100.20:7001 > 192.0.2.10:41005, 29 s, unreplied, zone 7",
      "7 udp 192.0.2.10:41006 > 198.51.100.20:7002 | 198.51.100.20:7002 > 192.0.2.10:41006, 29 s, zone 5",
    ],
  ],
];

test.each(FIXTURES)("%s", (file, entries) => {
  const { entries: found, remarks } = readConntrack(fixture(file));
  expect(remarks).toEqual([]);
  expect(found.map(describeEntry)).toEqual(entries);
});

const EVENTS: readonly [file: string, lines: number, entries: readonly string[]][] = [
  [
    "events-timestamp.txt",
    25,
    [
      "1 tcp 192.0.2.10:41001 > 192.0.2.1:9000 | 198.51.100.20:8080 > 198.51.100.1:25016, new, SYN_SENT, 120 s, unreplied, mark 16384, at 1795275490506729000",
      "12 udp 192.0.2.10:41006 > 198.51.100.20:7002 | 198.51.100.20:7002 > 192.0.2.10:41006, new, 30 s, unreplied, zone 5, at 1795275490862425000",
      "18 udp 192.0.2.10:41004 > 192.0.2.1:9000 | 198.51.100.20:8080 > 192.0.2.10:41004, destroy, 24 s, at 1795275495664809000",
      "21 ip-47 192.0.2.10:0 > 198.51.100.20:0 | 198.51.100.20:0 > 192.0.2.10:0, destroy, unreplied, at 1795275531179098000",
      "25 tcp [2001:db8:1::10]:41003 > [2001:db8:2::20]:8081 | [2001:db8:2::20]:8081 > [2001:db8:1::10]:41003, destroy, TIME_WAIT, assured, at 1795275620939963000",
    ],
  ],
  [
    "events-counters.txt",
    11,
    [
      "7 tcp 192.0.2.10:41001 > 192.0.2.1:9000 | 198.51.100.20:8080 > 198.51.100.1:63466, update, TIME_WAIT, 120 s, assured, mark 16384, at 1795275543955034000",
      "11 icmp 192.0.2.10:8 > 198.51.100.20:0 | 198.51.100.20:0 > 192.0.2.10:8, destroy, 29 s, at 1795275544130279000",
    ],
  ],
  [
    "events-lost.txt",
    6,
    [
      "4 tcp 192.0.2.10:41010 > 192.0.2.1:9000 | 198.51.100.20:8080 > 198.51.100.1:52532, destroy, ESTABLISHED, 431999 s, assured, mark 16384, at 1795279113630943000",
      "5 tcp 192.0.2.10:41010 > 192.0.2.1:9000 | 198.51.100.20:8080 > 198.51.100.1:27834, new, ESTABLISHED, 300 s, unreplied, mark 16384, at 1795279114099991000",
    ],
  ],
  [
    "events-plain.txt",
    4,
    [
      "1 tcp 192.0.2.10:41001 > 192.0.2.1:9000 | 198.51.100.20:8080 > 198.51.100.1:25016, new, SYN_SENT, 120 s, unreplied, mark 16384",
    ],
  ],
];

test.each(EVENTS)("%s", (file, lines, entries) => {
  const { entries: found, remarks } = readConntrack(fixture(file));
  expect(remarks).toEqual([]);
  expect(found).toHaveLength(lines);
  expect(found.map(describeEntry)).toEqual(expect.arrayContaining([...entries]));
});

/** What no kernel here writes, as libnetfilter_conntrack's snprintf_default.c and the kernel's ct_seq_show do. */
const TOLD: readonly [what: string, line: string, entry: string][] = [
  [
    "a flow table has it, in /proc: neither timeout nor state",
    "ipv4     2 tcp      6 src=192.0.2.10 dst=192.0.2.1 sport=41001 dport=9000 packets=6 bytes=323 src=198.51.100.20 dst=198.51.100.1 sport=8080 dport=63466 packets=4 bytes=219 [HW_OFFLOAD] mark=0 secctx=system_u:object_r:unlabeled_t:s0 zone=0 use=2",
    "1 tcp 192.0.2.10:41001 > 192.0.2.1:9000 | 198.51.100.20:8080 > 198.51.100.1:63466",
  ],
  [
    "DCCP, with a helper and labels",
    "dccp     33 179 RESPOND src=192.0.2.10 dst=192.0.2.1 sport=41001 dport=5001 src=192.0.2.1 dst=192.0.2.10 sport=5001 dport=41001 [OFFLOAD] mark=0 secctx=null helper=ftp labels=web,eu-west use=1",
    "1 ip-33 192.0.2.10:41001 > 192.0.2.1:5001 | 192.0.2.1:5001 > 192.0.2.10:41001, RESPOND, 179 s",
  ],
  [
    "carriage returns of a file that went through Windows",
    "udp      17 28 src=192.0.2.10 dst=192.0.2.1 sport=1 dport=53 src=192.0.2.1 dst=192.0.2.10 sport=53 dport=1 mark=0 use=1\r\n",
    "1 udp 192.0.2.10:1 > 192.0.2.1:53 | 192.0.2.1:53 > 192.0.2.10:1, 28 s",
  ],
];

test.each(TOLD)("%s", (_what, line, entry) => {
  const { entries, remarks } = read(line);
  expect(remarks).toEqual([]);
  expect(entries.map(describeEntry)).toEqual([entry]);
});

const GOOD =
  "udp      17 28 src=192.0.2.10 dst=192.0.2.1 sport=1 dport=53 src=192.0.2.1 dst=192.0.2.10 sport=53 dport=1 mark=0 use=1";
const NOT_ONE = "not a connection as conntrack -L, conntrack -E or /proc/net/nf_conntrack write it";

const NOT_UNDERSTOOD: readonly [what: string, text: string, read: number, remarks: string[]][] = [
  [
    "a word that is new",
    `${GOOD} colour=red`,
    1,
    ["n.txt:1: colour=red is not understood and left out"],
  ],
  [
    "a flag that is new",
    GOOD.replace(" mark", " [DYING] mark"),
    1,
    ["n.txt:1: [DYING] is not understood and left out"],
  ],
  ["one direction only", GOOD.replace(/ src=192.0.2.1 .*/, ""), 0, [`n.txt:1: ${NOT_ONE}`]],
  ["no address", GOOD.replace("192.0.2.10", "pod"), 0, [`n.txt:1: ${NOT_ONE}`]],
  ["no port", GOOD.replace("dport=53", "dport=99999"), 0, [`n.txt:1: ${NOT_ONE}`]],
  [
    "other text between entries",
    `${GOOD}\nTue Nov 3\n\n${GOOD}\nWed Nov 4`,
    2,
    [`n.txt:2: ${NOT_ONE}; 2 lines are so`],
  ],
  [
    "the summary of conntrack -L 2>&1",
    `${GOOD}\nconntrack v1.4.7 (conntrack-tools): 1 flow entries have been shown.`,
    1,
    [],
  ],
  [
    "an expectation",
    "298 proto=6 src=192.0.2.10 dst=192.0.2.1 sport=0 dport=21",
    0,
    [`n.txt:1: ${NOT_ONE}`],
  ],
];

test.each(NOT_UNDERSTOOD)("%s", (_what, text, count, remarks) => {
  const found = read(text);
  expect(found.entries).toHaveLength(count);
  expect(found.remarks).toEqual(remarks);
});

test("conntrack -L -o save is not read, and said once", () => {
  const { entries, remarks } = readConntrack(fixture("table-save.txt"));
  expect(entries).toEqual([]);
  expect(remarks).toEqual([`table-save.txt:2: ${NOT_ONE}; 3 lines are so`]);
});

test("a file of nothing but new words is not repeated line by line", () => {
  const text = Array.from({ length: 1000 }, (_, at) => `${GOOD} new${"x".repeat(at)}=1`).join("\n");
  expect(read(text).remarks.length).toBeLessThanOrEqual(20);
});

describe.each(CASES)("%s", (recorded) => {
  const files = filesOf(recorded).filter((file) => /\.conntrack(-events)?\.txt$/.test(file));
  test.runIf(files.length > 0)("every recorded table reads, line by line", () => {
    for (const file of files) {
      const text = textOf(`${recorded}/${file}`);
      const { entries, remarks } = readConntrack({ node: "any", file, text });
      expect(remarks).toEqual([]);
      expect(entries).toHaveLength(text.split("\n").filter((line) => line !== "").length);
    }
  });
});
