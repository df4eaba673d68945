import type { Decoder } from "./cursor.js";

/** A `LINKTYPE_` value (tcpdump.org/linktypes.html) and what reads its packets. */
export interface LinkType {
  readonly value: number;
  /** As the registry writes it, without `LINKTYPE_`. */
  readonly name: string;
  readonly decode: Decoder;
}
