import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC006",
  id: "stale-conntrack",
  title: "datagrams still go to an address that no longer serves the port",
  checks: ["destination translated to the pod", "delivered"],
  explanation:
    "conntrack keeps the translation of a flow's first datagram, and every later one from " +
    "the same source port follows it, also after the pod was replaced. A new source port " +
    "works at once. portmap flushes such entries since plugins 0.9.0.",
  remedy:
    "conntrack -D -p udp --orig-port-dst HOSTPORT on the node; let senders open a new " +
    "socket; CNI plugins 0.9.0 or later",
  applies: ({ journey, sightings }) =>
    journey.protocol === "udp" && sightings.some(({ stage }) => stage === "elsewhere"),
});
