/** Pods whose own namespace was saved, `pod-NAME.iptables-save.txt` and what `ip` says in it. */
import { plainPod, type Pod, type Sidecar } from "#cluster/topology.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { isLoopback } from "#net/address.js";
import { rulesOf } from "./rules-of.js";
import type { NodeOfAddress } from "./services-from-rules.js";

/** Those whose node is known. */
export function podsFromStates(
  states: readonly NodeState[],
  nodeOf: NodeOfAddress,
): readonly Pod[] {
  return states.flatMap((state) => {
    const address = state.interfaces
      .flatMap(({ addresses }) => addresses)
      .find((own) => own.scope === "global" && !isLoopback(own.address))?.address;
    const node = address === undefined ? undefined : nodeOf(address);
    if (address === undefined || node === undefined) return [];
    return [
      {
        ...plainPod({ name: state.name.replace(/^pod-/, ""), node, address }),
        sidecar: sidecarOf(state),
      },
    ];
  });
}

/** Where Istio redirects what comes in (sidecar-rules.ts). */
function sidecarOf({ rules }: NodeState): Sidecar | undefined {
  for (const { target } of rulesOf(rules, "nat", "ISTIO_IN_REDIRECT")) {
    if (target.kind === "redirect" && target.ports.range) {
      return { inboundPort: target.ports.range.first };
    }
  }
  return undefined;
}
