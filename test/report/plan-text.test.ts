/** What is printed can be pasted: a shell reads it, tcpdump reads its filters, and names stay names. */
import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { SCENARIOS } from "#expected/scenarios/index.js";
import { filterText, tunnelText } from "#report/plan-filter.js";
import { NODE_EVENTS, NODE_STATE } from "#report/plan-state.js";
import { planText } from "#report/plan-text.js";
import { exampleCluster } from "#verify/plan/example-cluster.js";
import { makePlan } from "#verify/plan/make-plan.js";
import type { Plan } from "#verify/plan/plan.js";
import { readTopology } from "#cluster/topology-file.js";
import { STATE_KINDS } from "../../src/cli/bundle/state-kind.js";

const hasTool = (tool: string): boolean =>
  spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0;

/** Where it says so: tests without it say why they do not run. */
const tcpdump = hasTool("tcpdump") ? test : test.skip;
const HERE = hasTool("tcpdump") ? "" : " (skipped: no tcpdump on PATH)";

/** What files cost takes a second for each scenario, and is another test's. */
const unjudged = () => ({ checks: [], lost: new Map() });

function planFor(name: string): Plan {
  const scenario = SCENARIOS.find((known) => known.name === name);
  const example = exampleCluster(name);
  const plan =
    scenario && example && makePlan({ scenario, ...example, subject: {}, judge: unjudged });
  if (!plan) throw new Error(`no plan for ${name}`);
  return plan;
}

function textOf(plan: Plan): string {
  return [
    ...planText(plan, { entrance: undefined, scenario: plan.scenario.name, topologies: [] }),
  ].join("");
}

function syntaxFaults(script: string): string {
  return spawnSync("bash", ["-n"], { input: script, encoding: "utf8" }).stderr;
}

function compiles(filter: string): void {
  execFileSync("tcpdump", ["-d", "-y", "EN10MB", filter], { stdio: "pipe" });
}

describe.each(SCENARIOS.map(({ name }) => ({ name })))("$name", ({ name }) => {
  const plan = planFor(name);
  const text = textOf(plan);

  test("is a script that bash reads", () => {
    expect(syntaxFaults(text)).toBe("");
  });

  test("fits 80 columns", () => {
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test("says no address or port of the example", () => {
    const stands = plan.placeholders.map((one) => one.stands).filter((one) => /\d/.test(one));
    const left = stands.filter((one) =>
      new RegExp(`(?<![\\w.])${one.replaceAll(".", "\\.")}(?![\\w.])`).test(text),
    );
    expect(left).toEqual([]);
    expect(text).not.toMatch(/10\.244\.|192\.0\.2\./);
  });

  test("asks for every placeholder that a command names", () => {
    const used = [...text.matchAll(/"?\$([A-Z_]+)\b/g)].map(([, variable]) => variable);
    const asked = [...text.matchAll(/^([A-Z_]+)= /gm)].map(([, variable]) => variable);
    const known = new Set(["FILTER", "UPLINK", "OUT", ...asked]);
    expect(used.filter((variable) => !known.has(variable))).toEqual([]);
  });

  tcpdump(`its filters compile${HERE}`, () => {
    const filter = filterText(plan.filter);
    compiles(filter);
    const tunnels = plan.machines.flatMap(({ captures }) =>
      captures.flatMap((capture) => capture.tunnels),
    );
    if (tunnels.length > 0) compiles(`${filter} ${tunnelText(tunnels)}`);
  });
});

const KINDS: readonly string[] = STATE_KINDS;

test("state is saved under the names by which it is known", () => {
  const unknown = [...NODE_STATE, NODE_EVENTS].filter(({ file }) => !KINDS.includes(file));
  expect(unknown).toEqual([]);
});

/** What a name could do to whoever pastes it. */
const HOSTILE = "x';touch pwned;$(reboot)`id`\\u001b[31m\\n#";

test("a name from a topology stays one word, and moves no cursor", () => {
  const yaml = `
schema: pcapcheck.topology/v1
clusterCIDR: 10.244.0.0/16
nodes:
  - { name: "${HOSTILE}", addresses: [192.0.2.10], podCIDR: 10.244.1.0/24,
      interfaces: [{ name: "eth0 -w $(id)", kind: uplink, addresses: [192.0.2.10/24] }] }
pods:
  - { name: "${HOSTILE}p", node: "${HOSTILE}", address: 10.244.1.2, hostPorts: [{ hostPort: 9000, containerPort: 8080 }] }
clients: [{ name: "${HOSTILE}c", addresses: [198.51.100.9] }]
`;
  const topology = readTopology({ file: "hostile.yaml", text: yaml });
  const scenario = SCENARIOS.find(({ name }) => name === "hostport-external");
  const plan = scenario && makePlan({ scenario, topology, subject: {}, judge: unjudged });
  if (!plan) throw new Error("no plan");
  const script = [
    ...planText(plan, { entrance: "netns", scenario: HOSTILE, topologies: [`${HOSTILE}.yaml`] }),
  ].join("");
  expect(syntaxFaults(script)).toBe("");
  // oxlint-disable-next-line no-control-regex
  expect(script).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
  // Every command that bash would run is one of the plan's own.
  const recorder = 'for tool in touch reboot id; do eval "$tool() { echo RAN $tool; }"; done\n';
  const harmless =
    "timeout() { :; }; mkdir() { :; }; cd() { :; }; sleep() { :; }; kill() { :; }; rm() { :; }; cat() { :; }\n" +
    "grep() { :; }; find() { :; }; tar() { :; }; pcapcheck() { :; }; ip() { :; }; nsenter() { :; }\n" +
    "iptables-save() { :; }; ip6tables-save() { :; }; conntrack() { :; }; sysctl() { :; }; ipset() { :; }; ipvsadm() { :; }\n";
  const ran = spawnSync("bash", [], {
    input: `cd "$(mktemp -d)" || exit\n${recorder}${harmless}${script}`,
    encoding: "utf8",
  });
  expect(ran.stdout + ran.stderr).not.toContain("RAN");
});
