/** The state of one node, from its files. */
import { dirname, join } from "node:path";
import { NodeStateError, readIpAddr, readIpRoute, type StateText } from "#cluster/ip-json.js";
import { readSysctls } from "#cluster/sysctl-text.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { readIpsetSave } from "#expected/rulesets/ipset-save.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import { readIpvsadmSave } from "#expected/rulesets/ipvsadm-save.js";
import { IPVS_DEVICE } from "#expected/rulesets/kube-proxy-ipvs.js";
import { sanitize } from "#report/sanitize.js";
import type { SavedFile } from "./bundle/saved-file.js";
import type { StateFiles } from "./bundle/state-file-map.js";
import type { StateKind } from "./bundle/state-kind.js";
import { CannotCheck } from "./exit.js";

/** Files of nodes, and the folder or bundle that they are in, as messages call it. */
export interface SavedNodes {
  readonly folder: string;
  readonly files: StateFiles;
}

/** What each family's files are called behind the node's name, and what prints them. */
export const FAMILY_FILES = {
  ipv4: { rules: "iptables-save.txt", routes: "ip-route.json", prints: "ip -j route" },
  ipv6: { rules: "ip6tables-save.txt", routes: "ip-6-route.json", prints: "ip -6 -j route" },
} as const;

export interface NodeFiles extends SavedNodes {
  readonly family: "ipv4" | "ipv6";
  /** Empty where the files have no node's name. */
  readonly name: string;
}

/** A file of a node that others of it make necessary is not there. */
export class MissingState extends CannotCheck {
  readonly kind: StateKind;
  /** What prints it. */
  readonly command: string;

  constructor(where: string, { kind, command }: { kind: StateKind; command: string }) {
    super(`${where}: not there\n    try       ${command} > ${where}`);
    this.kind = kind;
    this.command = command;
  }
}

/**
 * @throws MissingState for a file that is not there.
 * @throws CannotCheck for one that cannot be used.
 */
export function readNode({ folder, files, name, family }: NodeFiles): NodeState {
  const { rules, routes, prints } = FAMILY_FILES[family];
  const savedOf = (kind: StateKind): SavedFile | undefined => files.get(name)?.get(kind);
  const optional = (kind: StateKind): StateText | undefined => {
    const saved = savedOf(kind);
    return saved && { file: saved.file, text: saved.read() };
  };
  const needed = (kind: StateKind, command: string): StateText => {
    const found = optional(kind);
    if (found) return found;
    const where = sanitize(whereItBelongs({ folder, files, name }, kind));
    throw new MissingState(where, { kind, command });
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
      files: { routes: savedOf(routes)?.file, sysctls: savedOf("sysctl.txt")?.file },
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
  if (beside && name !== "" && dirname(beside.file) === join(folder, name)) {
    return join(folder, name, kind);
  }
  return join(folder, name === "" ? kind : `${name}.${kind}`);
}
