/** What a file is taken for by its name, its folders and its first bytes. */
import { expect, test } from "vitest";
import { LIMITS } from "../../../src/cli/bundle/limits.js";
import { recognise } from "../../../src/cli/bundle/recognise.js";
import { textOf } from "../../support/verify-recorded.js";

const CASE = "nodeport-cluster";
const ETHERNET = Buffer.from("d4c3b2a1020004000000000000000000ffff000001000000", "hex");
const COOKED = Buffer.from("d4c3b2a1020004000000000000000000ffff000014010000", "hex");
const PCAPNG = Buffer.from("0a0d0d0a1c0000004d3c2b1a", "hex");

const saved = (name: string): string => textOf(`${CASE}/${name}`);
const RULES = saved("node1.iptables-save.txt");
const ADDRESSES = saved("node1.ip-addr.json");
const ROUTES = saved("node1.ip-route.json");
const TABLE = saved("node1.conntrack.txt");
const SYSCTLS = saved("node1.sysctl.txt");
const TOPOLOGY = saved("topology.yaml");
const EVENTS = textOf("mixed-load/node1.conntrack-events.txt");
const RULES6 = textOf("hostport-ipv6/node1.ip6tables-save.txt");
const ROUTES6 = textOf("hostport-ipv6/node1.ip-6-route.json");
const JQ = (text: string): string => JSON.stringify(JSON.parse(text));

const KUBECTL =
  '{\n    "apiVersion": "v1",\n    "items": [\n        {\n            "apiVersion": "v1",\n            "kind": "Node",\n';
const EVENTS_OF_K8S = KUBECTL.replace("Node", "Event");
const POD = "---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n";
const DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n";
const LIST =
  "---\napiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: web\n";

// prettier-ignore
const ROWS: readonly (readonly [path: string, head: string | Uint8Array, taken: string])[] = [
  // Captures, and where they were taken.
  ["node1.eth0.pcap",                     ETHERNET, "capture (its own name)"],
  ["inc/node1.eth0.pcap",                 ETHERNET, "capture (its own name)"],
  ["node1/eth0.pcap",                     ETHERNET, "capture node1/eth0"],
  ["inc/node1/any.pcap3",                 COOKED,   "capture node1/any"],
  ["node1/flannel.1.pcap",                ETHERNET, "capture node1/flannel.1"],
  ["pod-web/eth0.pcap",                   ETHERNET, "capture pod-web.eth0"],
  ["client/eth0.pcap",                    ETHERNET, "capture client.eth0"],
  ["before/eth0",                         PCAPNG,   "capture (its own name)"],
  ["worker-0/2026-11-21T19:00:00.pcap",   COOKED,   "capture worker-0/any"],
  ["worker-0/2026-11-21T19:00:00.pcap",   ETHERNET, "capture worker-0"],
  ["2026-11-21T19:00:00.pcap",            COOKED,   "capture (its own name)"],
  // Its bytes count before its name.
  ["node1.iptables-save.txt",             ETHERNET, "capture (its own name)"],
  ["node1.eth0.pcap",                     "text",   "nothing: no capture, state or topology"],
  // State by its name.
  ["node1.iptables-save.txt",             "",       "iptables-save.txt of node1"],
  ["inc/node1/iptables-save.txt",         RULES,    "iptables-save.txt of node1"],
  ["iptables-save.txt",                   RULES,    "iptables-save.txt of ?"],
  ["conntrack-node1.txt",                 TABLE,    "conntrack.txt of node1"],
  ["before/node1.iptables-save.txt",      RULES,    "earlier iptables-save.txt of node1"],
  ["before/node1/iptables-save.txt",      RULES,    "earlier iptables-save.txt of node1"],
  ["node1/before/iptables-save.txt",      RULES,    "earlier iptables-save.txt of node1"],
  // By what it says.
  ["rules.txt",                           RULES,    "iptables-save.txt of ?"],
  ["node1/rules.txt",                     RULES,    "iptables-save.txt of node1"],
  ["rules.txt",                           RULES.replace(/^#.*\n/, ""), "iptables-save.txt of ?"],
  ["rules.txt",                           RULES6,   "ip6tables-save.txt of ?"],
  ["a.json",                              ADDRESSES, "ip-addr.json of ?"],
  ["a.json",                              JQ(ADDRESSES), "ip-addr.json of ?"],
  ["a.json",                              ROUTES,   "ip-route.json of ?"],
  ["a.json",                              JQ(ROUTES), "ip-route.json of ?"],
  ["a.json",                              ROUTES6,  "ip-6-route.json of ?"],
  ["a",                                   TABLE,    "conntrack.txt of ?"],
  ["nf_conntrack",                        "ipv4     2 tcp      6 118 TIME_WAIT src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 [ASSURED] mark=0 zone=0 use=2\n", "conntrack.txt of ?"],
  ["a",                                   EVENTS,   "conntrack-events.txt of ?"],
  ["a",                                   SYSCTLS,  "sysctl.txt of ?"],
  ["a",                                   "create KUBE-CLUSTER-IP hash:ip,port family inet\n", "ipset-save.txt of ?"],
  ["a",                                   "-A -t 10.96.0.10:80 -s rr\n", "ipvsadm.txt of ?"],
  // Topology.
  ["topology.yaml",                       TOPOLOGY, "topology"],
  ["t.json",                              '{"schema": "pcapcheck.topology/v1", "nodes": []}', "topology"],
  ["cluster.json",                        KUBECTL,  "topology"],
  ["events.json",                         EVENTS_OF_K8S, "nothing: no capture, state or topology"],
  ["mg/namespaces/default/pods/web/web.yaml", POD,  "topology"],
  ["mg/namespaces/default/core/pods.yaml",    LIST, "topology"],
  ["mg/namespaces/default/apps/deployments.yaml", DEPLOYMENT, "nothing: no capture, state or topology"],
  ["scenario.yaml",                       "schema: pcapcheck.scenario/v1\n", "nothing: no capture, state or topology"],
  // Others.
  ["README.md",                           "# what happened", "nothing: no capture, state or topology"],
  ["empty",                               "",       "nothing: empty"],
  ["log.gz",                              Uint8Array.of(0x1f, 0x8b, 8, 0), "nothing: compressed"],
];

test.each(ROWS)("%s: %.20s", (path, head, taken) => {
  expect(told(path, Buffer.from(head).subarray(0, 4096))).toBe(taken);
});

function told(path: string, head: Uint8Array): string {
  const entry = { path, shown: `x/${path}`, sizeBytes: head.length, head };
  const taking = recognise(entry, { limits: LIMITS, namesIn: new Map() });
  switch (taking.as) {
    case "capture":
      return `capture ${taking.point ?? "(its own name)"}`;
    case "state":
      return `${taking.kind} of ${taking.node || "?"}`;
    case "earlier state":
      return `earlier ${taking.kind} of ${taking.node || "?"}`;
    case "nothing":
      return `nothing: ${taking.why}`;
    case "topology":
    case "archive":
    case "part":
      return taking.as;
  }
}
