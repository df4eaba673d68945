/**
 * Flows that kube-proxy's own tests walk through its rules (kubernetes v1.28.7
 * pkg/proxy/iptables/proxier_test.go), with the rules it wrote for them. They lie outside of the
 * project, in ../shared/vectors/kube-proxy-flows.
 *
 * That tracer walks nat PREROUTING and four filter chains; a kernel walks hooks. The flows enter the
 * model so: sources that are the node's own addresses from a process, all others by eth0. What the
 * tracer simplifies and a kernel does not is listed per flow in DIFFERENCES.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { formatPredictedEndpoint } from "#expected/netfilter/predicted-tuple.js";
import type { Trace } from "#expected/netfilter/trace.js";
import { traverse } from "#expected/netfilter/traverse.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import { madeNode } from "../../support/netfilter.js";

const FOLDER = "../shared/vectors/kube-proxy-flows/iptables-v1.28.7";

const flowFile = z.object({
  nodeIPs: z.array(z.string()),
  localAddresses: z.array(z.string()),
  proxier: z.object({ localhostNodePorts: z.boolean() }).nullable(),
  iptablesSave: z.string(),
  flows: z.array(
    z.object({
      name: z.string(),
      sourceIP: z.string(),
      destIP: z.string(),
      destPort: z.number(),
      protocol: z.string(),
      output: z.string(),
      masq: z.boolean(),
    }),
  ),
});

type FlowFile = z.infer<typeof flowFile>;
type Flow = FlowFile["flows"][number];

interface Difference {
  /** What the kernel does with the flow as it is written. */
  readonly output: string;
  readonly masq: boolean;
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

const files = existsSync(FOLDER)
  ? readdirSync(FOLDER).filter((name) => name.endsWith(".json"))
  : [];

const cases = files.flatMap((name) => {
  const file = flowFile.parse(JSON.parse(readFileSync(`${FOLDER}/${name}`, "utf8")));
  const title = name.replace(/__.*/, "");
  return file.flows.map((flow) => ({ file, flow, title, name: `${name}: ${flow.name}` }));
});

describe.skipIf(files.length === 0)("kube-proxy's flows", () => {
  if (files.length === 0) process.stderr.write(`${FOLDER} is absent: its flows are skipped\n`);

  test("are all there, and none of their rules is beyond the model", () => {
    expect(cases).toHaveLength(210);
    const unmodelled = cases.flatMap(({ file }) => unmodelledRules(file.iptablesSave));
    expect(unmodelled).toEqual([]);
  });

  test.each(cases)("$name", ({ file, flow, title }) => {
    const difference = differenceOf(title, flow);
    const traces = walk(file, flow);
    expect(traces.map((trace) => outputOf(trace, flow)).join(", ")).toBe(
      difference?.output ?? flow.output,
    );
    expect(traces.some(isMarked)).toBe(difference?.masq ?? flow.masq);
    expect(
      traces.filter((trace) => isThrough(trace) && isMarked(trace) !== isMasqueraded(trace)),
    ).toEqual([]);
    for (const { probability } of traces) expect(probability).toBeCloseTo(1 / traces.length);
  });

  test.each(cases.filter(({ flow, title }) => differenceOf(title, flow)?.why === SCTP))(
    "$name, with the service's own protocol",
    ({ file, flow }) => {
      const sctp = { ...flow, protocol: "sctp" };
      const traces = walk(file, sctp);
      expect(traces.map((trace) => outputOf(trace, sctp)).join(", ")).toBe(flow.output);
      expect(traces.some(isMarked)).toBe(flow.masq);
    },
  );
});

function differenceOf(title: string, { name }: Flow): Difference | undefined {
  const key = `${title}: ${name.replace(/ doesn't work.*/, "")}`;
  return DIFFERENCES.get(key);
}

function walk(file: FlowFile, { sourceIP, destIP, destPort, protocol }: Flow): readonly Trace[] {
  const isLocal = file.localAddresses.includes(sourceIP);
  return traverse(nodeOf(file), {
    tuple: {
      protocol,
      source: { address: sourceIP, port: 40_000 },
      destination: { address: destIP, port: destPort },
    },
    arrival: isLocal ? { from: "process" } : { from: "interface", name: "eth0" },
  });
}

/** The tests know a node's addresses and nothing else of its network: all else is behind eth0. */
function nodeOf({ nodeIPs, proxier, iptablesSave }: FlowFile): NodeState {
  const { interfaces } = madeNode("");
  const subnet = { address: "0.0.0.0", length: 0 };
  const addresses = nodeIPs.map((address) => ({
    address,
    subnet,
    scope: "global" as const,
    isSecondary: false,
  }));
  const routeLocalnet = proxier?.localhostNodePorts === false ? "0" : "1";
  return madeNode(iptablesSave, {
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

/** In the tracer's words: an endpoint, REJECT, DROP, ACCEPT, or nothing for an untouched packet. */
function outputOf({ disposition, rule, final, steps, reason }: Trace, flow: Flow): string {
  if (disposition === "rejected") return "REJECT";
  if (disposition === "dropped" && rule) return "DROP";
  if (reason !== undefined) return reason.split(" ")[0] ?? "";
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
