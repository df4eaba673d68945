/** Whether a capture's clock was set back while it ran, or its records carry times that cannot be. */

/**
 * Packets of several interfaces and processors come up to a second out of order: libpcap hands over
 * each interface's buffer when it is full or its timeout has passed (pcap_set_timeout, 1000 ms in
 * tcpdump).
 */
const OUT_OF_ORDER_NS = 2e9;

/** `its times go back by 20.0 s in the middle`; undefined where they stay in order. */
export function describeSetBack(farthestBackNs: number): string | undefined {
  if (farthestBackNs <= OUT_OF_ORDER_NS) return undefined;
  return `its times go back by ${(farthestBackNs / 1e9).toFixed(1)} s in the middle`;
}
