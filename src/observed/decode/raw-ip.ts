import { NEXT } from "./cursor.js";
import { decodeIpv4 } from "./ipv4.js";
import { decodeIpv6 } from "./ipv6.js";
import type { LinkType } from "./link-type.js";

/** No link header: tun devices, WireGuard, ptp interfaces. */
export const raw: LinkType = { value: 101, name: "RAW", decode: () => NEXT.ip };

/** Some writers put libpcap's DLT_RAW in the file, which is 12, or 14 on OpenBSD. */
export const rawDlt12: LinkType = { ...raw, value: 12 };
export const rawDlt14: LinkType = { ...raw, value: 14 };

export const ipv4: LinkType = { value: 228, name: "IPV4", decode: decodeIpv4 };
export const ipv6: LinkType = { value: 229, name: "IPV6", decode: decodeIpv6 };
