/** The rules that the CNI portmap plugin's iptables backend writes for hostPorts, by version. */
import type { HostPort } from "#cluster/topology.js";
import type { Address } from "#net/address.js";
import { formatEndpoint } from "#net/five-tuple.js";
import { formatPrefix, prefixOf } from "#net/prefix.js";
import { cniChainName, commentMatch } from "./cni-names.js";
import type { InstalledRule, InstalledRules } from "./installed-rules.js";
import { portmapRuleForm, type PortmapRuleForm } from "./portmap.js";

export interface PortmapInput {
  readonly family: "ipv4" | "ipv6";
  /** Of the plugin, `1.1.1`. */
  readonly version: string;
  /** Containers with hostPorts, in the order in which they were added. */
  readonly entries: readonly PortmapEntry[];
  readonly options: PortmapOptions;
}

export interface PortmapEntry {
  /** The container's id, as the runtime passes it. */
  readonly name: string;
  /** Of the CNI configuration, `cbr0`. */
  readonly networkName: string;
  readonly address: Address;
  /** That the address was given with: 24 of host-local on a bridge, 32 where pods are routed. */
  readonly prefixLength: number;
  readonly mappings: readonly HostPort[];
}

/** The plugin's configuration. `conditionsV4` and `conditionsV6` are not modelled. */
export interface PortmapOptions {
  readonly snat: boolean;
  readonly masqAll: boolean;
  /** A chain of somebody else's that marks for masquerading, `KUBE-MARK-MASQ`. */
  readonly externalSetMarkChain?: string;
  /** 0 to 31. */
  readonly markMasqBit: number;
}

/** plugins/meta/portmap/main.go parseConfig, DefaultMarkBit. */
export const PORTMAP_DEFAULTS: PortmapOptions = { snat: true, masqAll: false, markMasqBit: 13 };

/**
 * containernetworking/plugins plugins/meta/portmap/portmap.go forwardPorts and fillDnatRules, with
 * chain.go setup; up to 0.6.0 its genDnatChain and genSnatChain. What the nft backend writes, which
 * 1.6.0 and later can be told to use, is another ruleset.
 *
 * @throws RangeError for a version that `portmapBehaviour` does not know.
 */
export function portmapRules({ family, version, entries, options }: PortmapInput): InstalledRules {
  const form = portmapRuleForm(version);
  if (form === undefined) throw new RangeError(`portmap ${version}: not a version from 0.6.0 on`);
  const chainsOf = form.masquerades === "by-source" ? chainsBySource : chainsByMark;
  const chains = entries
    .filter(({ address, mappings }) => isOf(family, address) && mappings.length > 0)
    .flatMap((entry) => chainsOf(entry, { form, family, options }));
  const names = new Set(chains.map(({ name }) => name));
  return {
    chains: [...names].map((name) => ({ table: "nat", name })),
    rules: withoutRepeats(chains.flatMap((chain) => install(chain, form))),
  };
}

interface Settings {
  readonly form: PortmapRuleForm;
  readonly family: PortmapInput["family"];
  readonly options: PortmapOptions;
}

interface PortmapChain {
  readonly name: string;
  /** In the order in which they stand in it. */
  readonly rules: readonly string[];
  /** What jumps to it: each of these matches, from each of these chains. */
  readonly entryChains: readonly string[];
  readonly entryMatches: readonly string[];
  /** Puts its jumps in front, whatever the version does otherwise. */
  readonly entryAt?: "first";
}

const LOCAL = "-m addrtype --dst-type LOCAL";

const DNAT_CHAIN: PortmapChain = {
  name: "CNI-HOSTPORT-DNAT",
  rules: [],
  entryChains: ["PREROUTING", "OUTPUT"],
  entryMatches: [LOCAL],
};

function chainsByMark(entry: PortmapEntry, settings: Settings): readonly PortmapChain[] {
  const { snat, externalSetMarkChain, markMasqBit } = settings.options;
  const marking = snat && externalSetMarkChain === undefined ? markChains(markMasqBit) : [];
  const comment = commentOf("dnat", entry);
  const perContainer: PortmapChain = {
    name: cniChainName("CNI-DN-", { ...entry, containerId: entry.name }),
    rules: mappingsOf(entry, settings).flatMap((mapping) => markAndDnat(mapping, entry, settings)),
    entryChains: [DNAT_CHAIN.name],
    entryMatches: portLists(entry).map(
      ({ protocol, ports }) => `-p ${protocol} ${comment} -m multiport --dports ${ports.join(",")}`,
    ),
  };
  return [...marking, DNAT_CHAIN, perContainer];
}

const SET_MARK = "CNI-HOSTPORT-SETMARK";

function markChains(bit: number): readonly PortmapChain[] {
  const mark = `0x${(2 ** bit).toString(16)}`;
  return [
    {
      name: SET_MARK,
      rules: [`${commentMatch("CNI portfwd masquerade mark")} -j MARK --set-xmark ${mark}/${mark}`],
      entryChains: [],
      entryMatches: [],
    },
    {
      name: "CNI-HOSTPORT-MASQ",
      rules: [`-m mark --mark ${mark}/${mark} -j MASQUERADE`],
      entryChains: ["POSTROUTING"],
      entryMatches: [commentMatch("CNI portfwd requiring masquerade")],
      // Else the masquerading rules of the bridge and ptp plugins would come first.
      entryAt: "first",
    },
  ];
}

function markAndDnat(
  mapping: HostPort,
  { address, prefixLength }: PortmapEntry,
  { form, family, options }: Settings,
): readonly string[] {
  const { snat, masqAll, externalSetMarkChain = SET_MARK } = options;
  const { protocol, hostPort, containerPort } = mapping;
  const match = `${destinationMatch(mapping, form)}-p ${protocol} -m ${protocol} --dport ${hostPort}`;
  const dnat = `${match} -j DNAT --to-destination ${formatEndpoint({ address, port: containerPort })}`;
  if (!snat) return [dnat];
  const mark = `${match} -j ${externalSetMarkChain}`;
  // -s 0.0.0.0/0 asks nothing, and iptables-save does not print it.
  if (masqAll && form.masqAll === "known") return [mark, dnat];
  const block = prefixOf(address, form.marks === "pod" ? hostLength(address) : prefixLength);
  const hairpin = `-s ${formatPrefix(block)} ${mark}`;
  // There is no route_localnet for ::1, so IPv6 has no rule for it.
  return family === "ipv6" ? [hairpin, dnat] : [hairpin, `-s 127.0.0.1/32 ${mark}`, dnat];
}

/** 0.6.0: no mark, and the source is asked after DNAT, so that only 127.0.0.1 is masqueraded. */
function chainsBySource(entry: PortmapEntry, settings: Settings): readonly PortmapChain[] {
  const dnat: PortmapChain = {
    name: cniChainName("CNI-DN-", { ...entry, containerId: entry.name }),
    rules: mappingsOf(entry, settings).flatMap((mapping) =>
      markAndDnat(mapping, entry, { ...settings, options: { ...settings.options, snat: false } }),
    ),
    entryChains: [DNAT_CHAIN.name],
    entryMatches: [commentOf("dnat", entry)],
  };
  const isSnat = settings.options.snat && settings.family === "ipv4";
  return [DNAT_CHAIN, dnat, ...(isSnat ? sourceChains(entry, settings) : [])];
}

const SNAT_CHAIN: PortmapChain = {
  name: "CNI-HOSTPORT-SNAT",
  rules: [],
  entryChains: ["POSTROUTING"],
  entryMatches: ["-s 127.0.0.1/32 ! -d 127.0.0.1/32"],
};

function sourceChains(entry: PortmapEntry, settings: Settings): readonly PortmapChain[] {
  const perContainer: PortmapChain = {
    name: cniChainName("CNI-SN-", { ...entry, containerId: entry.name }),
    rules: mappingsOf(entry, settings).map(
      ({ protocol, containerPort }) =>
        `-s 127.0.0.1/32 -d ${entry.address}/32 -p ${protocol} -m ${protocol} ` +
        `--dport ${containerPort} -j MASQUERADE`,
    ),
    entryChains: [SNAT_CHAIN.name],
    entryMatches: [commentOf("snat", entry)],
  };
  return [SNAT_CHAIN, perContainer];
}

/**
 * Those of the family. Before 0.8.3 iptables was given an address of the other one, refused it, and
 * the container did not start; since then the plugin passes such a mapping over.
 */
function mappingsOf({ mappings }: PortmapEntry, { family }: Settings): readonly HostPort[] {
  return mappings.filter(({ hostIP }) => hostIP === undefined || isOf(family, hostIP));
}

function destinationMatch({ hostIP }: HostPort, { unspecifiedHostIP }: PortmapRuleForm): string {
  const isAny = hostIP === "0.0.0.0" || hostIP === "::";
  if (hostIP === undefined || (isAny && unspecifiedHostIP === "any-address")) return "";
  return `-d ${hostIP}/${hostLength(hostIP)} `;
}

/** multiport takes no more (iptables extensions XT_MULTI_PORTS). */
const MULTIPORT_LIMIT = 15;

/** All mappings by protocol in alphabetical order, those of the other family included. */
function portLists({ mappings }: PortmapEntry) {
  const protocols = [...new Set(mappings.map(({ protocol }) => protocol))].sort();
  return protocols.flatMap((protocol) => {
    const ports = mappings.flatMap((one) => (one.protocol === protocol ? one.hostPort : []));
    return Array.from({ length: Math.ceil(ports.length / MULTIPORT_LIMIT) }, (_, at) => ({
      protocol,
      ports: ports.slice(at * MULTIPORT_LIMIT, (at + 1) * MULTIPORT_LIMIT),
    }));
  });
}

/** iptables takes comments of 255 characters (utils.go trimComment). */
function commentOf(what: "dnat" | "snat", { networkName, name }: PortmapEntry): string {
  const comment = `${what} name: "${networkName}" id: "${name}"`;
  return commentMatch(comment.length > 255 ? `${comment.slice(0, 253)}...` : comment);
}

/** chain.go: what goes in front goes in from the last to the first, and so stands in order. */
function install(chain: PortmapChain, form: PortmapRuleForm): readonly InstalledRule[] {
  const { name, rules, entryChains, entryMatches, entryAt = form.at } = chain;
  const own = rules.map((text) => ({ table: "nat", chain: name, text, at: form.at }) as const);
  const entries = entryChains.flatMap((entryChain) => {
    const jumps = entryMatches.map((match) => {
      const text = `${match} -j ${name}`;
      return { table: "nat", chain: entryChain, text, at: entryAt } as const;
    });
    return form.at === "first" ? jumps.reverse() : jumps;
  });
  return [...(form.at === "first" ? own.reverse() : own), ...entries];
}

/** A rule that is there already is not put in again (insertUnique). */
function withoutRepeats(rules: readonly InstalledRule[]): readonly InstalledRule[] {
  const known = new Map<string, InstalledRule>();
  for (const rule of rules) {
    const key = `${rule.chain} ${rule.text}`;
    if (!known.has(key)) known.set(key, rule);
  }
  return [...known.values()];
}

function isOf(family: PortmapInput["family"], address: Address): boolean {
  return address.includes(":") === (family === "ipv6");
}

function hostLength(address: Address): number {
  return address.includes(":") ? 128 : 32;
}
