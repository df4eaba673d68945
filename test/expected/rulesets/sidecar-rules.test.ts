/** What Istio's rules make of a connection into the pod. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { iptablesSaveText } from "#expected/rulesets/installed-rules.js";
import { sidecarRules } from "#expected/rulesets/sidecar-rules.js";
import { installedLines, linesByChain, outcomeOf } from "../../support/installed-rules.js";
import { madeNode, NODE, NODE6 } from "../../support/netfilter.js";

// A pod's namespace as far as these rules go: what comes in by eth0 is for its own address.
const CLIENT = "203.0.113.7:40000";
const CLIENT6 = "[2001:db8:f::7]:40000";

// oxfmt-ignore
test.each([
  { inboundPort: 15_006, from: CLIENT,  to: `${NODE}:8080`,     becomes: `${NODE}:15006` },
  { inboundPort: 16_006, from: CLIENT,  to: `${NODE}:8080`,     becomes: `${NODE}:16006` },
  { inboundPort: 15_006, from: CLIENT6, to: `[${NODE6}]:8080`,  becomes: `[${NODE6}]:15006` },
  { inboundPort: 15_006, from: CLIENT,  to: `${NODE}:15008`,    becomes: `${NODE}:15008` },
  { inboundPort: 15_006, from: CLIENT,  to: `${NODE}:15020`,    becomes: `${NODE}:15020` },
  { inboundPort: 15_006, from: CLIENT,  to: `${NODE}:15021`,    becomes: `${NODE}:15021` },
  { inboundPort: 15_006, from: CLIENT,  to: `${NODE}:15090`,    becomes: `${NODE}:15090` },
])("to $to, with Envoy on $inboundPort: $becomes", ({ inboundPort, from, to, becomes }) => {
  const node = madeNode(iptablesSaveText([sidecarRules({ inboundPort })]));
  expect(outcomeOf(node, { from, to, by: "eth0" })).toBe(
    `delivered-locally tcp ${from} > ${becomes}`,
  );
});

test.each([
  { what: "UDP", flow: { protocol: "udp", from: CLIENT, to: `${NODE}:8080`, by: "eth0" } },
  {
    what: "what the pod dials of itself",
    flow: { from: `${NODE}:40000`, to: `${NODE}:8080`, by: "process" },
  },
])("$what is not redirected", ({ flow }) => {
  const node = madeNode(iptablesSaveText([sidecarRules({ inboundPort: 15_006 })]));
  expect(outcomeOf(node, flow)).toBe(
    `delivered-locally ${flow.protocol ?? "tcp"} ${flow.from} > ${flow.to}`,
  );
});

test("sidecar-redirect: the lines of the recorded pod, but for those of its OUTPUT", () => {
  const file = "captures/sidecar-redirect/pod-p1a.iptables-save.txt";
  const text = readFileSync(file, "utf8").replaceAll(/^\[\d+:\d+\] /gm, "");
  const recorded = Object.fromEntries(linesByChain(text));
  const inbound = Object.entries(recorded).filter(([chain]) => !chain.endsWith("OUTPUT"));
  const rules = installedLines(sidecarRules({ inboundPort: 15_006 }));
  expect(Object.fromEntries(rules)).toEqual(Object.fromEntries(inbound));
});
