import type { Sighting } from "#verify/sighting.js";
import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC010",
  id: "pod-refused",
  title: "the pod refuses: nothing listens on the port",
  checks: ["answered"],
  explanation:
    "The network did its part: the request arrived and the pod's own stack answered with a " +
    "reset, or an ICMP error from its own address. The process is not running, listens on another port, or only on 127.0.0.1.",
  remedy: "in the pod: ss -lntu; compare containerPort of the hostPort with the port it listens on",
  applies: ({ sightings, facts }, { observed }) =>
    (observed.startsWith("RST") && sightings.some(isFromBehindNode)) ||
    observed.startsWith(`ICMP 3/3 from ${facts.target.address} `),
});

/** Seen before it is translated back, or at the uplink after the node routed it. */
function isFromBehindNode({ stage, direction, place, hops }: Sighting): boolean {
  if (direction !== "reply" || place.role === "unknown") return false;
  return stage === "delivered" || (place.role === "uplink" && hops > 0);
}
