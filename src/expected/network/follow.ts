/** Every path of a connection that is dialled: the first packet's way, and its answer's. */
import { answersTo } from "./answer.js";
import type { Network } from "./namespaces.js";
import type { Dial, Hop, Path, PathEnd, Reply } from "./path.js";
import { proxyAt } from "./proxies.js";
import { startOf } from "./start.js";
import { everyWay, type Way } from "./ways.js";

export function followPaths(network: Network, dial: Dial): readonly Path[] {
  const start = startOf(network, dial);
  if ("unknown" in start) return [unstarted(network, { dial, reason: start.unknown })];
  const ways = everyWay(network, { direction: "request", start: start.visit, behind: [] });
  return ways.flatMap((request) =>
    answersTo(network, { dial, request }).map(({ reply, probability }) => ({
      dial,
      probability: request.probability * probability,
      request: request.hops,
      end: endOf(network, request),
      reply,
      assumptions: assumptionsOf({
        said: start.assumptions,
        hops: [...request.hops, ...(reply?.hops ?? [])],
      }),
    })),
  );
}

function unstarted(
  { topology }: Network,
  { dial, reason }: { readonly dial: Dial; readonly reason: string },
): Path {
  const name = dial.via ?? topology.nodes[0]?.name ?? "";
  const end: PathEnd = {
    kind: "unknown",
    namespace: { kind: "node", name },
    rule: undefined,
    reason,
  };
  const reply: Reply | undefined = undefined;
  return { dial, probability: 1, request: [], end, reply, assumptions: [] };
}

function endOf(network: Network, { outcome, hops }: Way): PathEnd {
  switch (outcome.kind) {
    case "delivered": {
      const { namespace, tuple } = outcome;
      const trace = hops.at(-1)?.trace;
      const proxy = trace && proxyAt(network, { namespace, trace });
      return { kind: "delivered", to: namespace, tuple, proxy };
    }
    case "left": {
      const { address, tuple } = outcome;
      return { kind: "delivered", to: { kind: "outside", address }, tuple, proxy: undefined };
    }
    case "dropped":
    case "rejected":
    case "unknown":
      return outcome;
  }
}

function assumptionsOf({
  said,
  hops,
}: {
  readonly said: readonly string[];
  readonly hops: readonly Hop[];
}): readonly string[] {
  return [...new Set([...said, ...hops.flatMap(({ trace }) => trace.assumptions)])];
}
