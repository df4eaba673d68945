/** Which sysctl is named where a node's own, saved, stops what is intended to get through. */
import { expect, test } from "vitest";
import { readSysctls } from "#cluster/sysctl-text.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { followPaths } from "#expected/network/follow.js";
import { networkOf } from "#expected/network/network.js";
import type { Dial } from "#expected/network/path.js";
import { settingCauses } from "#verify/replay/causes/setting-causes.js";
import { readStates } from "../../../../src/cli/state-folder.js";
import { tuple } from "../../../support/netfilter.js";
import { topologyOf } from "../../../support/verify-recorded.js";

const RECORDED = "pod-to-pod-other-node";
const topology = topologyOf(RECORDED);
const saved = readStates({ folder: `captures/${RECORDED}`, family: "ipv4" });

/** What is named of p2a that dials p1a, when node1's saved sysctls have these in addition. */
function named(...lines: readonly string[]): readonly string[] {
  const states = new Map([...saved].map(([name, state]) => [name, withSysctls(state, lines)]));
  const intended = networkOf(topology, { family: "ipv4" });
  const configured = networkOf(topology, { family: "ipv4", states });
  const [as] = followPaths(intended, DIAL);
  const [is] = followPaths(configured, DIAL);
  if (as === undefined || is === undefined) throw new Error("no path");
  const causes = settingCauses({ intended, configured, as, is, branches: [as] });
  return causes.map(({ at, setting, value }) => `${at}: ${setting} is ${value}`);
}

function withSysctls(state: NodeState, lines: readonly string[]): NodeState {
  if (state.name !== "node1") return state;
  return { ...state, sysctls: new Map([...state.sysctls, ...readSysctls(lines.join("\n"))]) };
}

const DIAL: Dial = {
  from: { kind: "pod", name: "p2a" },
  tuple: tuple("tcp 10.233.2.2:41001 > 10.233.1.2:8080"),
};

const FORWARDING = "net.ipv4.conf.flannel/1.forwarding";

test.each([
  { sysctls: [`${FORWARDING} = 0`], names: [`node1: ${FORWARDING} is 0`] },
  {
    sysctls: [`${FORWARDING} = 0`, "net.ipv4.ip_forward = 0"],
    names: ["node1: net.ipv4.ip_forward is 0"],
  },
  { sysctls: [`${FORWARDING} = 1`], names: [] },
])("$sysctls", ({ sysctls, names }) => {
  expect(named(...sysctls)).toEqual(names);
});
