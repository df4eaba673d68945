import { requestsOf } from "#verify/replay/compared.js";
import { defineReplayDiagnosis } from "./replay-diagnosis.js";

export default defineReplayDiagnosis({
  code: "PC037",
  id: "masqueraded-otherwise",
  title: "the source was masqueraded, with another address than the rules would give it",
  checks: ["source masqueraded"],
  explanation:
    "The packet got a source of its own, and not the one that MASQUERADE takes: the out device's address " +
    "on the way to the next hop. An SNAT rule names another, the device has several addresses, the " +
    "packet left by another interface or node, or a proxy dialled anew.",
  remedy:
    "iptables-save -t nat | grep -E 'SNAT|MASQUERADE' on the node that sent it; ip -j addr and ip route " +
    "get DESTINATION there",
  applies: (theCase) =>
    requestsOf(theCase).some(
      ({ flow, sighting }) =>
        sighting === undefined &&
        flow.tuple.source.address !== theCase.dial.tuple.source.address &&
        !theCase.best.sightings.some(
          ({ tuple }) => tuple.source.address === flow.tuple.source.address,
        ),
    ),
});
