/** What to collect, as commands per node and captures. */
import type { Network } from "#expected/network/network.js";
import { captureAt } from "#verify/replay/place-words.js";
import type { Gap } from "./gap.js";

/** Of the nodes between two points; captures at those between that were not captured. */
export function collectBetween({ stretch, configured, isData }: Gap): readonly string[] {
  const nodes = stretch.flatMap(({ sighting: { point } }) =>
    point.namespace.kind === "node" ? point.namespace.name : [],
  );
  const uncaptured = stretch.filter(({ point }) => point === undefined);
  const large = isData ? [LARGE] : [];
  return [
    ...new Set([
      ...nodes.flatMap((node) => stateOfNode(configured, node)),
      ...uncaptured.map(({ sighting }) => captureAt(sighting.point)),
      ...large,
    ]),
  ];
}

const LARGE = "ip -s link on both nodes, and ping -M do -s 1400 between them";

/** What `--state` reads, and where it has that already, what it does not hold. */
export function stateOfNode(configured: Network | undefined, node: string): readonly string[] {
  const isGiven = configured?.nodes.get(node)?.files !== undefined;
  return [isGiven ? beyondState(node) : asState(node)];
}

function asState(node: string): string {
  return `--state with ${node}: iptables-save -c, ip -j addr, ip -j route show table all, sysctl -a, conntrack -L`;
}

function beyondState(node: string): string {
  return `on ${node}: conntrack -S, nstat -az, bridge -d link, bridge fdb, ip neigh, nft list ruleset, and iptables-save -c before and after an attempt`;
}
