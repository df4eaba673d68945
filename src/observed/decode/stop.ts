/** Why decoding went no further. The layers before it stand. */
export interface DecodeStop {
  /**
   * Whose doing it is. "truncated": the capture's, it holds less than the packet had.
   * "malformed": the sender's. "unsupported": ours.
   */
  readonly kind: "truncated" | "malformed" | "unsupported";
  /** The layer that could not be read: `UDP header`, `link type`, `EtherType`. */
  readonly layer: string;
  /** Where the layer starts, in bytes from the start of the packet. */
  readonly offset: number;
  /** A clause with its numbers and units. Same kind of fault, same text: it is counted by its text. */
  readonly reason: string;
}
