import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC009",
  id: "lost-in-node",
  title: "the request is lost inside the node",
  checks: ["delivered", "answered"],
  explanation:
    "It reached the node and was not forwarded to the pod, and nothing was sent back. " +
    "Packets alone do not tell these apart: a DROP in FORWARD (policy, NetworkPolicy, " +
    "firewall), net.ipv4.ip_forward=0, a full conntrack table, strict rp_filter.",
  remedy:
    "iptables-save -c -t filter before and after one attempt: which DROP or policy counter " +
    "in FORWARD grows; sysctl net.ipv4.ip_forward; dmesg | grep 'table full'; nstat " +
    "TcpExtIPReversePathFilter",
  applies: ({ sightings }, { observed }) =>
    !observed.startsWith("ICMP") &&
    sightings.some(({ stage, place }) => stage === "dialled" && place.role === "uplink") &&
    !sightings.some(({ stage, direction }) => stage === "delivered" || direction === "reply"),
});
