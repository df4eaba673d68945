/** Ports of Services as kube-proxy's userspace mode has them (kube-proxy-userspace.ts writes the same). */
import type { Rule, Ruleset } from "#expected/netfilter/rule.js";
import type { PortName } from "../kube-proxy-names.js";
import { askedOf, blockAsked, portAsked, transportAsked } from "./asked-of.js";
import { UNTOLD, type PortFromRules } from "./port-from-rules.js";
import { rulesOf } from "./rules-of.js";

/** Endpoints stand in no rule: kube-proxy itself dials them. */
export function userspacePorts(ruleset: Ruleset): readonly PortFromRules[] {
  const portals = rulesOf(ruleset, "nat", "KUBE-PORTALS-CONTAINER").flatMap(namedBy);
  const nodePorts = rulesOf(ruleset, "nat", "KUBE-NODEPORT-CONTAINER").flatMap(namedBy);
  const names = new Map(
    [...portals, ...nodePorts].map(({ id }) => [`${id.name} ${id.protocol}`, id]),
  );
  return [...names.values()].map((id) => {
    const isOwn = (one: Named): boolean =>
      one.id.name === id.name && one.id.protocol === id.protocol;
    const own = portals.filter(isOwn);
    return {
      ...UNTOLD,
      ...id,
      clusterIPs: addressesOf(own.filter(({ rule }) => !isExternalIP(rule))),
      port: own[0]?.port,
      nodePort: nodePorts.find(isOwn)?.port,
      externalIPs: addressesOf(own.filter(({ rule }) => isExternalIP(rule))),
      isProxied: true,
      remarks: [
        `${id.name} is proxied in userspace mode: which endpoints it has stands in no rule`,
      ],
    };
  });
}

interface Named {
  readonly id: PortName;
  readonly port: number;
  readonly rule: Rule;
}

function namedBy(rule: Rule): readonly Named[] {
  const protocol = transportAsked(rule);
  const port = portAsked(rule);
  if (protocol === undefined || port === undefined || rule.comment === undefined) return [];
  return [{ id: { name: rule.comment, protocol }, port, rule }];
}

function addressesOf(named: readonly Named[]): readonly string[] {
  return [...new Set(named.flatMap(({ rule }) => blockAsked(rule, "destination")?.address ?? []))];
}

/** Only such an address is asked for as one of the node itself, or as one that no bridge brought. */
function isExternalIP(rule: Rule): boolean {
  return askedOf(rule, "address-type") !== undefined || askedOf(rule, "bridge-port") !== undefined;
}
