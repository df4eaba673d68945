/** A five-tuple as the model knows it: a port that the kernel draws at random is any. */
import type { Address } from "#net/address.js";
import { formatEndpoint, type FiveTuple } from "#net/five-tuple.js";

export type PredictedPort = number | "any";

export interface PredictedEndpoint {
  readonly address: Address;
  readonly port: PredictedPort;
}

export interface PredictedTuple {
  /** As `protocolName` writes it. */
  readonly protocol: string;
  readonly source: PredictedEndpoint;
  readonly destination: PredictedEndpoint;
}

/** The tuple that a reply carries when nothing on its way rewrites it. */
export function reverse({ protocol, source, destination }: PredictedTuple): PredictedTuple {
  return { protocol, source: destination, destination: source };
}

export function samePredictedEndpoint(a: PredictedEndpoint, b: PredictedEndpoint): boolean {
  return a.port === b.port && a.address === b.address;
}

export function samePredictedTuple(a: PredictedTuple, b: PredictedTuple): boolean {
  return (
    a.protocol === b.protocol &&
    samePredictedEndpoint(a.source, b.source) &&
    samePredictedEndpoint(a.destination, b.destination)
  );
}

/** Whatever their ports: a path that was walked for another client's port has that port in its hops. */
export function samePredictedAddresses(a: PredictedTuple, b: PredictedTuple): boolean {
  return a.source.address === b.source.address && a.destination.address === b.destination.address;
}

/** True when a packet with this tuple is one that was predicted. */
export function isPredicted(predicted: PredictedTuple, seen: FiveTuple): boolean {
  return (
    predicted.protocol === seen.protocol &&
    covers(predicted.source, seen.source) &&
    covers(predicted.destination, seen.destination)
  );
}

function covers(predicted: PredictedEndpoint, seen: FiveTuple["source"]): boolean {
  const port = predicted.port === "any" || predicted.port === seen.port;
  return port && predicted.address === seen.address;
}

/** `10.244.1.1:*`; protocols without ports have the address alone. */
export function formatPredictedEndpoint({ address, port }: PredictedEndpoint): string {
  if (port !== "any") return formatEndpoint({ address, port });
  return address.includes(":") ? `[${address}]:*` : `${address}:*`;
}

/** `tcp 10.244.1.1:* > 10.244.1.5:80`. */
export function formatPredictedTuple({ protocol, source, destination }: PredictedTuple): string {
  const ends = [source, destination].map((end) =>
    PORTLESS.has(protocol) ? end.address : formatPredictedEndpoint(end),
  );
  return `${protocol} ${ends.join(" > ")}`;
}

const PORTLESS: ReadonlySet<string> = new Set(["icmp", "icmp6"]);
