import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC015",
  id: "reply-untranslated",
  title: "a reply left the node with the pod's own address",
  checks: ["reply translated back", "answered"],
  explanation:
    "conntrack did not translate it back: the entry is gone (flushed, timed out), the " +
    "segment was INVALID, or the reply did not pass the node that translated the request. " +
    "The client resets it, since it never dialled that address.",
  remedy:
    "conntrack -S on the node (invalid, insert_failed); " +
    "net.netfilter.nf_conntrack_tcp_be_liberal; is there a rule that drops INVALID in " +
    "FORWARD",
  applies: (_case, { check, observed }) =>
    check === "answered"
      ? observed.startsWith("the client resets")
      : !observed.startsWith("the pod answers"),
});
