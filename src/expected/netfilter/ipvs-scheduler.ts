/** Which real server IPVS gives a new connection (linux 6.12 net/netfilter/ipvs/ip_vs_*.c). */
import type { RealServer, VirtualServer } from "./virtual-server.js";
import type { Ending, Walk } from "./walk.js";

/**
 * The shares of connections that the real servers get. `unforeseen`: by what the state does not say,
 * a count of connections or a hash; every real server is possible.
 */
const SHARES: ReadonlyMap<string, "equal" | "by-weight" | "unforeseen"> = new Map([
  // ip_vs_rr.c: each in turn, whatever its weight.
  ["rr", "equal"],
  // ip_vs_wrr.c.
  ["wrr", "by-weight"],
  ["lc", "unforeseen"],
  ["wlc", "unforeseen"],
  ["lblc", "unforeseen"],
  ["lblcr", "unforeseen"],
  ["dh", "unforeseen"],
  ["sh", "unforeseen"],
  ["mh", "unforeseen"],
  ["sed", "unforeseen"],
  ["nq", "unforeseen"],
  ["twos", "unforeseen"],
]);

/** Undefined when all have weight 0, or there is none. */
export function chooseRealServer(
  walk: Walk,
  server: VirtualServer,
): RealServer | Ending | undefined {
  const { scheduler, file, line, persistenceSeconds } = server;
  const shares = SHARES.get(scheduler);
  if (shares === undefined) {
    const reason = `${file}:${line}: scheduler ${scheduler} is not modelled`;
    return { disposition: "unknown", reason };
  }
  const candidates = server.realServers.filter(({ weight }) => weight > 0);
  const chosen = choose(walk, { candidates, shares, scheduler });
  if (chosen !== undefined && candidates.length > 1 && persistenceSeconds !== undefined) {
    const how = `the client has had no real server of ${server.text} for ${persistenceSeconds} s`;
    walk.assumptions.add(how);
  }
  if (chosen === undefined || chosen.forwarding === "masquerade") return chosen;
  const reason = `${file}:${chosen.line}: ${chosen.forwarding} real servers are not modelled`;
  return { disposition: "unknown", reason };
}

interface Candidates {
  readonly candidates: readonly RealServer[];
  readonly shares: "equal" | "by-weight" | "unforeseen";
  readonly scheduler: string;
}

function choose(
  { choices, assumptions }: Walk,
  { candidates, shares, scheduler }: Candidates,
): RealServer | undefined {
  if (candidates.length < 2) return candidates[0];
  if (shares === "unforeseen") {
    assumptions.add(`scheduler ${scheduler}: no share is to be had, so all are taken to be equal`);
  }
  const weights = candidates.map(({ weight }) => (shares === "by-weight" ? weight : 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return candidates[choices.choose(weights.map((weight) => weight / total))];
}
