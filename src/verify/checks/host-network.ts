/** A hostNetwork pod: nothing is translated, and the node's own stack answers. */
import { formatEndpoint } from "#net/five-tuple.js";
import { serverEnd } from "#verify/sighting.js";
import { nodesOwnReply, replies, type CheckDefinition } from "./check.js";

export const destinationKept: CheckDefinition = {
  nameFor: () => "destination kept",
  examine({ sightings }) {
    const translated = sightings.find(({ stage }) => stage !== "dialled");
    const [seen] = sightings;
    const expected = seen ? formatEndpoint(serverEnd(seen)) : "the node's address and port";
    if (translated) {
      return {
        verdict: "fail",
        expected,
        observed: `${formatEndpoint(serverEnd(translated))} (${translated.point})`,
        sightings: [translated],
      };
    }
    return {
      verdict: "pass",
      expected,
      observed: expected,
      ...(seen ? { sightings: [seen] } : {}),
    };
  },
};

export const deliveredToNode: CheckDefinition = {
  nameFor: () => "delivered",
  examine(theCase) {
    const expected = "the node's own stack answers";
    const own = nodesOwnReply(theCase);
    if (own) {
      return {
        verdict: "pass",
        expected,
        observed: `TTL ${own.ttl} at ${own.point}: no router between`,
        sightings: [own],
        assumptions: [`a pod behind the node would answer with TTL ${own.ttl - 1} at ${own.point}`],
      };
    }
    const routed = replies(theCase).find(({ place, hops }) => place.role === "uplink" && hops > 0);
    if (routed) {
      return {
        verdict: "fail",
        expected,
        observed: `TTL ${routed.ttl} at ${routed.point}: the answer was routed by the node`,
        sightings: [routed],
      };
    }
    return {
      verdict: "inconclusive",
      expected,
      observed: "no reply was captured at the node's uplink",
      missing: ["a capture of both directions on the node's uplink (NODE/eth0=FILE)"],
    };
  },
};
