import { defineReplayDiagnosis } from "./replay-diagnosis.js";

export default defineReplayDiagnosis({
  code: "PC033",
  id: "other-way",
  title: "the connection was seen where it must not pass",
  checks: ["seen at every point it must cross"],
  explanation:
    "It took another way than the rules would send it: another node, another interface, a " +
    "proxy process.",
  remedy:
    "iptables-save -t nat and ip route on the node where it was seen; ss -ltnp for a proxy on " +
    "the port",
  applies: (_case, { observed }) => !observed.startsWith("no "),
});
