/** A connection with stops of every outcome: a NodePort over two nodes whose masquerade is lost. */
import { epochNs } from "#net/types.js";
import type { JourneyStop, Rewrite } from "#verify/journey-stop.js";
import type { ConnectionReport, ReportedSighting } from "#verify/report.js";

const START = 1_795_252_211_000_000_000n;
const CLIENT = { address: "198.51.100.79", port: 41001 };
const NODE = { address: "10.20.32.204", port: 30081 };
const POD = { address: "10.233.2.2", port: 8080 };

const DIALLED = { source: CLIENT, destination: NODE };
const TRANSLATED = { source: CLIENT, destination: POD };
const ANSWER = { source: POD, destination: CLIENT };

const DNAT: Rewrite = {
  at: "node1",
  table: "nat",
  chain: "KUBE-SEP-2QJ7TPVFQ5KCMUXD",
  owner: "kube-proxy",
  text: '-A KUBE-SEP-2QJ7TPVFQ5KCMUXD -p tcp -m comment --comment "default/web:http" -m tcp -j DNAT --to-destination 10.233.2.2:8080',
  file: "captures/node1.iptables-save.txt",
  line: 57,
  before: "198.51.100.79:41001 > 10.20.32.204:30081",
  after: "198.51.100.79:41001 > 10.233.2.2:8080",
};

const MASQUERADE: Rewrite = {
  at: "node1",
  table: "nat",
  chain: "KUBE-POSTROUTING",
  owner: "kube-proxy",
  text: '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
  file: undefined,
  line: undefined,
  before: "198.51.100.79:41001 > 10.233.2.2:8080",
  after: "10.233.1.0:* > 10.233.2.2:8080",
};

const MASQUERADED = "10.233.1.0:*";
const SERVER = "10.233.2.2:8080";

/** Where it is seen in the captures, undefined where it is not. */
function stop(
  point: string,
  told: Partial<JourneyStop> & { readonly as?: typeof DIALLED; readonly ttl?: number },
): JourneyStop {
  const { as, ttl = 64, ...changes } = told;
  return {
    point,
    direction: "request",
    outcome: "as expected",
    expected: undefined,
    observed: as && {
      ...as,
      ttl,
      packets: 4,
      first: epochNs(START + BigInt(ttl)),
      evidence: { file: `${point}.pcap`, packet: 7 },
    },
    why: undefined,
    rewrites: [],
    ...changes,
  };
}

const must = (source: string, destination: string) =>
  ({ source, destination, seen: "must" }) as const;
const OVERLAY = must(MASQUERADED, SERVER);
const BACK = must(SERVER, MASQUERADED);
const DIFFERS = { outcome: "differs", expected: OVERLAY, as: TRANSLATED } as const;

const STOPS: readonly JourneyStop[] = [
  stop("client.eth0", { as: DIALLED }),
  stop("node1.eth0", { as: DIALLED, ttl: 63 }),
  stop("node1.any/eth0", { as: DIALLED, ttl: 63 }),
  stop("node1.flannel.1", { ...DIFFERS, ttl: 62, rewrites: [DNAT, MASQUERADE] }),
  stop("node1.any/flannel.1", { ...DIFFERS, ttl: 62 }),
  stop("node2.any/eth0", { outcome: "unjudged", as: TRANSLATED, ttl: 62 }),
  stop("node2.eth0", {
    outcome: "not seen",
    expected: { ...OVERLAY, seen: "may" },
    why: "a filter may hide what is inside of VXLAN",
  }),
  stop("node2.flannel.1", { ...DIFFERS, ttl: 62 }),
  stop("node2.cni0", { ...DIFFERS, ttl: 61 }),
  stop("node2.veth-p2a", { ...DIFFERS, ttl: 61 }),
  stop("node2.any/veth19581fcd", { ...DIFFERS, ttl: 61 }),
  stop("pod-p2a.eth0", { ...DIFFERS, ttl: 61 }),
  stop("pod-p2a.eth0", { direction: "reply", outcome: "differs", expected: BACK, as: ANSWER }),
  stop("node2.veth-p2a", { direction: "reply", outcome: "differs", expected: BACK, as: ANSWER }),
  stop("node2.cni0", { direction: "reply", outcome: "differs", expected: BACK, as: ANSWER }),
  stop("node2.flannel.1", { direction: "reply", outcome: "missing", expected: BACK }),
  stop("node2.eth0", { direction: "reply", outcome: "stray", as: ANSWER, ttl: 63 }),
  stop("node1.flannel.1", { direction: "reply", outcome: "missing", expected: BACK }),
  stop("node1.eth0", {
    direction: "reply",
    outcome: "missing",
    expected: must("10.20.32.204:30081", "198.51.100.79:41001"),
  }),
  stop("client.eth0", {
    direction: "reply",
    outcome: "differs",
    expected: must("10.20.32.204:30081", "198.51.100.79:41001"),
    as: ANSWER,
    ttl: 62,
  }),
];

function sighting(point: string, direction: "request" | "reply"): ReportedSighting {
  const ends = direction === "request" ? DIALLED : ANSWER;
  const evidence = [{ file: `${point}.pcap`, packet: 1 }];
  return { point, direction, ...ends, ttl: 64, packets: 1, evidence };
}

export const DRAWN: ConnectionReport = {
  id: "c1",
  protocol: "tcp",
  scenario: "nodeport-cluster",
  client: "external",
  verdict: "fail",
  sightings: [
    sighting("client.eth0", "request"),
    sighting("client.eth0", "reply"),
    sighting("pod-p2a.eth0", "request"),
    sighting("pod-p2a.eth0", "reply"),
  ],
  checks: [],
  attributions: [],
  joinedBy: undefined,
  stops: STOPS,
};
