/** A node's saved state that is another's, of nobody, or says nothing accuses no one. */
import { describe, expect, test } from "vitest";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { readStates } from "../../src/cli/state-folder.js";
import { statesForTopology } from "../../src/cli/states-for-topology.js";
import { topologyOf } from "../support/verify-recorded.js";

const RECORDED = "pod-to-pod-other-node";
const topology = topologyOf(RECORDED);
const saved = readStates({ folder: `captures/${RECORDED}`, family: "ipv4" });

function stateOf(node: string): NodeState {
  const state = saved.get(node);
  if (state === undefined) throw new Error(`no state of ${node}`);
  return state;
}

/** The state of one node, saved under a name. */
const under = (name: string, state: NodeState): ReadonlyMap<string, NodeState> =>
  new Map([[name, { ...state, name }]]);

const empty = (state: NodeState): NodeState => ({
  ...state,
  rules: { ...state.rules, tables: new Map() },
});

describe("a state", () => {
  // prettier-ignore
  test.each([
    { name: "of its node",                    given: under("node1", stateOf("node1")),                          used: ["node1"], remark: undefined },
    { name: "of a node that nobody listed",   given: under("node1.example", stateOf("node1")),                  used: [],        remark: /node1\.iptables-save\.txt: not used, the topology has no node node1\.example: node1, node2$/ },
    { name: "without a table, of a node",     given: under("node1", empty(stateOf("node1"))),                   used: [],        remark: /not used, it has no table/ },
    { name: "without a table, of a pod",      given: under("pod-p1a", empty(stateOf("node1"))),                 used: ["pod-p1a"], remark: undefined },
    { name: "with addresses that nobody has", given: under("node1", { ...stateOf("node1"), interfaces: [] }),   used: ["node1"], remark: undefined },
  ])("$name", ({ given, used, remark }) => {
    const { states, remarks } = statesForTopology(given, topology);
    expect([...states.keys()]).toEqual(used);
    expect(remarks.join("\n")).toMatch(remark ?? /^$/);
  });

  test("without a name is the only node's", () => {
    const alone = { ...topology, nodes: topology.nodes.slice(0, 1) };
    const { states } = statesForTopology(under("node", stateOf("node1")), alone);
    expect([...states].map(([name, state]) => [name, state.name])).toEqual([["node1", "node1"]]);
  });

  test("that has another node's addresses is refused, with both", () => {
    expect(() => statesForTopology(under("node1", stateOf("node2")), topology)).toThrow(
      /node2\.iptables-save\.txt: the files beside it are node2's: ip addr has 10\.20\.32\.205, and nothing of node1 \(10\.20\.32\.204\)/,
    );
  });
});
