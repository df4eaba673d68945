import { defineReplayDiagnosis } from "./replay-diagnosis.js";

export default defineReplayDiagnosis({
  code: "PC030",
  id: "lost-on-the-way",
  title: "the request is lost on the way",
  checks: ["delivered", "answered"],
  explanation:
    "The request was seen on its way, and neither where it must arrive nor an answer to it. Packets alone do " +
    "not tell a DROP in FORWARD, a NetworkPolicy, ip_forward=0, a full conntrack table, rp_filter, a broken " +
    "overlay (FDB, neighbour entry, a filtered UDP port) and a missing route apart: the last point that " +
    "shows the request is where to look.",
  remedy:
    "the point where it was last seen, and the next one on its path; iptables-save -c -t " +
    "filter there before and after one attempt; bridge fdb show dev flannel.1; ip neigh show " +
    "dev flannel.1; nstat TcpExtIPReversePathFilter",
  applies: () => true,
});
