import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC017",
  id: "missing-at-point",
  title: "a point that the connection must cross did not see it",
  checks: ["seen at every point it must cross", "delivered"],
  explanation:
    "The capture was recording and shows other connections to the pod, but not this one.",
  remedy:
    "check that the point's name is right (NODE/INTERFACE=FILE), then capture again at that " +
    "point and the one before it",
  applies: () => true,
});
