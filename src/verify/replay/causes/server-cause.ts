/** The request came to its server as intended, and the server did not take it. */
import { namespaceOfParty } from "#expected/network/namespace.js";
import type { Network } from "#expected/network/network.js";
import type { ServerCause } from "#verify/attribution.js";
import type { IcmpError } from "#observed/flow/connection.js";
import type { Party } from "#expected/network/path.js";
import {
  answerOf,
  isAtServer,
  nodesOwnAnswer,
  repliesOf,
  strayedRequest,
  requestsOf,
} from "#verify/replay/compared.js";
import type { ComparedFlow } from "#verify/replay/compare.js";
import { describeParty } from "#verify/replay/place-words.js";
import { receiver, type ReplayCase } from "#verify/replay/replay-case.js";
import type { SeenFlow } from "#verify/replay/seen-flow.js";
import { plainest } from "./plainest.js";
import { endpointOfNobody } from "#verify/replay/unlisted.js";
import { hopsOf } from "#verify/sighting.js";
import type { Check } from "#verify/report.js";
import { whereOf } from "./rule-causes.js";
import { wayOf, type WayPoint } from "./way.js";

export interface Judged {
  readonly network: Network;
  readonly failed: readonly Check[];
}

export function serverCause(
  theCase: ReplayCase,
  { network, failed }: Judged,
): ServerCause | undefined {
  const nobody = endpointOfNobody(theCase);
  if (nobody !== undefined) return goneServer(theCase, nobody);
  const end = receiver(theCase);
  if (end === undefined) return undefined;
  const who = describeParty(end.party);
  const { port } = end.tuple.destination;
  const home = namespaceOfParty(network, end.party);
  const where = home === undefined ? who : whereOf(home);
  const common = { kind: "server" as const, who: `${who}, port ${port}` };
  if (failed.some(({ check }) => check === "health answer")) {
    const candidates = [`kube-proxy on ${where} has not synced since the endpoints changed`];
    const collect = [
      `on ${where}: curl -i the port, kubectl get endpointslices, the log of kube-proxy`,
    ];
    return { ...common, does: "answers wrongly", seenAt: undefined, candidates, collect };
  }
  if (!failed.some(({ check }) => check === "answered") || answerOf(theCase)) return undefined;
  if (nodesOwnAnswer(theCase)) return undefined;
  const arrived = arrivedAt(theCase);
  const refusal = refusalOf(theCase);
  // Who was led elsewhere was answered from there, however much that looks like the server's own answer.
  if (arrived === undefined && strayedRequest(theCase)) return undefined;
  if (arrived === undefined && !isRefusedByServer(theCase, refusal)) return undefined;
  const listens = `in the network namespace of ${where}: ss -lntup`;
  if (refusal) {
    const candidates = refusedBecause(theCase, port);
    return {
      ...common,
      does: "refuses",
      seenAt: plainest(theCase, refusal).point.name,
      candidates,
      collect: [listens],
    };
  }
  return {
    ...common,
    does: "is silent",
    seenAt: arrived?.point?.name,
    candidates: silentBecause(end.party),
    collect: [`${listens}, nstat -az TcpExtListenOverflows TcpExtListenDrops, iptables-save -c`],
  };
}

function silentBecause({ kind }: Party): readonly string[] {
  // A capture of an interface is taken behind OUTPUT and POSTROUTING: the answer may end there unseen.
  const rules =
    kind === "node" ? "rules in the node's INPUT or OUTPUT" : "rules in its own namespace";
  return [
    "a full accept queue, or a process that hangs",
    `${rules} that drop the request or the answer`,
    ...(kind === "pod"
      ? ["the destination MAC is not its own, so that its stack does not take the frame"]
      : []),
  ];
}

function goneServer({ topology }: ReplayCase, address: string): ServerCause {
  const pod = topology.pods.find((one) => one.address === address);
  return {
    kind: "server",
    who: pod ? `pod ${pod.name} (${address})` : address,
    does: "is gone",
    seenAt: undefined,
    candidates: ["the Service still lists it as an endpoint, so the rules lead there"],
    collect: ["kubectl get endpointslices -A -o yaml against kubectl get pods -A -o wide"],
  };
}

/** Exactly as foretold: a server may drop what comes from an address it does not expect. */
function arrivedAt(theCase: ReplayCase): WayPoint | undefined {
  return wayOf(theCase, "request").find(({ isAtEnd, shows }) => isAtEnd && shows === "as foretold");
}

function refusalOf(theCase: ReplayCase): SeenFlow | undefined {
  const reset = repliesOf(theCase).filter(({ flow }) => flow.connection.directions[1].resets > 0);
  const near = reset.find((compared) => isAtServer(theCase, compared));
  return (near ?? closedAt(theCase) ?? reset[0])?.flow;
}

/** Where the server's own address says that no socket takes the datagram (RFC 1122 §4.1.3.1). */
function closedAt(theCase: ReplayCase): ComparedFlow | undefined {
  const own = receiver(theCase)?.tuple.destination.address;
  return requestsOf(theCase).find(
    (compared) =>
      isAtServer(theCase, compared) &&
      compared.flow.connection.icmpErrors.some(
        (error) => error.from === own && isPortUnreachable(error),
      ),
  );
}

const isPortUnreachable = ({ type, code, from }: IcmpError): boolean =>
  from.includes(":") ? type === 1 && code === 4 : type === 3 && code === 3;

/** Not seen at the server, and yet what came back is as the server's own would be, TTL and all. */
function isRefusedByServer({ best }: ReplayCase, refusal: SeenFlow | undefined): boolean {
  return best.flows.some(
    ({ flow, sighting }) =>
      flow === refusal && sighting !== undefined && hopsOf(flow.ttl) >= sighting.ttlLowered,
  );
}

function refusedBecause({ best: { path } }: ReplayCase, port: number | string): readonly string[] {
  const { end } = path;
  const proxy = end.kind === "delivered" ? end.proxy?.program : undefined;
  const process = proxy ?? "the process";
  return [
    `${process} does not run, or does not listen on port ${port}`,
    ...(proxy ? [] : ["it listens on 127.0.0.1 only"]),
  ];
}
