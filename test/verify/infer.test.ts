/** What is taken from the captures when nobody said it, each with its reason. */
import { describe, expect, test } from "vitest";
import type { Seen } from "../support/verify-connection.js";
import { LAB_FLAGS, NOTHING_GIVEN } from "../support/verify-recorded.js";
import { run } from "../support/verify-run.js";

const IN_POD: Seen = { at: "pod:web", tuple: "198.51.100.79:41001 > 10.233.1.2:8080", ms: 2 };
const AT_NODE: Seen = {
  at: "node1.eth0",
  tuple: "198.51.100.79:41001 > 10.20.32.204:9000",
  ttl: [63, 63],
};
const LOST = {
  isn: [1000, undefined],
  ttl: [63, undefined],
  syns: [4, 0],
  packets: [4, 0],
} as const;

const assumed = (scenario: string, seen: readonly Seen[], given = NOTHING_GIVEN) =>
  run({ scenario, seen, given }).assumptions.filter((text) =>
    / is (?:the pod|the hostPort|an address of the node):/.test(text),
  );

describe("the pod's address", () => {
  test("is the one that a capture in the pod is about", () => {
    expect(assumed("hostport-external", [IN_POD])).toEqual([
      "10.233.1.2 is the pod: it is the address at pod:web",
    ]);
  });

  test("is that of a capture whose name tells nothing, which is said", () => {
    expect(assumed("hostport-external", [{ ...IN_POD, at: "svc_host_port" }])).toEqual([
      "10.233.1.2 is the pod: svc_host_port.pcap is taken for a capture from inside the pod, " +
        "and this is the address it is about",
    ]);
  });

  test("is where connections to the node's port go on to", () => {
    expect(assumed("hostport-external", [AT_NODE, { ...IN_POD, at: "node1.cni0" }])).toEqual([
      "10.233.1.2 is the pod: connections to the node's port go on to it",
      "9000 is the hostPort: connections to it go on to the pod",
      "10.20.32.204 is an address of the node: connections to it go on to the pod",
    ]);
  });

  test("is not asked for when it was given", () => {
    expect(assumed("hostport-external", [AT_NODE, IN_POD], LAB_FLAGS)).toEqual([]);
  });

  test("is the one with most connections, the pod's own among them", () => {
    const own: Seen = {
      at: "pod:web",
      tuple: "10.233.1.2:50000 > 192.0.2.1:443",
      ttl: [64, 60],
      isn: [7, 8],
    };
    const two: Seen = { ...IN_POD, tuple: "203.0.113.7:41001 > 10.233.1.2:8080", isn: [5, 6] };
    expect(assumed("hostport-external", [own, IN_POD, two])).toEqual([
      "10.233.1.2 is the pod: it is the address at pod:web",
    ]);
  });
});

describe("the node's address and the hostPort", () => {
  test("are the only end that the uplink shows", () => {
    expect(assumed("hostport-external", [{ ...AT_NODE, ...LOST }])).toEqual([
      "9000 is the hostPort: every connection at node1.eth0 goes to it",
      "10.20.32.204 is an address of the node: every connection at node1.eth0 goes to it",
    ]);
  });

  test("are not guessed of two", () => {
    const ssh: Seen = { ...AT_NODE, tuple: "198.51.100.79:50000 > 10.20.32.204:22", isn: [5, 6] };
    expect(assumed("hostport-external", [{ ...AT_NODE, ...LOST }, ssh])).toEqual([]);
  });

  test("are not what nodes send each other in a tunnel", () => {
    const vxlan: Seen = {
      at: "node1.eth0",
      protocol: "udp",
      tuple: "10.20.32.205:51330 > 10.20.32.204:8472",
      ms: 9,
    };
    expect(assumed("hostport-external", [{ ...AT_NODE, ...LOST }, vxlan])).toHaveLength(2);
  });

  test("are what the pod dials in vain, for a hairpin", () => {
    const dialled: Seen = {
      ...LOST,
      at: "pod:web",
      tuple: "10.233.1.2:41001 > 10.20.32.204:9000",
      ttl: [64, undefined],
    };
    const probe: Seen = {
      at: "pod:web",
      tuple: "10.233.1.1:40001 > 10.233.1.2:8080",
      ttl: [64, 64],
      isn: [5, 6],
    };
    expect(assumed("hostport-hairpin", [dialled, probe])).toEqual([
      "10.233.1.2 is the pod: it is the address at pod:web",
      "9000 is the hostPort: the pod dials nothing else at pod:web",
      "10.20.32.204 is an address of the node: the pod dials nothing else at pod:web",
    ]);
    const dns: Seen = {
      ...dialled,
      tuple: "10.233.1.2:41009 > 10.96.0.10:53",
      isn: [9, undefined],
    };
    expect(assumed("hostport-hairpin", [dialled, probe, dns])).toEqual([
      "10.233.1.2 is the pod: it is the address at pod:web",
    ]);
  });

  test("are nothing that answers the pod, for a hairpin", () => {
    const answered: Seen = {
      at: "pod:web",
      tuple: "10.233.1.2:41001 > 198.51.100.79:80",
      ttl: [64, 62],
    };
    const probe: Seen = { ...IN_POD, tuple: "10.233.1.1:40001 > 10.233.1.2:8080", isn: [5, 6] };
    expect(assumed("hostport-hairpin", [answered, probe])).toEqual([]);
  });

  test("are nothing at the uplink that pods dial too: it may be a server outside", () => {
    const out: Seen = {
      at: "node1.eth0",
      tuple: "10.20.32.204:41001 > 198.51.100.79:80",
      ttl: [63, 62],
    };
    const inside: Seen = {
      at: "pod:web",
      tuple: "10.233.1.2:41001 > 198.51.100.79:80",
      ttl: [64, 61],
    };
    expect(assumed("hostport-pod", [out])).toHaveLength(2);
    expect(assumed("hostport-pod", [out, inside])).toEqual([]);
  });
});

test("a hostNetwork pod's address is the one at the node's uplink", () => {
  const seen: Seen = {
    ...AT_NODE,
    tuple: "198.51.100.79:41001 > 10.20.32.204:8081",
    ttl: [63, 64],
  };
  expect(assumed("hostnetwork-external", [seen])).toEqual([
    "10.20.32.204 is an address of the node: it is the address at node1.eth0",
  ]);
});
