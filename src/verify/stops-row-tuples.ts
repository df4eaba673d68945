/** A row's tuples, `client > node`, in the addresses of one connection. */
import { bridgeAddress, nodeAddresses } from "#cluster/facts.js";
import type { PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { End, TupleRow } from "#expected/scenarios/scenario.js";
import { formatEndpoint, type Endpoint } from "#net/five-tuple.js";
import type { Case } from "./case.js";
import { serverEnd, type Sighting } from "./sighting.js";

/** Ends of a tuple, whichever way it goes. */
type Ends = Pick<Sighting, "source" | "destination">;

export function isOfTuple(theCase: Case, row: TupleRow, { source, destination }: Ends): boolean {
  const [from, to] = endsOf(row);
  return isEnd(theCase, from, source) && isEnd(theCase, to, destination);
}

export function formatTupleRow(theCase: Case, row: TupleRow): Record<keyof Ends, string> {
  const [from, to] = endsOf(row);
  return { source: formatEnd(theCase, from), destination: formatEnd(theCase, to) };
}

/** The same as a tuple; an end that nobody knows has no address that a packet could have. */
export function predictedRow(theCase: Case, row: TupleRow): PredictedTuple {
  const { source, destination } = formatTupleRow(theCase, row);
  const { protocol } = theCase.journey;
  return { protocol, source: endpointOf(source), destination: endpointOf(destination) };
}

function endpointOf(text: string): PredictedTuple["source"] {
  const at = text.lastIndexOf(":");
  const port = Number(text.slice(at + 1));
  const address = text.slice(0, at).replace(/^\[|\]$/g, "");
  return { address, port: Number.isNaN(port) ? "any" : port };
}

const ENDS: Readonly<Record<string, End>> = {
  client: "client",
  node: "node",
  pod: "pod",
  bridge: "bridge",
  localhost: "localhost",
  "other-node": "other-node",
} satisfies Record<End, End>;

export function endsOf(row: TupleRow): readonly [End, End] {
  const [from = "", to = ""] = row.split(" > ");
  return [ENDS[from] ?? "client", ENDS[to] ?? "node"];
}

function isEnd(theCase: Case, end: End, { address, port }: Endpoint): boolean {
  const { target } = theCase.facts;
  switch (end) {
    case "client":
      return isAmong(clientAddresses(theCase), address);
    case "node":
      return isNode(theCase, { address, port });
    case "pod":
      return isAmong(listOf(target.address), address) && isPort(target.port, port);
    case "bridge":
      return isAmong(listOf(bridgeAddress(theCase.facts)), address);
    case "localhost":
      return address === "127.0.0.1" || address === "::1";
    case "other-node":
      return address !== target.address;
  }
}

function isNode({ facts }: Case, { address, port }: Endpoint): boolean {
  const { hostPort } = facts.target;
  const isOwn = isAmong(nodeAddresses(facts) ?? [], address);
  return (isOwn || address === "127.0.0.1" || address === "::1") && isPort(hostPort, port);
}

/** Nothing known is anything. */
function isAmong(known: readonly string[], address: string): boolean {
  return known.length === 0 || known.includes(address);
}

const listOf = (address: string | undefined): readonly string[] =>
  address === undefined ? [] : [address];

function isPort(known: number | undefined, port: number): boolean {
  return known === undefined || known === port;
}

/** Also those that a router in front of the node gave it. */
function clientAddresses({ client, sightings }: Case): readonly string[] {
  const inFront = sightings
    .filter(({ stage, direction }) => stage === "dialled" && direction === "request")
    .map(({ source }) => source.address);
  return [...listOf(client.dialled), ...inFront];
}

function formatEnd(theCase: Case, end: End): string {
  const { facts, client, sightings } = theCase;
  const { target } = facts;
  const dialled = sightings.find(({ stage }) => stage === "dialled");
  switch (end) {
    case "client": {
      const own = client.dialled ?? clientAddresses(theCase)[0];
      return own === undefined ? "the client" : withPort(own, clientPort(theCase));
    }
    case "node": {
      if (dialled) return formatEndpoint(serverEnd(dialled));
      const address = nodeAddresses(facts)?.[0];
      return address === undefined ? "the node" : withPort(address, target.hostPort);
    }
    case "pod":
      return target.address === undefined ? "the pod" : withPort(target.address, target.port);
    case "bridge": {
      const address = bridgeAddress(facts);
      return address === undefined ? "the node's bridge" : withPort(address, undefined);
    }
    case "localhost":
      return withPort("127.0.0.1", clientPort(theCase));
    case "other-node":
      return "the client's node";
  }
}

function withPort(address: string, port: number | undefined): string {
  if (port !== undefined) return formatEndpoint({ address, port });
  return address.includes(":") ? `[${address}]:*` : `${address}:*`;
}

function clientPort({ sightings }: Case): number | undefined {
  return sightings.find(({ direction }) => direction === "request")?.source.port;
}
