/** What CNI portmap's rules do to a hostPort connection, by version of the plugin. */

export interface PortmapBehaviour {
  readonly version: string;
  /** Masquerades a pod's connection to its own hostPort. */
  readonly hairpin: boolean;
  /** Masquerades other pods of the node's subnet. */
  readonly sameNodePods: boolean;
  /** Where it is written: plugins/meta/portmap of containernetworking/plugins, at that version. */
  readonly source: string;
}

/** The iptables backend as it has been since 0.8.6 (commit 5e0fbd83), 1.9 included. */
export const CURRENT_PORTMAP = "1.9.0";

const REPOSITORY = "containernetworking/plugins plugins/meta/portmap/portmap.go";

/** From which version on the plugin behaves so; newest first. */
const HISTORY: readonly (Omit<PortmapBehaviour, "version" | "source"> & {
  readonly since: readonly [number, number, number];
  readonly why: string;
})[] = [
  // The mark rule matches the pod's address with its prefix length, so the whole subnet.
  { since: [0, 8, 6], hairpin: true, sameNodePods: true, why: "-s SUBNET, since commit 5e0fbd83" },
  { since: [0, 7, 0], hairpin: true, sameNodePods: false, why: "-s POD/32 and -s 127.0.0.1" },
  // CNI-HOSTPORT-SNAT knows 127.0.0.1 only: a pod gets its own packet back and drops it.
  { since: [0, 6, 0], hairpin: false, sameNodePods: false, why: "-s 127.0.0.1 only" },
];

/** Undefined for a version we know nothing of: no number, or older than 0.6.0. */
export function portmapBehaviour(version: string): PortmapBehaviour | undefined {
  const numbers = readVersion(version);
  if (!numbers) return undefined;
  const found = HISTORY.find(({ since }) => !isOlder(numbers, since));
  if (!found) return undefined;
  const { hairpin, sameNodePods, why } = found;
  return { version, hairpin, sameNodePods, source: `${REPOSITORY} (${version}: ${why})` };
}

/** How the iptables backend of one version writes its rules. */
export interface PortmapRuleForm {
  /** Where it puts a rule: `iptables -I CHAIN 1`, or since 0.7.5 `-A CHAIN`. */
  readonly at: "first" | "last";
  /** By chains of source addresses behind POSTROUTING, or since 0.7.0 by a mark. */
  readonly masquerades: "by-source" | "by-mark";
  /** Who gets the mark besides 127.0.0.1: the pod alone, or since 0.8.6 the block it is in. */
  readonly marks: "pod" | "subnet";
  /** hostIP 0.0.0.0 or :: was that one address, which nobody dials; since 0.8.7 it is any. */
  readonly unspecifiedHostIP: "as-written" | "any-address";
  /** 1.2.0 brought the option; older versions do not read it. */
  readonly masqAll: "known" | "ignored";
}

/** Undefined as of `portmapBehaviour`. */
export function portmapRuleForm(version: string): PortmapRuleForm | undefined {
  const numbers = readVersion(version);
  if (!numbers || isOlder(numbers, [0, 6, 0])) return undefined;
  const isBefore = (...since: readonly number[]): boolean => isOlder(numbers, since);
  return {
    at: isBefore(0, 7, 5) ? "first" : "last",
    masquerades: isBefore(0, 7, 0) ? "by-source" : "by-mark",
    marks: isBefore(0, 8, 6) ? "pod" : "subnet",
    unspecifiedHostIP: isBefore(0, 8, 7) ? "as-written" : "any-address",
    masqAll: isBefore(1, 2, 0) ? "ignored" : "known",
  };
}

function readVersion(text: string): readonly number[] | undefined {
  return /^v?(\d+)\.(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number);
}

function isOlder(version: readonly number[], since: readonly number[]): boolean {
  const at = since.findIndex((part, index) => part !== version[index]);
  return at >= 0 && (version[at] ?? 0) < (since[at] ?? 0);
}
