import { defineReplayDiagnosis } from "./replay-diagnosis.js";

export default defineReplayDiagnosis({
  code: "PC027",
  id: "server-refuses",
  title: "the server refuses: nothing listens on the port",
  checks: ["answered"],
  explanation:
    "A reset came back. Where the request was seen at its server, the network did its part: " +
    "the process does not run, listens on another port, or only on 127.0.0.1. Where it was " +
    "not, a firewall may have sent it.",
  remedy:
    "ss -ltn in the server's namespace; the Service's targetPort or the published port " +
    "against the port it listens on",
  applies: (_case, { observed }) => observed.startsWith("RST"),
});
