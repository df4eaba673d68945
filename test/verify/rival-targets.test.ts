/** Two pods with the same hostPort of one node: the rule that stands first takes every connection. */
import { describe, expect, test } from "vitest";
import { readTopology } from "#cluster/topology-file.js";
import { outcomeOf } from "../support/verify-cases.js";
import type { Seen } from "../support/verify-connection.js";
import { NOTHING_GIVEN } from "../support/verify-recorded.js";
import { run } from "../support/verify-run.js";

const reading = (second: string) => ({
  ...NOTHING_GIVEN,
  topology: readTopology({
    file: "topology.yaml",
    text: `
schema: pcapcheck.topology/v1
nodes:
  - name: node1
    addresses: [10.20.32.204]
    podCIDR: 10.233.1.0/24
    interfaces: [{ name: cni0, kind: bridge, addresses: [10.233.1.1/24] }]
  - { name: node2, addresses: [10.20.32.205], podCIDR: 10.233.2.0/24 }
pods:
  - { name: first, node: node1, address: 10.233.1.2, hostPorts: [{ hostPort: 9000, containerPort: 8080 }] }
  - { name: second, node: node1, address: 10.233.1.3, hostPorts: [${second}] }
`,
  }),
});

const SAME = "{ hostPort: 9000, containerPort: 8080 }";
const OTHER = "{ hostPort: 9001, containerPort: 8080 }";

/** The second pod dials the port that both have. */
const ASKING: Seen = {
  at: "pod:second",
  tuple: "10.233.1.3:41001 > 10.20.32.204:9000",
  ttl: [64, 64],
};
const SERVING: Seen = {
  at: "pod:first",
  tuple: "10.233.1.1:41001 > 10.233.1.2:8080",
  ttl: [64, 64],
  ms: 1,
};
/** Nothing comes back to it. */
const UNANSWERED: Seen = {
  ...ASKING,
  isn: [1000, undefined],
  ttl: [64, undefined],
  syns: [4, 0],
  packets: [4, 0],
};
const PROBE: Seen = {
  at: "pod:second",
  tuple: "10.233.1.1:40001 > 10.233.1.3:8080",
  ttl: [64, 64],
  isn: [5, 6],
  ms: -5,
};

describe("the pod that does not serve it", () => {
  // prettier-ignore
  test.each([
    { scenario: "hostport-pod",     second: SAME,  seen: [ASKING, SERVING],   told: "pass",         why: "it is a client of the first" },
    { scenario: "hostport-hairpin", second: SAME,  seen: [ASKING, SERVING],   told: "inconclusive", why: "the first served it, so it is no hairpin" },
    { scenario: "hostport-hairpin", second: SAME,  seen: [UNANSWERED, PROBE], told: "inconclusive", why: "nothing shows which of them got it" },
    { scenario: "hostport-hairpin", second: SAME.replace("8080", "8080, protocol: udp"), seen: [ASKING, SERVING], told: "inconclusive", why: "UDP is another port" },
    { scenario: "hostport-pod",     second: OTHER, seen: [ASKING, SERVING],   told: "pass",         why: "the port is the first's alone" },
  ])("$scenario, second has $second: $told, for $why", ({ scenario, second, seen, told }) => {
    expect(outcomeOf(run({ scenario, seen, given: reading(second) }))).toBe(told);
  });

  test("what would tell is said", () => {
    const { connections } = run({
      scenario: "hostport-hairpin",
      seen: [UNANSWERED, PROBE],
      given: reading(SAME),
    });
    const missing = connections.flatMap(({ checks }) => checks.flatMap((check) => check.missing));
    expect(missing.filter((text) => text.includes("both have this hostPort"))).not.toEqual([]);
  });
});
