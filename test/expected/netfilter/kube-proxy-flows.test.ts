/**
 * Flows of kube-proxy's own tests (see test/support/kube-proxy-flows.ts), twice: by the rules that
 * kube-proxy wrote, and by those that the project writes for the same Services.
 *
 * The Go tests' tracer walks nat PREROUTING and four filter chains; a kernel walks hooks. The flows
 * enter the model so: sources that are the node's own addresses from a process, all others by eth0.
 * What the tracer simplifies and a kernel does not is listed per flow in DIFFERENCES.
 */
import { describe, expect, test } from "vitest";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { formatPredictedEndpoint } from "#expected/netfilter/predicted-tuple.js";
import type { Trace } from "#expected/netfilter/trace.js";
import { traverse } from "#expected/netfilter/traverse.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import {
  generatedRules,
  readFlowFiles,
  type Flow,
  type FlowFile,
} from "../../support/kube-proxy-flows.js";
import { madeNode } from "../../support/netfilter.js";

interface Outcome {
  /** In the tracer's words. */
  readonly output: string;
  readonly masq: boolean;
}

interface Difference extends Outcome {
  /** Why the kernel does something else with the flow as it is written. */
  readonly why: string;
}

const SCTP = "the flow is TCP and the service SCTP; the tracer ignores -p";
const MARTIAN =
  "kube-proxy sets route_localnet only for localhostNodePorts, so 127.0.0.1 from outside is a " +
  "martian; the tracer has no routing";

const DIFFERENCES: ReadonlyMap<string, Difference> = new Map(
  [
    ["TestClusterIPEndpointsMore: cluster IP accepted", "", SCTP],
    ["TestClusterIPEndpointsMore: hairpin to cluster IP", "", SCTP],
    ["TestOnlyLocalNodePorts: pod to localhost", "martian", MARTIAN],
    ["TestOnlyLocalNodePortsNoClusterCIDR: pod to localhost", "martian", MARTIAN],
  ].map(([flow = "", output = "", why = ""]) => [flow, { output, why, masq: false }]),
);

const files = readFlowFiles();

const cases = files.flatMap((file) => {
  const generated = generatedRules(file);
  const own = { by: "own", rules: file.iptablesSave };
  const rulesets = [
    own,
    ...(generated === undefined ? [] : [{ by: "generated", rules: generated }]),
  ];
  return rulesets.flatMap(({ by, rules }) => {
    const node = nodeOf(file, rules);
    return file.flows.map((flow) => {
      const difference = differenceOf(file, flow);
      return { by, file, node, rules, flow, difference, name: `${file.name}: ${flow.name}` };
    });
  });
});

describe.skipIf(files.length === 0)("kube-proxy's flows", () => {
  test("are all there, and none of their rules is beyond the model", () => {
    expect(cases.filter(({ by }) => by === "own")).toHaveLength(210);
    // TestTracePackets holds its rules as they are, without Services: seven flows.
    expect(cases.filter(({ by }) => by === "generated")).toHaveLength(203);
    const rules = new Set(cases.map(({ rules }) => rules));
    expect([...rules].flatMap(unmodelledRules)).toEqual([]);
  });

  test("as figures", () => {
    const figures = ["own", "generated"].map((by) => {
      const right = cases.filter((row) => row.by === by && isRight(row));
      const stated = right.filter(({ difference }) => difference !== undefined).length;
      return { by, right: right.length, stated };
    });
    const [own, generated] = figures.map(({ right }) => `${right} of 210`);
    process.stderr.write(
      `kube-proxy flows: ${own} by their own rules, ${generated} by generated rules ` +
        `(${figures[0]?.stated} stated differences; 7 flows have rules and no services)\n`,
    );
    expect(figures).toEqual([
      { by: "own", right: 210, stated: 4 },
      { by: "generated", right: 203, stated: 4 },
    ]);
  });

  test.each(cases)("$name, by $by rules", ({ node, file, flow, difference }) => {
    const traces = walk(node, file, flow);
    const { output, masq } = difference ?? flow;
    expect(outcomeOf(traces, flow)).toEqual({ output, masq });
    expect(
      traces.filter((trace) => isThrough(trace) && isMarked(trace) !== isMasqueraded(trace)),
    ).toEqual([]);
    for (const { probability } of traces) expect(probability).toBeCloseTo(1 / traces.length);
  });

  test.each(cases.filter(({ difference }) => difference?.why === SCTP))(
    "$name, by $by rules, with the service's own protocol",
    ({ node, file, flow: { output, masq, ...rest } }) => {
      const flow = { ...rest, output, masq, protocol: "sctp" };
      expect(outcomeOf(walk(node, file, flow), flow)).toEqual({ output, masq });
    },
  );
});

function differenceOf({ name: file }: FlowFile, { name }: Flow): Difference | undefined {
  return DIFFERENCES.get(`${file.replace(/__.*/, "")}: ${name.replace(/ doesn't work.*/, "")}`);
}

function isRight({ node, file, flow, difference }: (typeof cases)[number]): boolean {
  const { output, masq } = outcomeOf(walk(node, file, flow), flow);
  const expected = difference ?? flow;
  return output === expected.output && masq === expected.masq;
}

function walk(
  node: NodeState,
  { localAddresses }: FlowFile,
  { sourceIP, destIP, destPort, protocol }: Flow,
): readonly Trace[] {
  const isLocal = localAddresses.includes(sourceIP);
  return traverse(node, {
    tuple: {
      protocol,
      source: { address: sourceIP, port: 40_000 },
      destination: { address: destIP, port: destPort },
    },
    arrival: isLocal ? { from: "process" } : { from: "interface", name: "eth0" },
  });
}

/** The tests know a node's addresses and nothing else of its network: all else is behind eth0. */
function nodeOf({ nodeIPs, proxier }: FlowFile, rules: string): NodeState {
  const { interfaces } = madeNode("");
  const subnet = { address: "0.0.0.0", length: 0 };
  const addresses = nodeIPs.map((address) => ({
    address,
    subnet,
    scope: "global" as const,
    isSecondary: false,
  }));
  const routeLocalnet = proxier?.localhostNodePorts === false ? "0" : "1";
  return madeNode(rules, {
    interfaces: [
      ...interfaces.filter(({ isLoopback }) => isLoopback),
      { name: "eth0", bridge: undefined, isBridge: false, isLoopback: false, addresses },
    ],
    routes: [
      {
        type: "unicast",
        destination: subnet,
        table: "main",
        metric: 0,
        hops: [{ device: "eth0", gateway: undefined, weight: 1 }],
      },
    ],
    sysctls: new Map([
      ["net.ipv4.ip_forward", "1"],
      ["net.ipv4.conf.eth0.route_localnet", routeLocalnet],
    ]),
  });
}

function outcomeOf(traces: readonly Trace[], flow: Flow): Outcome {
  return {
    output: traces.map((trace) => outputOf(trace, flow)).join(", "),
    masq: traces.some(isMarked),
  };
}

/** In the tracer's words: an endpoint, REJECT, DROP, ACCEPT, or nothing for an untouched packet. */
function outputOf({ disposition, rule, final, steps, reason }: Trace, flow: Flow): string {
  if (disposition === "rejected") return "REJECT";
  if (disposition === "dropped" && rule) return "DROP";
  if (disposition === "dropped" || disposition === "unknown") return reason?.split(" ")[0] ?? "";
  const { destination } = final;
  if (destination.address !== flow.destIP) return formatPredictedEndpoint(destination);
  const isAccepted = steps.some(
    (step) => step.kind === "rule" && step.table === "filter" && step.rule.target.kind === "accept",
  );
  return isAccepted ? "ACCEPT" : "";
}

function isMarked({ steps }: Trace): boolean {
  return steps.some((step) => step.kind === "rule" && step.chain === "KUBE-MARK-MASQ");
}

function isMasqueraded({ steps }: Trace): boolean {
  return steps.some((step) => step.kind === "rule" && step.rule.target.kind === "masquerade");
}

function isThrough({ disposition }: Trace): boolean {
  return disposition === "forwarded";
}

function unmodelledRules(text: string): readonly string[] {
  const { tables } = readIptablesSave({ file: "flows", text });
  const rules = [...tables.values()].flatMap((chains) =>
    [...chains.values()].flatMap(({ rules }) => rules),
  );
  return rules.flatMap(({ matches, target, text }) =>
    [...matches, target].some(({ kind }) => kind === "unmodelled") ? [text] : [],
  );
}
