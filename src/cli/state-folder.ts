/** The files of a node's state in a folder, named as `NODE.iptables-save.txt`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NodeStateError, readIpAddr, readIpRoute, type StateText } from "#cluster/ip-json.js";
import { readSysctls } from "#cluster/sysctl-text.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { readIpsetSave } from "#expected/rulesets/ipset-save.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import { readIpvsadmSave } from "#expected/rulesets/ipvsadm-save.js";
import { IPVS_DEVICE } from "#expected/rulesets/kube-proxy-ipvs.js";
import { sanitize } from "#report/sanitize.js";
import { CannotCheck } from "./exit.js";
import { describeFileError } from "./inputs.js";

export interface StateRequest {
  readonly folder: string;
  /** Undefined: the only one in the folder. */
  readonly node: string | undefined;
  readonly family: "ipv4" | "ipv6";
}

/** What each family's files are called behind the node's name, and what prints them. */
const FILES = {
  ipv4: { rules: "iptables-save.txt", routes: "ip-route.json", prints: "ip -j route" },
  ipv6: { rules: "ip6tables-save.txt", routes: "ip-6-route.json", prints: "ip -6 -j route" },
} as const;

/** @throws CannotCheck that names the file that is missing or cannot be used. */
export function readState({ folder, node, family }: StateRequest): NodeState {
  const names = listFolder(folder);
  const name = node ?? onlyNode(names, { folder, suffix: FILES[family].rules });
  return readNode({ folder, names, name, family });
}

/**
 * Every node whose rules of that family are in the folder, by name; none is no fault, for a node may
 * have rules of the other family alone.
 * @throws CannotCheck that names the file that is missing or cannot be used.
 */
export function readStates({
  folder,
  family,
}: Omit<StateRequest, "node">): ReadonlyMap<string, NodeState> {
  const names = listFolder(folder);
  const states = nodesIn(names, FILES[family].rules).map((name) =>
    readNode({ folder, names, name, family }),
  );
  return new Map(states.map((state) => [state.name, state]));
}

interface NodeFiles extends Omit<StateRequest, "node"> {
  /** Of all files in the folder. */
  readonly names: readonly string[];
  /** In front of the node's files; empty where they have no name in front. */
  readonly name: string;
}

function readNode({ folder, names, name, family }: NodeFiles): NodeState {
  const { rules, routes, prints } = FILES[family];
  const fileOf = (suffix: string): string => (name === "" ? suffix : `${name}.${suffix}`);
  const optional = (suffix: string): StateText | undefined => {
    const file = names.includes(fileOf(suffix)) ? join(folder, fileOf(suffix)) : undefined;
    return file === undefined ? undefined : { file, text: readText(file) };
  };
  const needed = (suffix: string, command: string): StateText => {
    const found = optional(suffix);
    if (found) return found;
    const where = sanitize(join(folder, fileOf(suffix)));
    throw new CannotCheck(`${where}: not there\n    try       ${command} > ${where}`);
  };
  try {
    const ruleset = readIptablesSave(needed(rules, rules.replace(".txt", " -c")));
    const interfaces = readIpAddr(needed("ip-addr.json", "ip -j addr"));
    const hasIpvs = interfaces.some((port) => port.name === IPVS_DEVICE);
    const ipvsadm = hasIpvs ? needed("ipvsadm.txt", "ipvsadm -Sn") : optional("ipvsadm.txt");
    const ipvs = readIpvsadmSave(ipvsadm ?? { file: "ipvsadm.txt", text: "" });
    return {
      name: name === "" ? "node" : name,
      rules: { ...ruleset, notes: [...ruleset.notes, ...ipvs.notes] },
      interfaces,
      routes: readIpRoute({ ...needed(routes, `${prints} show table all`), family }),
      sysctls: readSysctls(optional("sysctl.txt")?.text ?? ""),
      sets: readIpsetSave(optional("ipset-save.txt")?.text ?? ""),
      entries: [],
      ipvs: ipvs.servers,
    };
  } catch (error) {
    if (error instanceof NodeStateError) throw new CannotCheck(sanitize(error.message));
    throw error;
  }
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new CannotCheck(`${sanitize(folder)}: ${describeFileError(error)}`);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CannotCheck(`${sanitize(file)}: ${describeFileError(error)}`);
  }
}

function nodesIn(names: readonly string[], suffix: string): readonly string[] {
  return names
    .filter((name) => name === suffix || name.endsWith(`.${suffix}`))
    .map((name) => name.slice(0, -suffix.length).replace(/\.$/, ""))
    .sort();
}

function onlyNode(
  names: readonly string[],
  { folder, suffix }: { readonly folder: string; readonly suffix: string },
): string {
  const nodes = nodesIn(names, suffix);
  const [only = "", ...others] = nodes;
  if (nodes.length === 0) {
    const where = sanitize(folder);
    throw new CannotCheck(`${where}: no file NODE.${suffix} in it`);
  }
  if (others.length === 0) return only;
  const list = nodes.map((name) => sanitize(name)).join(", ");
  throw new CannotCheck(
    `${sanitize(folder)}: several nodes, ${list}\n    try       --node ${only}`,
  );
}
