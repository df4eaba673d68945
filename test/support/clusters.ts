/** Clusters for tests of the model: a recorded case's own, with the state its nodes were in. */
import { readIpAddr, readIpRoute } from "#cluster/ip-json.js";
import { readSysctls } from "#cluster/sysctl-text.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import { filesOf, textOf, topologyOf } from "./verify-recorded.js";

/** The nodes of a case whose state was recorded, by name. */
export function recordedStates(recorded: string): ReadonlyMap<string, NodeState> {
  const files = new Set(filesOf(recorded));
  const names = topologyOf(recorded).nodes.map(({ name }) => name);
  return new Map(
    names
      .filter((name) => files.has(`${name}.iptables-save.txt`))
      .map((name): [string, NodeState] => [name, recordedState({ recorded, name })]),
  );
}

function recordedState({ recorded, name }: { recorded: string; name: string }): NodeState {
  const read = (suffix: string): { file: string; text: string } => {
    const file = `${recorded}/${name}.${suffix}`;
    return { file, text: textOf(file) };
  };
  return {
    name,
    rules: readIptablesSave(read("iptables-save.txt")),
    interfaces: readIpAddr(read("ip-addr.json")),
    routes: readIpRoute({ ...read("ip-route.json"), family: "ipv4" }),
    sysctls: readSysctls(read("sysctl.txt").text),
    sets: new Map(),
    entries: [],
    ipvs: [],
  };
}
