/**
 * The lab's nodes: kube-proxy's rules as `iptables-save` printed them there, letter by letter. The lab
 * writes them from the same source by another hand, and the kernel has read them.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readTopology } from "#cluster/topology-file.js";
import type { Node, Topology } from "#cluster/topology.js";
import { iptablesSaveText } from "#expected/rulesets/installed-rules.js";
import { kubeProxyRules } from "#expected/rulesets/kube-proxy.js";
import { madeProxy } from "../../support/kube-proxy-services.js";

interface Recorded {
  readonly name: string;
  readonly topology: Topology;
  readonly node: Node;
  readonly saved: string;
}

/** One case has rules with names of its own; those of the broken cases are not as kube-proxy left them. */
const cases = readdirSync("captures")
  .filter((folder) => existsSync(`captures/${folder}/topology.yaml`))
  .filter((folder) => folder !== "service-beside-hostport" && !folder.startsWith("broken-"))
  .flatMap((folder) => {
    const file = `captures/${folder}/topology.yaml`;
    const topology = readTopology({ file, text: readFileSync(file, "utf8") });
    return topology.services.length === 0 ? [] : recordedNodes(folder, topology);
  });

test("there are some", () => {
  expect(cases.length).toBeGreaterThan(20);
});

test.each(cases)("$name", ({ topology, node, saved }) => {
  const addresses = [
    ...node.addresses,
    ...node.interfaces.flatMap((each) => each.addresses.map(({ address }) => address)),
  ];
  const rules = kubeProxyRules({
    family: "ipv4",
    node: { name: node.name, addresses },
    services: topology.services,
    kubeProxy: topology.kubeProxy ?? madeProxy(),
    clusterCIDR: topology.clusterCIDR,
  });
  expect(kubeLines(iptablesSaveText([rules]))).toEqual(kubeLines(saved));
});

function recordedNodes(folder: string, topology: Topology): readonly Recorded[] {
  return topology.nodes.flatMap((node) => {
    const file = `captures/${folder}/${node.name}.iptables-save.txt`;
    const saved = existsSync(file) ? readFileSync(file, "utf8") : "";
    const name = `${folder} ${node.name}`;
    return saved.includes(":KUBE-SERVICES") ? [{ name, topology, node, saved }] : [];
  });
}

/** By table and chain, in the order within it. */
function kubeLines(text: string): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  let table = "";
  for (const raw of text.split("\n")) {
    const line = raw.replace(/^\[\d+:\d+\] /, "");
    if (line.startsWith("*")) table = line;
    const [, chain] = /^-A (\S+) .*/.exec(line) ?? [];
    if (chain === undefined || !line.includes("KUBE-")) continue;
    (found[`${table} ${chain}`] ??= []).push(line);
  }
  return found;
}
