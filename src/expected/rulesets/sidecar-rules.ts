/** The rules that Istio's init container writes into a pod's own network namespace. */
import type { InstalledRules } from "./installed-rules.js";
import { appended } from "./rule-lines.js";

export interface SidecarInput {
  /** Where Envoy takes in connections for the pod, 15006. */
  readonly inboundPort: number;
}

/**
 * Envoy's and the agent's own ports: HBONE, Prometheus, health, the agent's telemetry. The first is
 * istio-iptables' own, the others the injection template's `-d 15090,15021,15020`.
 */
const NOT_REDIRECTED = [15_008, 15_090, 15_021, 15_020];

/**
 * The inbound half: istio/istio tools/istio-iptables/pkg/capture/run.go, as its
 * testdata/inbound-ports-wildcard.golden (461f85b) has it; ip6tables gets the same lines. The outbound half
 * (OUTPUT to ISTIO_OUTPUT to port 15001) asks `-m owner --uid-owner 1337` which process sends, and
 * that the model does not know: it is left out, and with it whatever the pod itself dials.
 */
export function sidecarRules({ inboundPort }: SidecarInput): InstalledRules {
  return {
    chains: ["ISTIO_INBOUND", "ISTIO_IN_REDIRECT"].map((name) => ({ table: "nat", name })),
    rules: appended("nat", [
      ...NOT_REDIRECTED.map((port) => `ISTIO_INBOUND -p tcp -m tcp --dport ${port} -j RETURN`),
      "ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT",
      `ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports ${inboundPort}`,
      "PREROUTING -p tcp -j ISTIO_INBOUND",
    ]),
  };
}
