/** A packet that every capture point picks alike, so that what it shows can be held together. */
export interface PacketSample {
  /**
   * Over what NAT and re-cutting leave alone. TCP: sequence and acknowledgement number, window,
   * options, non-zero IPv4 identification, flags but PSH, and but FIN where there is payload: a
   * super-packet and its first segment have one key. UDP: length in the UDP header; ICMP: type, code
   * and sequence; others: the protocol; each with the non-zero IPv4 identification, or without one
   * with the payload's first bytes. An ICMP error: type, code, its identification and that of the
   * packet it quotes. A packet with neither, and a later fragment, is no sample.
   */
  readonly key: number;
  /**
   * Over the payload's first `SAMPLED_PAYLOAD_BYTES` bytes, or all of a shorter one. Undefined when
   * the capture does not hold them, and when there is nothing to compare: no payload, a TCP segment
   * or first fragment shorter than that (re-cutting lengthens it), a quote (NAT rewrites it).
   */
  readonly payload: number | undefined;
  /** ns since the connection's first packet. Of the first such packet at this capture point. */
  readonly sinceFirst: number;
  /** The key came more than once, so its time is not that of one packet. Copies do not count. */
  readonly isRepeated: boolean;
}
