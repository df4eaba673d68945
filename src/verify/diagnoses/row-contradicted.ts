import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC040",
  id: "row-contradicted",
  title: "a capture shows something else than the row of the scenario file",
  checks: ["as the row says"],
  explanation:
    "The row says what this capture point shows, and it shows another packet, or none. The rules that " +
    "kube-proxy, portmap, Docker and flannel write for this topology do not explain it either.",
  remedy:
    "`pcapcheck verify` with --scenario auto: what those rules make of the connection, and where it " +
    "leaves its way; the row's own words for this point",
  applies: () => true,
});
