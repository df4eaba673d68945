/** Which kube-proxies the generators follow. */
import type { KubeProxy } from "#cluster/service.js";

/** Why no rules can be written for it; undefined when they can. */
export function kubeProxyLimit({ mode, version }: KubeProxy): string | undefined {
  const minor = version === undefined ? undefined : minorOf(version);
  if (version !== undefined && minor === undefined) return `kube-proxy ${version} is no version`;
  if (minor === undefined) return undefined;
  if (mode === "userspace") {
    return minor > LAST_USERSPACE
      ? `kube-proxy has no userspace mode after 1.${LAST_USERSPACE}`
      : undefined;
  }
  const first = FIRST[mode];
  return minor < first
    ? `the rules of kube-proxy in ${mode} mode before 1.${first} are not modelled`
    : undefined;
}

/** Removed in 1.26 (CHANGELOG-1.26: "removed the userspace proxy mode"). */
const LAST_USERSPACE = 25;

/**
 * What nobody answers is dropped in filter since then, not marked in nat for KUBE-MARK-DROP; and in
 * ipvs mode other ports of a virtual address are refused (KUBE-IPVS-FILTER).
 */
const FIRST = { iptables: 25, ipvs: 26 } as const;

/** `1.28`, `v1.28.7`. */
function minorOf(version: string): number | undefined {
  const [, minor] = /^v?1\.(\d+)(\.\d+)?([-+].*)?$/.exec(version) ?? [];
  return minor === undefined ? undefined : Number(minor);
}
