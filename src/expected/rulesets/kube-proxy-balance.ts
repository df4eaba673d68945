/** From a policy's chain to one endpoint (k8s v1.28.7 pkg/proxy/iptables/proxier.go). */
import type { InstalledRule } from "./installed-rules.js";
import type { ProxiedEndpoint } from "./kube-proxy-endpoints.js";
import type { Family } from "./kube-proxy-family.js";
import { endpointChain } from "./kube-proxy-names.js";
import { natRule } from "./kube-proxy-nat.js";
import type { ProxiedPort } from "./kube-proxy-ports.js";
import { comment, from, ruleText } from "./rule-text.js";

export interface BalanceSettings {
  readonly family: Family;
  /** Beyond 1000 endpoints kube-proxy leaves the comments out (largeClusterEndpointsThreshold). */
  readonly hasComments: boolean;
}

export const LARGE_CLUSTER_ENDPOINTS = 1000;

interface PolicyChain {
  readonly chain: string;
  readonly endpoints: readonly ProxiedEndpoint[];
}

/** A client that came lately first (writeServiceToEndpointRules); then each with the same chance. */
export function balanceRules(
  port: ProxiedPort,
  { chain, endpoints }: PolicyChain,
  settings: BalanceSettings,
): readonly InstalledRule[] {
  const targets = endpoints.map(({ text }) => ({
    says: settings.hasComments ? comment(`${port.name} -> ${text}`) : undefined,
    name: endpointChain(port, text),
  }));
  const seconds = port.affinitySeconds;
  const sticky = targets.map(({ says, name }) => {
    const recent = `-m recent --rcheck --seconds ${seconds} --reap ${recentList(name, settings)}`;
    return ruleText(says, recent, `-j ${name}`);
  });
  const drawn = targets.map(({ says, name }, at) =>
    ruleText(says, drawOneOf(targets.length - at), `-j ${name}`),
  );
  return [...(seconds === undefined ? [] : sticky), ...drawn].map((text) => natRule(chain, text));
}

/** KUBE-SEP-…: an endpoint that dials itself gets the node's address; then the DNAT. */
export function endpointRules(
  port: ProxiedPort,
  { address, text }: ProxiedEndpoint,
  settings: BalanceSettings,
): readonly InstalledRule[] {
  const chain = endpointChain(port, text);
  const says = settings.hasComments ? comment(port.name) : undefined;
  const isSticky = port.affinitySeconds !== undefined;
  const remember = isSticky ? `-m recent --set ${recentList(chain, settings)}` : undefined;
  const { protocol } = port;
  const translate = `-m ${protocol} -j DNAT --to-destination ${text}`;
  return [
    natRule(chain, ruleText(from(address), says, "-j KUBE-MARK-MASQ")),
    natRule(chain, ruleText(`-p ${protocol}`, says, remember, translate)),
  ];
}

/** The mask is the whole address, which iptables-save prints (extensions/libxt_recent.c). */
function recentList(name: string, { family }: BalanceSettings): string {
  const mask = family === "ipv6" ? Array(8).fill("ffff").join(":") : "255.255.255.255";
  return `--name ${name} --mask ${mask} --rsource`;
}

/** The kernel's chance is a number of 31 bits, and iptables-save prints that (libxt_statistic.c). */
const DRAWS = 2 ** 31;

function drawOneOf(count: number): string | undefined {
  if (count === 1) return undefined;
  // kube-proxy hands over ten digits (computeProbability).
  const asked = Number((1 / count).toFixed(10));
  const kept = Math.round(asked * DRAWS) / DRAWS;
  return `-m statistic --mode random --probability ${kept.toFixed(11)}`;
}
