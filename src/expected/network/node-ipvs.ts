/** What kube-proxy's ipvs mode puts on a node whose own state nobody printed. */
import type { HostInterface } from "#cluster/host.js";
import {
  IPVS_DEVICE,
  kubeProxyIpvs,
  type KubeProxyIpvs,
} from "#expected/rulesets/kube-proxy-ipvs.js";
import type { KubeProxyInput } from "#expected/rulesets/kube-proxy.js";
import { prefixOf } from "#net/prefix.js";

/** Undefined in every other mode. */
export function ipvsOn(input: KubeProxyInput | undefined): KubeProxyIpvs | undefined {
  return input?.kubeProxy.mode === "ipvs" ? kubeProxyIpvs(input) : undefined;
}

/** kube-ipvs0 is down and has no route of its own: the addresses are all there is to it. */
export function ipvsInterface({ addresses }: KubeProxyIpvs): HostInterface {
  return {
    name: IPVS_DEVICE,
    bridge: undefined,
    isBridge: false,
    isLoopback: false,
    addresses: addresses.map((address) => ({
      address,
      subnet: prefixOf(address, address.includes(":") ? 128 : 32),
      scope: "global" as const,
      isSecondary: false,
    })),
  };
}
