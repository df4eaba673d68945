/** Names and comments that the CNI plugins give what they write for one container. */
import { createHash } from "node:crypto";

/** A container on a CNI network, as the runtime calls the plugins for it. */
export interface CniAttachment {
  /** Of the network configuration, `cbr0`. */
  readonly networkName: string;
  /** CNI_CONTAINERID: of the pod's sandbox. */
  readonly containerId: string;
}

/** iptables allows a chain's name this many characters (linux XT_EXTENSION_MAXNAMELEN, less one). */
const NAME_LENGTH = 28;

/** FormatChainName and formatChainName with a prefix, containernetworking/plugins v1.1.1 pkg/utils. */
export function cniChainName(
  prefix: "CNI-" | "CNI-DN-" | "CNI-SN-",
  { networkName, containerId }: CniAttachment,
): string {
  const hash = createHash("sha512").update(networkName + containerId);
  return `${prefix}${hash.digest("hex")}`.slice(0, NAME_LENGTH);
}

/** `-m comment` as iptables-save prints it. */
export function commentMatch(comment: string): string {
  const escaped = comment.replaceAll(/["\\]/g, String.raw`\$&`);
  return `-m comment --comment "${escaped}"`;
}
