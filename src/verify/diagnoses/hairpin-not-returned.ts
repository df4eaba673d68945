import type { Sighting } from "#verify/sighting.js";
import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC008",
  id: "hairpin-not-returned",
  title: "the pod's own packet did not come back to it",
  checks: ["delivered", "answered"],
  explanation:
    "The pod dialled its own hostPort, and the translated packet would have to leave the " +
    "bridge by the port it came in on. A bridge does that only with hairpin mode on that " +
    "port.",
  remedy:
    "bridge -d link show dev VETH: hairpin must be on; set hairpinMode: true in the bridge " +
    "plugin's configuration and recreate the pod",
  applies: ({ row, sightings }) => row.client === "hairpin" && !sightings.some(isReturned),
});

/** On the bridge the packet is translated on its way in; only behind it has it come back. */
function isReturned({ stage, place }: Sighting): boolean {
  return stage === "delivered" && place.role !== "bridge";
}
