import { interfaceKind } from "#cluster/point-role.js";
import { captureName, withoutCompression } from "#observed/capture/capture-name.js";
import { BEFORE } from "../before-folder.js";
import { isCaptureHead, isStillPacked } from "../entry-head.js";
import type { Recogniser } from "../recogniser.js";

/** pcap and pcapng, compressed or not. */
export const recogniseCapture: Recogniser = ({ head, path }) => {
  // Taken though it cannot be unpacked, so that reading it says what is wrong.
  const isPacked = isStillPacked(head) && hasCaptureEnding(path);
  if (!isCaptureHead(head) && !isPacked) return undefined;
  const point = pointByFolder(path, head);
  return { as: "capture", point, by: point === undefined ? "its bytes" : "its bytes, its folder" };
};

function hasCaptureEnding(path: string): boolean {
  const file = withoutCompression(path.slice(path.lastIndexOf("/") + 1));
  return captureName(path) !== file;
}

/**
 * `node1/eth0.pcap` is of node1, and what OpenShift's multi-node tcpdump writes, with the time as its
 * only name in a folder for each node. Undefined: the file's own name tells more.
 */
function pointByFolder(path: string, head: Uint8Array): string | undefined {
  const folder = path.split("/").at(-2);
  if (folder === undefined || folder === BEFORE) return undefined;
  const name = captureName(path);
  const isOfPod = /^(pod[-:]|client$)/.test(folder);
  const at = (place: string): string => `${folder}${isOfPod ? "." : "/"}${place}`;
  if (interfaceKind(name) !== undefined || /^any(\W|$)/.test(name)) return at(name);
  if (!TIME.test(name)) return undefined;
  return isCooked(head) ? at("any") : folder;
}

/** `2026-11-21T19:00:00`, as `tcpdump -w %Y-%m-%dT%H:%M:%S.pcap` names it. */
const TIME = /^\d{4}-\d\d-\d\d[T_ -]\d\d[:._-]?\d\d[:._-]?\d\d$/;

/** LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2, which `-i any` gives: https://www.tcpdump.org/linktypes.html. */
const COOKED: ReadonlySet<number> = new Set([113, 276]);
const LINKTYPE_OFFSET = 20;

/** Of pcap alone: pcapng names each interface itself. */
function isCooked(head: Uint8Array): boolean {
  if (head.length < LINKTYPE_OFFSET + 4) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return [true, false].some((isLittle) =>
    COOKED.has(view.getUint32(LINKTYPE_OFFSET, isLittle) & 0xffff),
  );
}
