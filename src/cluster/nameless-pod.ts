/** Pods that a topology knows by nothing but the veth that leads to them. */

/** What stands for the name of the pod behind a veth, where nothing says whose it is. */
export function namelessPod(veth: string): string {
  return `${BEHIND}${veth}`;
}

export function isNamelessPod(name: string): boolean {
  return name.startsWith(BEHIND);
}

/** No Kubernetes name has a space in it (RFC 1123). */
const BEHIND = "behind ";
