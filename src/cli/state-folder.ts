/** The state of nodes, from the files of a folder. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
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
import { stateFiles, type StateFiles, type StateKind } from "./state-files.js";

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
  const files = stateFiles(folder);
  const name = node ?? onlyNode(files, { folder, rules: FILES[family].rules });
  return readNode({ folder, files, name, family });
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
  const files = stateFiles(folder);
  const states = nodesWith(files, FILES[family].rules).map((name) =>
    readNode({ folder, files, name, family }),
  );
  return new Map(states.map((state) => [state.name, state]));
}

interface NodeFiles extends Omit<StateRequest, "node"> {
  readonly files: StateFiles;
  /** Empty where the files have no node's name. */
  readonly name: string;
}

function readNode({ folder, files, name, family }: NodeFiles): NodeState {
  const { rules, routes, prints } = FILES[family];
  const fileOf = (kind: StateKind): string | undefined => files.get(name)?.get(kind);
  const optional = (kind: StateKind): StateText | undefined => {
    const file = fileOf(kind);
    return file === undefined ? undefined : { file, text: readText(file) };
  };
  const needed = (kind: StateKind, command: string): StateText => {
    const found = optional(kind);
    if (found) return found;
    const where = sanitize(whereItBelongs({ folder, files, name }, kind));
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
      files: { routes: fileOf(routes), sysctls: fileOf("sysctl.txt") },
    };
  } catch (error) {
    if (error instanceof NodeStateError) throw new CannotCheck(sanitize(error.message));
    throw error;
  }
}

/** Beside the node's other files, named as they are. */
function whereItBelongs(
  { folder, files, name }: Omit<NodeFiles, "family">,
  kind: StateKind,
): string {
  const [beside] = files.get(name)?.values() ?? [];
  if (beside !== undefined && name !== "" && dirname(beside) === join(folder, name)) {
    return join(folder, name, kind);
  }
  return join(folder, name === "" ? kind : `${name}.${kind}`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CannotCheck(`${sanitize(file)}: ${describeFileError(error)}`);
  }
}

function nodesWith(files: StateFiles, kind: StateKind): readonly string[] {
  return [...files].flatMap(([node, kinds]) => (kinds.has(kind) ? [node] : []));
}

function onlyNode(
  files: StateFiles,
  { folder, rules }: { readonly folder: string; readonly rules: StateKind },
): string {
  const nodes = nodesWith(files, rules);
  const [only = "", ...others] = nodes;
  if (nodes.length === 0) {
    throw new CannotCheck(`${sanitize(folder)}: no file NODE.${rules} or NODE/${rules} in it`);
  }
  if (others.length === 0) return only;
  const list = nodes.map((name) => sanitize(name)).join(", ");
  throw new CannotCheck(
    `${sanitize(folder)}: several nodes, ${list}\n    try       --node ${only}`,
  );
}
