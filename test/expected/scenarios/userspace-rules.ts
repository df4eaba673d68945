/** A node under kube-proxy's userspace mode, whose rules no generator writes. */
import { nodeRulesText } from "#expected/network/node-rules.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import type { Topology } from "#cluster/topology.js";

/** kubernetes v1.20.2 pkg/proxy/userspace/proxier.go iptablesInit, openPortal, openNodePort. */
export function userspaceStates(
  topology: Topology,
  nodes: ReadonlyMap<string, NodeState>,
): ReadonlyMap<string, NodeState> {
  return new Map(
    topology.nodes.flatMap((node): readonly [string, NodeState][] => {
      const state = nodes.get(node.name);
      if (state === undefined) return [];
      const generated = nodeRulesText({ topology, node, family: "ipv4" });
      const text = withNatRules(generated, portalRules(topology, node.addresses[0] ?? ""));
      return [[node.name, { ...state, rules: readIptablesSave({ file: node.name, text }) }]];
    }),
  );
}

const CHAINS = [
  "KUBE-PORTALS-CONTAINER",
  "KUBE-PORTALS-HOST",
  "KUBE-NODEPORT-CONTAINER",
  "KUBE-NODEPORT-HOST",
];

function withNatRules(text: string, rules: readonly string[]): string {
  const [head = "", rest = ""] = text.split("*nat\n");
  const end = rest.indexOf("COMMIT");
  const chains = CHAINS.map((name) => `:${name} - [0:0]`);
  const [declared, own] = [chains, rules].map((lines) => `${lines.join("\n")}\n`);
  return `${head}*nat\n${declared}${rest.slice(0, end)}${own}${rest.slice(end)}`;
}

function portalRules({ services }: Topology, host: string): readonly string[] {
  const portals = services.flatMap(({ clusterIPs, ports }, at) =>
    ports.flatMap(({ port, nodePort }) => {
      const proxyPort = 40_001 + at;
      const to = [
        `-j REDIRECT --to-ports ${proxyPort}`,
        `-j DNAT --to-destination ${host}:${proxyPort}`,
      ];
      return [
        ...clusterIPs.flatMap((address) => [
          `-A KUBE-PORTALS-CONTAINER -d ${address}/32 -p tcp -m tcp --dport ${port} ${to[0]}`,
          `-A KUBE-PORTALS-HOST -d ${address}/32 -p tcp -m tcp --dport ${port} ${to[1]}`,
        ]),
        `-A KUBE-NODEPORT-CONTAINER -p tcp -m tcp --dport ${nodePort} ${to[0]}`,
        `-A KUBE-NODEPORT-HOST -p tcp -m tcp --dport ${nodePort} ${to[1]}`,
      ];
    }),
  );
  return [
    "-A PREROUTING -j KUBE-PORTALS-CONTAINER",
    "-A PREROUTING -m addrtype --dst-type LOCAL -j KUBE-NODEPORT-CONTAINER",
    "-A OUTPUT -j KUBE-PORTALS-HOST",
    "-A OUTPUT -m addrtype --dst-type LOCAL -j KUBE-NODEPORT-HOST",
    ...portals,
  ];
}
