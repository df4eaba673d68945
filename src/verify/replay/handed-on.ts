/** Proxies end their clients' connections; what they say of the client against what layer 3 showed them. */
import { counted } from "#net/counted.js";
import type { Address } from "#net/address.js";
import type { ForwardedClient } from "#observed/flow/forwarded-client.js";
import type { PacketReference } from "#observed/flow/connection.js";
import type { AcrossCheck, Verdict } from "#verify/report.js";
import { requestsOf } from "./compared.js";
import { receiver, type ReplayCase } from "./replay-case.js";

/** A connection to a proxy: whom its socket sees. */
export interface ProxyClient {
  readonly program: string;
  readonly address: Address;
}

/** A connection of a proxy's own that names a client. */
export interface HandedOn {
  readonly connection: string;
  readonly said: ForwardedClient;
  /** Its own source, as the server sees it. */
  readonly source: Address;
  readonly evidence: PacketReference;
}

export function proxyClientOf(theCase: ReplayCase): ProxyClient | undefined {
  const { end } = theCase.best.path;
  if (end.kind !== "delivered" || end.proxy === undefined) return undefined;
  return { program: end.proxy.program, address: end.tuple.source.address };
}

export function handedOnBy(theCase: ReplayCase): HandedOn | undefined {
  const [first] = requestsOf(theCase);
  const said = theCase.journey.connections.find(({ forwarded }) => forwarded)?.forwarded;
  const source = receiver(theCase)?.tuple.source.address;
  if (!first || said === undefined || source === undefined) return undefined;
  return { connection: theCase.journey.id, said, source, evidence: first.flow.evidence };
}

/** One check per way of saying it and answer. */
export function clientsHandedOn(
  handed: readonly HandedOn[],
  clients: readonly ProxyClient[],
): readonly AcrossCheck[] {
  const groups = new Map<string, HandedOn[]>();
  for (const one of handed) {
    const key = `${one.said.by}, ${verdictOf(one, clients)}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((list) => {
    const [first] = list;
    return first ? [checkOf(first, { list, clients })] : [];
  });
}

/** A client that connected to a proxy in the captures; another may have come before they began. */
function verdictOf({ said }: HandedOn, clients: readonly ProxyClient[]): Verdict {
  // A proxy outside the cluster, whose clients the model knows nothing of.
  if (clients.length === 0) return "not applicable";
  return clients.some(({ address }) => address === said.address) ? "pass" : "inconclusive";
}

interface Group {
  readonly list: readonly HandedOn[];
  readonly clients: readonly ProxyClient[];
}

const MAX_EVIDENCE = 4;

function checkOf(first: HandedOn, { list, clients }: Group): AcrossCheck {
  const verdict = verdictOf(first, clients);
  const seen = [...new Set(clients.map(({ address }) => address))].sort().join(", ");
  const said = [...new Set(list.map((one) => one.said.address))].sort().join(", ");
  return {
    subject: `${first.said.by} of ${counted(list.length, "connection")}`,
    connections: list.map(({ connection }) => connection),
    check: {
      check: "client handed on",
      verdict,
      expected: seen === "" ? "a client that the proxy has seen" : `as the proxy sees it: ${seen}`,
      observed: `${first.said.by} ${said}; at layer 3 the server sees ${first.source}`,
      evidence: list.slice(0, MAX_EVIDENCE).map(({ evidence }) => evidence),
      assumptions: [],
      missing:
        verdict !== "inconclusive" ? [] : ["a capture of the clients' connections to the proxy"],
      finding: undefined,
    },
  };
}
