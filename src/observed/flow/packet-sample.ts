/** A packet that every capture point picks alike, so that what it shows can be held together. */
export interface PacketSample {
  /**
   * Over what NAT and re-cutting leave alone. TCP: sequence and acknowledgement number, flags but
   * PSH, window, options, non-zero IP identification. UDP: non-zero IP identification, length in the
   * UDP header. ICMP: type, code, sequence. Without an identification the payload's first bytes too.
   */
  readonly key: number;
  /**
   * Over the payload's first `SAMPLED_PAYLOAD_BYTES` bytes, or all of a shorter one; undefined when
   * the capture does not hold them.
   */
  readonly payload: number | undefined;
  /** ns since the connection's first packet. Of the first such packet at this capture point. */
  readonly sinceFirst: number;
  /** The key came more than once, so its time is not that of one packet. */
  readonly isRepeated: boolean;
}
