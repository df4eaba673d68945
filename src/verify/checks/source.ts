import { bridgeAddress, ownerOf } from "#cluster/facts.js";
import { formatEndpoint } from "#net/five-tuple.js";
import type { Case } from "#verify/case.js";
import type { Sighting } from "#verify/sighting.js";
import {
  deliveredRequest,
  podCapture,
  requests,
  uplinkCapture,
  type CheckDefinition,
  type Outcome,
} from "./check.js";

/** The source that the pod sees: kept, or the bridge's address, as the scenario's row says. */
export const source: CheckDefinition = {
  nameFor: ({ row }) => (row.source === "kept" ? "source kept" : "source masqueraded"),
  examine(theCase) {
    const delivered = deliveredRequest(theCase);
    if (delivered)
      return theCase.row.source === "kept"
        ? kept(theCase, delivered)
        : masqueraded(theCase, delivered);
    return {
      verdict: "inconclusive",
      expected: theCase.row.source === "kept" ? keptSource(theCase) : bridgeSource(theCase),
      observed: "no capture shows the request as the pod gets it",
      missing: [podCapture(theCase)],
    };
  },
};

function kept(theCase: Case, delivered: Sighting): Outcome {
  const { client } = theCase;
  const seen = { observed: describe(delivered), sightings: [...client.evidence, delivered] };
  const expected = keptSource(theCase);
  if (client.rewritten) return { verdict: "fail", expected, ...seen };
  if (client.dialled === undefined) return { verdict: "pass", expected, ...seen };
  const last = lastDialled(theCase) ?? client.dialled;
  if (delivered.source.address === last) return { verdict: "pass", expected, ...seen };
  if (!isOutsidePossible(theCase, delivered)) return { verdict: "fail", expected, ...seen };
  const observed = `${seen.observed}; no capture shows what arrived at the node`;
  return {
    ...seen,
    verdict: "inconclusive",
    expected,
    observed,
    missing: [uplinkCapture(theCase)],
  };
}

/** A router between the client and the node may have done it: nothing shows the packet in between. */
function isOutsidePossible(theCase: Case, delivered: Sighting): boolean {
  const { owner } = ownerOf(theCase.facts, delivered.source.address);
  const isOwn = owner === "bridge" || owner === "this-node";
  return theCase.row.client === "external" && !isOwn && lastDialled(theCase) === undefined;
}

/**
 * The source in front of this node: what arrived at its uplink, whoever rewrote it on the way there.
 * A pod of another node is masqueraded by its own node, so failing that it is an address of that node.
 */
function lastDialled(theCase: Case): string | undefined {
  const arrived = requests(theCase).findLast(
    ({ stage, place }) => stage === "dialled" && isInFront(theCase, place),
  );
  if (arrived) return arrived.source.address;
  if (theCase.row.client !== "pod-other-node") return undefined;
  const delivered = deliveredRequest(theCase);
  const owner = delivered && ownerOf(theCase.facts, delivered.source.address).owner;
  return owner === "other-node" ? delivered?.source.address : "an address of the client's node";
}

/** Where a request still has the source it came to the node with: SNAT follows DNAT, at POSTROUTING. */
function isInFront({ row }: Case, { role }: Sighting["place"]): boolean {
  if (role === "uplink") return true;
  return row.client === "external" && role !== "client" && role !== "pod";
}

function keptSource(theCase: Case): string {
  const dialled = lastDialled(theCase) ?? theCase.client.dialled;
  if (dialled !== undefined) return dialled;
  return theCase.client.rewritten
    ? "the client's own address"
    : "the client's own address, unchanged";
}

function masqueraded(theCase: Case, delivered: Sighting): Outcome {
  const { owner, assumption } = ownerOf(theCase.facts, delivered.source.address);
  return {
    verdict: owner === "bridge" ? "pass" : "fail",
    expected: bridgeSource(theCase),
    observed: describe(delivered),
    sightings: [delivered],
    assumptions: assumption === undefined ? [] : [assumption],
  };
}

function bridgeSource({ facts }: Case): string {
  const address = bridgeAddress(facts);
  return address === undefined ? "the node's bridge address" : `${address}, the node's bridge`;
}

function describe({ source: end, ttl, point }: Sighting): string {
  return `${formatEndpoint(end)} (TTL ${ttl}, ${point})`;
}
