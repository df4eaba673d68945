import type { PointRole } from "#cluster/point-role.js";

/** In KiB: some hundred thousand packets, where the default of 2048 holds a few thousand. */
const BUFFER_KIB = 65_536;

/**
 * How to capture so that absence counts: whole packets, a large buffer, every direction, the buffer of
 * the kernel emptied in blocks (no --immediate-mode), nobody asked for names. `-p` on a bridge: in
 * promiscuous mode the node takes frames between two of its ports for its own too, and routes a second
 * copy (linux net/bridge/br_input.c br_handle_frame_finish). `-Z root`: tcpdump otherwise gives up
 * root before it writes, and a folder of root's stays empty.
 */
export function tcpdumpOptions({ role }: { readonly role: PointRole }): string {
  const promiscuity = role === "bridge" ? "-p " : "";
  return `${promiscuity}-n -s 0 -B ${BUFFER_KIB} --time-stamp-precision=nano -Z root`;
}
