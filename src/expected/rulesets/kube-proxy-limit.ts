/** Which kube-proxies the generators of the iptables and the userspace mode follow. */
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
  return mode === "iptables" && minor < FIRST_IPTABLES
    ? `the rules of kube-proxy before 1.${FIRST_IPTABLES} are not modelled`
    : undefined;
}

/** Removed in 1.26 (CHANGELOG-1.26: "removed the userspace proxy mode"). */
const LAST_USERSPACE = 25;

/** What nobody answers is dropped in filter since then, not marked in nat for KUBE-MARK-DROP. */
const FIRST_IPTABLES = 25;

/** `1.28`, `v1.28.7`. */
function minorOf(version: string): number | undefined {
  const [, minor] = /^v?1\.(\d+)(\.\d+)?([-+].*)?$/.exec(version) ?? [];
  return minor === undefined ? undefined : Number(minor);
}
