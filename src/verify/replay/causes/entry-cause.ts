/** The conntrack entry that a failure comes from: one that leads elsewhere than the rules, or that was lost. */
import { formatPredictedEndpoint } from "#expected/netfilter/predicted-tuple.js";
import { formatEndpoint } from "#net/five-tuple.js";
import type { Network } from "#expected/network/network.js";
import type { Attribution, ConntrackCause } from "#verify/attribution.js";
import type { ConntrackOfRun } from "#verify/dialled.js";
import { describeStale, staleEntry, type StaleEntry } from "#verify/replay/conntrack-cause.js";
import { lostEntry } from "#verify/replay/lost-entry.js";
import type { ReplayCase } from "#verify/replay/replay-case.js";

interface Given {
  readonly intended: Network;
  readonly configured: Network | undefined;
  /** Undefined where no table was given. */
  readonly conntrack: ConntrackOfRun | undefined;
}

/** Sure where packets followed it and the saved rules lead elsewhere; else a candidate. */
export type EntryCause =
  | { readonly kind: "sure"; readonly cause: ConntrackCause }
  | { readonly kind: "candidate"; readonly says: string };

export function entryCause({ flows }: ReplayCase, given: Given): EntryCause | undefined {
  const { conntrack, intended, configured } = given;
  if (conntrack === undefined) return undefined;
  const lost = lostEntry({ conntrack, flows });
  if (lost) return { kind: "sure", cause: causeOf(lost) };
  const isSaved = (node: string): boolean => configured?.nodes.get(node)?.files !== undefined;
  const stale = staleEntry({ conntrack, flows, rules: configured ?? intended, isSaved });
  if (stale === undefined) return undefined;
  if (isAsOldAs(stale, flows))
    return { kind: "candidate", says: describeChanged(stale, configured) };
  return stale.isSeen && isSaved(stale.entry.node)
    ? { kind: "sure", cause: causeOf(stale) }
    : { kind: "candidate", says: describeStale(stale) };
}

/**
 * The connection's own SYN made it, by the rules of then: a SYN asks them even where an entry of its
 * ports has ended (linux net/netfilter/nf_conntrack_proto_tcp.c).
 */
function isAsOldAs({ entry, isSeen }: StaleEntry, flows: ReplayCase["flows"]): boolean {
  const isBegun = flows.some(({ connection: { directions } }) => directions[0].syns > 0);
  return entry.protocol === "tcp" && isSeen && isBegun;
}

function describeChanged(
  { entry, leadsTo, rulesLeadTo }: StaleEntry,
  configured: Network | undefined,
): string {
  const { node, file, line } = entry;
  const wanted = rulesLeadTo.map((end) => formatPredictedEndpoint(end)).join(" or ");
  const leads = `this connection's entry (${file}:${line}) leads to ${formatEndpoint(leadsTo)}`;
  if (configured?.nodes.get(node)?.files === undefined) {
    return `${node}: other rules than the topology's, which lead to ${wanted}: ${leads} (iptables-save of ${node} tells)`;
  }
  return `${node}: other rules than those that were saved, which lead to ${wanted}: ${leads}. They changed in between, or it tried again from a port whose older entry was alive`;
}

function causeOf({ entry, why }: Pick<StaleEntry, "entry" | "why">): ConntrackCause {
  const { node: at, file, line, protocol, original, reply } = entry;
  const tuples = [original, reply].map(
    ({ source, destination }) =>
      `src=${source.address} dst=${destination.address} sport=${source.port} dport=${destination.port}`,
  );
  return { kind: "conntrack", at, file, line, entry: [protocol, ...tuples].join(" "), why };
}

/** The cause with this candidate in place of those that know of no table. */
export function withCandidate(cause: Attribution, says: string): Attribution {
  if (!("candidates" in cause)) return cause;
  const others = cause.candidates.filter((one) => !one.endsWith(OLDER));
  return { ...cause, candidates: [says, ...others] };
}

const OLDER = "a conntrack entry that is older than the rules";
