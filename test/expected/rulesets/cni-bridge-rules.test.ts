/** What the CNI bridge's ipMasq makes of what pods send. */
import { describe, expect, test } from "vitest";
import { cniBridgeMasqueradeRules } from "#expected/rulesets/cni-bridge-rules.js";
import { cniChainName } from "#expected/rulesets/cni-names.js";
import { iptablesSaveText } from "#expected/rulesets/installed-rules.js";
import { PORTMAP_DEFAULTS, portmapRules } from "#expected/rulesets/portmap-rules.js";
import { installedLines, outcomeOf, type Flow } from "../../support/installed-rules.js";
import { madeNode, NODE, NODE6 } from "../../support/netfilter.js";

/** The figures of containernetworking/plugins pkg/utils/utils_test.go, and portmap's longer prefix. */
test.each([
  {
    networkName: "test",
    containerId: "1234",
    prefix: "CNI-",
    name: "CNI-2bbe0c48b91a7d1b8a6753a8",
  },
  {
    networkName: "testalongnamethatdoesnotmakesense",
    containerId: "1234",
    prefix: "CNI-",
    name: "CNI-374f33fe84ab0ed84dcdebe3",
  },
  {
    networkName: "test",
    containerId: "1234",
    prefix: "CNI-DN-",
    name: "CNI-DN-2bbe0c48b91a7d1b8a675",
  },
] as const)(
  "$prefix of $networkName and $containerId is $name",
  ({ prefix, name, ...attached }) => {
    expect(cniChainName(prefix, attached)).toBe(name);
  },
);

const PODS = [
  { name: "1234", networkName: "test", address: "10.244.1.5", prefixLength: 24 },
  { name: "5678", networkName: "test", address: "2001:db8:1::5", prefixLength: 64 },
];
const POD = "10.244.1.5:40000";
const POD6 = "[2001:db8:1::5]:40000";

test("its lines", () => {
  const chain = "CNI-2bbe0c48b91a7d1b8a6753a8";
  const comment = String.raw`-m comment --comment "name: \"test\" id: \"1234\""`;
  const lines = installedLines(cniBridgeMasqueradeRules({ family: "ipv4", pods: PODS }));
  expect(Object.fromEntries(lines)).toEqual({
    "nat POSTROUTING": [`-A POSTROUTING -s 10.244.1.5/32 ${comment} -j ${chain}`],
    [`nat ${chain}`]: [
      `-A ${chain} -d 10.244.1.0/24 ${comment} -j ACCEPT`,
      `-A ${chain} ! -d 224.0.0.0/4 ${comment} -j MASQUERADE`,
    ],
  });
});

interface Row extends Flow {
  readonly path: string;
  readonly family?: "ipv4" | "ipv6";
  readonly leaves: string;
}

// oxfmt-ignore
const ROWS: readonly Row[] = [
  { path: "a pod to the world keeps its port",       from: POD,                 to: "203.0.113.7:443",   by: "cni0", leaves: `${NODE}:40000` },
  { path: "a pod to a pod of its subnet",            from: POD,                 to: "10.244.1.6:8080",   by: "cni0", leaves: POD },
  { path: "a pod to a pod of another node",          from: POD,                 to: "10.244.2.7:8080",   by: "cni0", leaves: `${NODE}:40000` },
  { path: "a pod that it was not called for",        from: "10.244.1.6:40000",  to: "203.0.113.7:443",   by: "cni0", leaves: "10.244.1.6:40000" },
  { path: "from outside to the pod",                 from: "203.0.113.7:40000", to: "10.244.1.5:8080",   by: "eth0", leaves: "203.0.113.7:40000" },
  { path: "IPv6: a pod to the world", family: "ipv6", from: POD6,               to: "[2001:db8:f::7]:443", by: "cni0", leaves: `[${NODE6}]:40000` },
  { path: "IPv6: a pod to a pod",     family: "ipv6", from: POD6,               to: "[2001:db8:1::6]:80", by: "cni0", leaves: POD6 },
];

describe("ipMasq", () => {
  test.each(ROWS)("$path", ({ family = "ipv4", leaves, ...flow }) => {
    const node = madeNode(iptablesSaveText([cniBridgeMasqueradeRules({ family, pods: PODS })]));
    expect(outcomeOf(node, flow)).toBe(`forwarded tcp ${leaves} > ${flow.to}`);
  });

  test("leaves a pod's own hostPort to portmap, whose jump goes in front", () => {
    const [pod] = PODS.map((one) => ({
      ...one,
      mappings: [
        { hostPort: 9000, containerPort: 8080, protocol: "tcp", hostIP: undefined } as const,
      ],
    }));
    const entries = pod === undefined ? [] : [pod];
    const portmap = portmapRules({
      family: "ipv4",
      version: "1.1.1",
      entries,
      options: PORTMAP_DEFAULTS,
    });
    const bridge = cniBridgeMasqueradeRules({ family: "ipv4", pods: PODS });
    const node = madeNode(iptablesSaveText([bridge, portmap]));
    expect(outcomeOf(node, { from: POD, to: `${NODE}:9000`, by: "cni0" })).toBe(
      "forwarded tcp 10.244.1.1:40000 > 10.244.1.5:8080",
    );
  });
});
