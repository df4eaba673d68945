import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC013",
  id: "no-answer",
  title: "the client repeats its SYN and is never answered",
  checks: ["answered"],
  explanation:
    "The captures do not show where the connection ends: only that the client got nothing.",
  remedy: "capture at the node's uplink, its bridge and in the pod at once, both directions",
  applies: () => true,
});
