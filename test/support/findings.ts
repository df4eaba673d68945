/** The same findings for every format: one run that passes, one that fails for several causes, one undecided, one hostile. */
import { epochNs } from "#net/types.js";
import type { ClockEstimate } from "#observed/correlate/clocks.js";
import { findScenario } from "#expected/scenarios/index.js";
import type { Asked } from "#report/report-format.js";
import type { Attribution } from "#verify/attribution.js";
import { AUTO } from "#verify/auto.js";
import type { Check, ConnectionReport, Finding, Report } from "#verify/report.js";

export interface Findings {
  readonly name: "pass" | "fail" | "inconclusive" | "hostile";
  readonly scenario: Asked;
  readonly report: Report;
  /** False where an input could not be read. */
  readonly complete: boolean;
}

const CHECK: Check = {
  check: "source kept",
  verdict: "pass",
  expected: "198.51.100.79",
  observed: "198.51.100.79:41001 (TTL 62, node1/cni0)",
  evidence: [{ file: "node1/cni0.pcap", packet: 13 }],
  assumptions: [
    "198.51.100.79 is a public address, so not one of this node, another node or a pod",
  ],
  missing: [],
  finding: undefined,
};

const ANSWERED: Check = {
  ...CHECK,
  check: "answered",
  expected: "the server accepts the connection",
  observed: "SYN-ACK seen at client",
  evidence: [{ file: "client.pcap", packet: 4 }],
  assumptions: [],
};

/** A client outside, as it dials the hostPort. */
export const DIALLED: ConnectionReport["sightings"][number] = {
  point: "client",
  direction: "request",
  source: { address: "198.51.100.79", port: 41001 },
  destination: { address: "10.20.32.204", port: 9000 },
  ttl: 64,
  packets: 5,
  evidence: [{ file: "client.pcap", packet: 3 }],
};

/** A capture whose clock is an hour behind and goes 50 ppm too fast. */
export function clockAt(point: string): ClockEstimate {
  return {
    point,
    offsetNs: -3_600_000_250_000,
    uncertaintyNs: 54_000,
    driftPpm: 50,
    at: epochNs(1_700_000_000_000_000_000n),
    pairs: 12,
    basis: "request and reply",
  };
}

const GOOD: ConnectionReport = {
  id: "c1",
  protocol: "tcp",
  scenario: "hostport-external",
  client: "external",
  verdict: "pass",
  sightings: [
    DIALLED,
    {
      point: "node1/cni0",
      direction: "request",
      source: { address: "198.51.100.79", port: 41001 },
      destination: { address: "10.233.1.2", port: 8080 },
      ttl: 62,
      packets: 5,
      evidence: [{ file: "node1/cni0.pcap", packet: 13 }],
    },
  ],
  checks: [CHECK, ANSWERED],
  attributions: [],
  joinedBy: "TCP initial sequence numbers",
  join: { score: 1, runnerUp: 0 },
};

const MASQUERADED: Finding = {
  code: "PC001",
  id: "source-masqueraded",
  title: "a client that must keep its address was masqueraded",
  explanation: "Some rule in nat POSTROUTING rewrote the source. hostPort rules do not do that.",
  remedy: "iptables-save -c -t nat | grep MASQUERADE before and after one request",
};

const LOST: Finding = {
  code: "PC009",
  id: "request-lost",
  title: "the request is lost on the way",
  explanation: "The request was seen on its way, and not where it must arrive.",
  remedy: "the point where it was last seen; nstat -az TcpExtIPReversePathFilter",
};

const RULE: Attribution = {
  kind: "rule",
  at: "node1",
  packets: "request",
  does: "is met",
  file: "node1.iptables-save.txt",
  line: 42,
  table: "nat",
  chain: "POSTROUTING",
  owner: "unknown",
  text: "-A POSTROUTING -o cni0 -j MASQUERADE",
};

const SETTING: Attribution = {
  kind: "setting",
  at: "node2",
  file: "node2.sysctl.txt",
  setting: "net.ipv4.ip_forward",
  value: "0",
  expected: "1",
};

const PATH: Attribution = {
  kind: "path",
  packets: "request",
  last: "node2/eth0",
  first: "pod:web",
  there: "nothing",
  candidates: ["a DROP in FORWARD", "a NetworkPolicy", "a missing route"],
  collect: ["on node2: iptables-save -c", "on node2: ip route"],
};

const REWRITTEN: Check = {
  ...CHECK,
  verdict: "fail",
  observed: "10.233.1.1:41001 (TTL 62, node1/cni0)",
  finding: MASQUERADED,
};

const SILENT: Check = {
  ...ANSWERED,
  verdict: "fail",
  observed: "SYN sent 5 times, never answered (client)",
  finding: LOST,
};

const UNDECIDED: Check = {
  ...CHECK,
  verdict: "inconclusive",
  observed: "no capture shows the request as the pod gets it; node1/any is cut off before it",
  evidence: [],
  assumptions: [],
  missing: ["a capture in the pod's network namespace", "--node ADDRESS"],
};

const BASE: Report = {
  scenario: "hostport-external",
  verdict: "pass",
  assumptions: CHECK.assumptions,
  notes: [],
  connections: [GOOD],
  across: [],
  clocks: [],
};

const PASS: Report = { ...BASE, connections: [GOOD, { ...GOOD, id: "c2" }] };

const FAIL: Report = {
  ...BASE,
  scenario: AUTO.name,
  verdict: "fail",
  notes: ["node1/lo recorded no packets, which proves nothing: it may not have run"],
  connections: [
    GOOD,
    { ...GOOD, id: "c2", verdict: "fail", checks: [REWRITTEN, ANSWERED], attributions: [RULE] },
    { ...GOOD, id: "c3", verdict: "fail", checks: [REWRITTEN, ANSWERED], attributions: [RULE] },
    {
      ...GOOD,
      id: "c4",
      scenario: "nodeport-cluster",
      verdict: "fail",
      checks: [{ ...CHECK, check: "source masqueraded" }, SILENT],
      attributions: [SETTING],
    },
    {
      ...GOOD,
      id: "c5",
      scenario: "nodeport-cluster",
      client: undefined,
      verdict: "fail",
      checks: [UNDECIDED, SILENT],
      attributions: [PATH],
    },
    {
      ...GOOD,
      id: "c6",
      verdict: "not applicable",
      checks: [
        {
          ...CHECK,
          check: "connection of this scenario",
          verdict: "not applicable",
          observed: "no scenario describes such a connection",
        },
      ],
    },
  ],
  across: [
    {
      subject: "default/web:80 by node1",
      connections: ["c4", "c5"],
      check: {
        ...CHECK,
        check: "session affinity",
        verdict: "fail",
        expected: "one endpoint per client address for 10800 s",
        observed: "198.51.100.79: c4 to 10.233.1.2:8080, c5 to 10.233.2.2:8080",
        finding: {
          code: "PC035",
          id: "affinity-broken",
          title: "a client was sent to another endpoint within its affinity",
          explanation: "sessionAffinity ClientIP keeps a client address with its endpoint.",
          remedy: "iptables-save -t nat | grep -- '-m recent'",
        },
      },
    },
  ],
};

const INCONCLUSIVE: Report = {
  ...BASE,
  verdict: "inconclusive",
  assumptions: [],
  connections: [{ ...GOOD, verdict: "inconclusive", checks: [UNDECIDED, ANSWERED] }],
};

/** Markup of every format, what a terminal obeys, what a reader cannot see, and what XML has no place for. */
export const HOSTILE = [
  "\u001b[31m\u009b2J\u202e\u2028\ud800\ufffe",
  "<script>alert(1)</script><!-- ]]> &amp; </failure>",
  `"' onload=x ' "`,
  "| a | [b](http://c.d) ![](//e) `f` ``` **g** _h_ ~~i~~ $j$ <k@l.m> www.n.o",
  "@octocat #12 octo/cat#3 GH-4 0123abc0123abc 1. :tada: \\ # SKIP # TODO",
  "\nok 99 - no\nnot ok\n  ---\nBail out!\n...\n# heading\n\t- x: !!js/function y\r\n",
].join(" ");

const HOSTILE_CHECK: Check = {
  ...REWRITTEN,
  expected: HOSTILE,
  observed: HOSTILE,
  evidence: [{ file: HOSTILE, packet: 1 }],
  assumptions: [HOSTILE],
};

const HOSTILE_REPORT: Report = {
  ...BASE,
  verdict: "fail",
  assumptions: [HOSTILE],
  notes: [HOSTILE],
  connections: [
    {
      ...GOOD,
      scenario: HOSTILE,
      verdict: "fail",
      sightings: GOOD.sightings.map((sighting) => ({ ...sighting, point: HOSTILE })),
      checks: [
        HOSTILE_CHECK,
        { ...HOSTILE_CHECK, check: "delivered", finding: undefined },
        { ...UNDECIDED, check: "answered", observed: HOSTILE, missing: [HOSTILE] },
      ],
      attributions: [
        { ...RULE, at: HOSTILE, file: HOSTILE, chain: HOSTILE, text: HOSTILE },
        { ...PATH, last: HOSTILE, first: HOSTILE, candidates: [HOSTILE], collect: [HOSTILE] },
      ],
      joinedBy: HOSTILE,
      join: { score: 0.5, runnerUp: 0.45 },
      ambiguousWith: ["c9"],
    },
  ],
  across: [
    {
      subject: HOSTILE,
      connections: ["c1"],
      check: { ...HOSTILE_CHECK, check: "endpoint choice", finding: undefined },
    },
  ],
  clocks: [clockAt(HOSTILE)],
};

const EXTERNAL: Asked = findScenario("hostport-external") ?? AUTO;

export const FINDINGS: readonly Findings[] = [
  { name: "pass", scenario: EXTERNAL, report: PASS, complete: true },
  { name: "fail", scenario: AUTO, report: FAIL, complete: true },
  { name: "inconclusive", scenario: EXTERNAL, report: INCONCLUSIVE, complete: false },
  {
    name: "hostile",
    scenario: { name: HOSTILE, title: HOSTILE, question: HOSTILE },
    report: HOSTILE_REPORT,
    complete: true,
  },
];
