/** What flannel's rules make of what leaves a node; their lines are held in portmap-rules.test.ts. */
import { describe, expect, test } from "vitest";
import { readIpRoute } from "#cluster/ip-json.js";
import type { HostInterface } from "#cluster/host.js";
import { flannelRules, type FlannelInput } from "#expected/rulesets/flannel-rules.js";
import { iptablesSaveText } from "#expected/rulesets/installed-rules.js";
import { installedLines, outcomeOf, type Flow } from "../../support/installed-rules.js";
import { madeNode, NODE, NODE6 } from "../../support/netfilter.js";

const INPUT: FlannelInput = {
  family: "ipv4",
  podCIDR: { address: "10.244.1.0", length: 24 },
  clusterCIDR: { address: "10.244.0.0", length: 16 },
  randomFully: true,
};

const OVERLAY = "10.244.1.0";
const POD = "10.244.1.5:40000";
const REMOTE_POD = "10.244.2.7:8080";

/** madeNode with flannel.1 and the routes over it. */
function flannelNode(input: Partial<FlannelInput> = {}) {
  const plain = madeNode(iptablesSaveText([flannelRules({ ...INPUT, ...input })]));
  const overlay: HostInterface = {
    name: "flannel.1",
    bridge: undefined,
    isBridge: false,
    isLoopback: false,
    addresses: [
      {
        address: OVERLAY,
        subnet: { address: OVERLAY, length: 32 },
        scope: "global",
        isSecondary: false,
      },
    ],
  };
  const routes = readIpRoute({
    file: "routes.json",
    family: "ipv4",
    text: JSON.stringify([{ dst: "10.244.2.0/24", gateway: "10.244.2.0", dev: "flannel.1" }]),
  });
  return {
    ...plain,
    interfaces: [...plain.interfaces, overlay],
    routes: [...plain.routes, ...routes],
  };
}

interface Row extends Flow {
  readonly path: string;
  readonly leaves: string;
}

// oxfmt-ignore
const ROWS: readonly Row[] = [
  { path: "a pod to the world",                      from: POD,                to: "203.0.113.7:443",  by: "cni0",    leaves: `${NODE}:*` },
  { path: "a pod to another node's address",         from: POD,                to: "192.0.2.20:9000",  by: "cni0",    leaves: `${NODE}:*` },
  { path: "a pod to a pod of another node",          from: POD,                to: REMOTE_POD,         by: "cni0",    leaves: POD },
  { path: "a pod to a pod of its node",              from: POD,                to: "10.244.1.6:8080",  by: "cni0",    leaves: POD },
  { path: "another node's pod to one of this",       from: "10.244.2.7:40000", to: "10.244.1.5:8080",  by: "flannel.1", leaves: "10.244.2.7:40000" },
  { path: "from outside to a pod of this node",      from: "203.0.113.7:40000", to: "10.244.1.5:8080", by: "eth0",    leaves: "203.0.113.7:40000" },
  { path: "from outside to a pod of another node",   from: "203.0.113.7:40000", to: REMOTE_POD,        by: "eth0",    leaves: `${OVERLAY}:*` },
  { path: "a process of the node to a pod of it",    from: "10.244.1.1:40000", to: "10.244.1.5:8080",  by: "process", leaves: "10.244.1.1:40000" },
  { path: "a process, with the node's address, to a remote pod", from: `${NODE}:40000`, to: REMOTE_POD, by: "process", leaves: `${OVERLAY}:*` },
  { path: "a process, with the overlay's, to a remote pod", from: `${OVERLAY}:40000`, to: REMOTE_POD, by: "process", leaves: `${OVERLAY}:40000` },
];

describe("with --random-fully", () => {
  test.each(ROWS)("$path", ({ leaves, ...flow }) => {
    expect(outcomeOf(flannelNode(), flow)).toBe(`forwarded tcp ${leaves} > ${flow.to}`);
  });
});

test("without it a port is kept", () => {
  const flow: Flow = { from: POD, to: "203.0.113.7:443", by: "cni0" };
  expect(outcomeOf(flannelNode({ randomFully: false }), flow)).toBe(
    `forwarded tcp ${NODE}:40000 > 203.0.113.7:443`,
  );
});

test("a pod to the node itself meets no masquerade", () => {
  const flow: Flow = { from: POD, to: `${NODE}:22`, by: "cni0" };
  expect(outcomeOf(flannelNode(), flow)).toBe(`delivered-locally tcp ${POD} > ${NODE}:22`);
});

describe("IPv6", () => {
  const input = {
    family: "ipv6",
    podCIDR: { address: "2001:db8:1::", length: 64 },
    clusterCIDR: { address: "2001:db8::", length: 42 },
  } as const;

  test("a pod to the world", () => {
    const flow: Flow = { from: "[2001:db8:1::5]:40000", to: "[2001:db8:f000::7]:443", by: "cni0" };
    expect(outcomeOf(flannelNode(input), flow)).toBe(
      `forwarded tcp [${NODE6}]:* > [2001:db8:f000::7]:443`,
    );
  });

  test("multicast is ff00::/8", () => {
    const lines = installedLines(flannelRules({ ...INPUT, ...input })).get("nat FLANNEL-POSTRTG");
    expect(lines?.filter((line) => line.includes("! -d"))).toEqual([
      '-A FLANNEL-POSTRTG -s 2001:db8::/42 ! -d ff00::/8 -m comment --comment "flanneld masq" ' +
        "-j MASQUERADE --random-fully",
    ]);
  });
});
