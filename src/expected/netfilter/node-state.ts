import type { HostInterface, Route } from "#cluster/host.js";
import type { Sysctls } from "#cluster/sysctl-text.js";
import type { ConntrackEntry } from "./conntrack.js";
import type { IpSet } from "./ip-set.js";
import type { Ruleset } from "./rule.js";
import type { VirtualServer } from "./virtual-server.js";

/** All of a node that decides where a packet of one address family goes. */
export interface NodeState {
  readonly name: string;
  readonly interfaces: readonly HostInterface[];
  readonly routes: readonly Route[];
  /** Those that are missing are assumed, and a trace that rests on one says so. */
  readonly sysctls: Sysctls;
  readonly rules: Ruleset;
  /** By name. A rule that asks a set that is not here is a limit of the model. */
  readonly sets: ReadonlyMap<string, IpSet>;
  /** Connections that exist already and so hold their ports. */
  readonly entries: readonly ConntrackEntry[];
  /** Of IPVS; none where it is not in use. */
  readonly ipvs: readonly VirtualServer[];
  /** Where it was read from; undefined for what nobody printed. */
  readonly files?: StateFileNames;
}

export interface StateFileNames {
  readonly routes: string | undefined;
  readonly sysctls: string | undefined;
}
