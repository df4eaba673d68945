/** Sysctls and routes in which the saved way of a connection differs from the intended one. */
import { sysctlName } from "#cluster/sysctl-text.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { routeTo } from "#expected/netfilter/routing.js";
import { sameNamespace, stateOf, type Namespace } from "#expected/network/namespace.js";
import type { Hop } from "#expected/network/path.js";
import type { SettingCause } from "#verify/attribution.js";
import { whereOf, type TwoWays } from "./rule-causes.js";

/** Where the two ways part without any rule having done it; the first of them. */
export function settingCauses(ways: TwoWays): readonly SettingCause[] {
  const { as, is } = ways;
  const [first] = [
    ...partings(ways, { intended: as.request, real: is.request }),
    ...partings(ways, { intended: as.reply?.hops ?? [], real: is.reply?.hops ?? [] }),
  ];
  return first ? [first] : [];
}

interface Hops {
  readonly intended: readonly Hop[];
  readonly real: readonly Hop[];
}

function partings(ways: TwoWays, { intended, real }: Hops): readonly SettingCause[] {
  return real.flatMap((hop, at) => {
    const other = intended[at];
    if (other === undefined || !sameNamespace(other.namespace, hop.namespace)) return [];
    const found =
      bridgedPast(ways, { hop, other }) ?? sysctlOf(ways, hop) ?? routeOf(ways, { hop, other });
    return found ? [found] : [];
  });
}

interface Pair {
  readonly hop: Hop;
  readonly other: Hop;
}

/** A frame between ports of one bridge that meets no rule. */
function bridgedPast({ configured }: TwoWays, { hop, other }: Pair): SettingCause | undefined {
  if (!isPast(hop) || isPast(other)) return undefined;
  const isIpv6 = hop.trace.first.destination.address.includes(":");
  const setting = `net.bridge.bridge-nf-call-${isIpv6 ? "ip6tables" : "iptables"}`;
  return sysctl(stateOf(configured, hop.namespace), { hop, setting, value: "0", expected: "1" });
}

function isPast({ trace: { steps } }: Hop): boolean {
  return steps.some(
    (step) => step.kind === "routing" && step.decision.includes("past netfilter (bridge-nf"),
  );
}

/** `net.ipv4.ip_forward is 0`, `net.ipv4.conf.flannel/1.forwarding is 0`, `martian 127.0.0.1 on eth0: net.ipv4.conf.eth0.route_localnet is 0`. */
const SYSCTL = /\b(net\.[\w./@-]+) is (\d)$/;

function sysctlOf({ configured }: TwoWays, hop: Hop): SettingCause | undefined {
  const { disposition, reason = "" } = hop.trace;
  if (disposition !== "dropped") return undefined;
  const state = stateOf(configured, hop.namespace);
  const [, setting, value] = SYSCTL.exec(reason) ?? [];
  if (setting !== undefined && value !== undefined) {
    return sysctl(state, { hop, setting, value, expected: value === "0" ? "1" : "0" });
  }
  const [, level] = /^rp_filter=(\d): /.exec(reason) ?? [];
  if (level === undefined || hop.arrival.from !== "interface") return undefined;
  const filter = reversePathFilter(state, { device: hop.arrival.name, level });
  return sysctl(state, { hop, setting: filter, value: level, expected: "0, or a route back" });
}

/** The interface's own or that of all, whichever is the greater (linux include/linux/inetdevice.h IN_DEV_RPFILTER). */
function reversePathFilter(
  state: NodeState | undefined,
  { device, level }: { readonly device: string; readonly level: string },
): string {
  const own = `net.ipv4.conf.${sysctlName(device)}.rp_filter`;
  return state?.sysctls.get(own) === level ? own : "net.ipv4.conf.all.rp_filter";
}

interface Sysctl extends Pick<SettingCause, "setting" | "value" | "expected"> {
  readonly hop: Hop;
}

function sysctl(
  state: NodeState | undefined,
  { hop, setting, value, expected }: Sysctl,
): SettingCause {
  const at = whereOf(hop.namespace);
  return { kind: "setting", at, file: state?.files?.sysctls, setting, value, expected };
}

/** It leaves by another interface than intended, or for another neighbour, or not at all. */
function routeOf(
  { intended, configured }: TwoWays,
  { hop, other }: Pair,
): SettingCause | undefined {
  const { destination } = hop.trace.final;
  if (destination.address !== other.trace.final.destination.address) return undefined;
  if (hop.trace.out === other.trace.out) return undefined;
  const value = wayTo(stateOf(configured, hop.namespace), destination.address);
  const expected = wayTo(stateOf(intended, hop.namespace), destination.address);
  if (value === expected) return undefined;
  return {
    kind: "setting",
    at: whereOf(hop.namespace),
    file: fileOfRoutes(configured, hop.namespace),
    setting: `route to ${destination.address}`,
    value,
    expected,
  };
}

function fileOfRoutes(network: TwoWays["configured"], namespace: Namespace): string | undefined {
  return stateOf(network, namespace)?.files?.routes;
}

function wayTo(state: NodeState | undefined, address: string): string {
  const route = state && routeTo(state, address);
  const [hop] = route?.hops ?? [];
  if (route === undefined || (route.type === "unicast" && hop === undefined)) return "none";
  if (route.type !== "unicast" || hop === undefined) return route.type;
  const { destination } = route;
  const name =
    destination.length === 0 ? "default" : `${destination.address}/${destination.length}`;
  return [name, ...(hop.gateway ? ["via", hop.gateway] : []), "dev", hop.device].join(" ");
}
