import type { RemarkDefinition } from "../remark.js";

/** LINKTYPE_LINUX_SLL: its header has the direction and no interface index. */
const LINUX_SLL = 113;

export const noInterfaceIndex: RemarkDefinition = {
  id: "no-interface-index",
  grade: "limits",
  examine({ captures }) {
    const isCooked = captures.some(({ interfaces }) =>
      interfaces.some(({ linktype }) => linktype === LINUX_SLL),
    );
    if (!isCooked) return undefined;
    return {
      text: "taken on all interfaces without their numbers (SLL version 1): the same packet is there once for each interface, and nothing tells which is which, so none is proven absent at one of them",
      remedy:
        "tcpdump -i any -y LINUX_SLL2 (tcpdump 4.99 and libpcap 1.10 or later), or one capture per interface",
    };
  },
};
