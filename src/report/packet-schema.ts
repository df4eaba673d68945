/** Where a document cites a packet, and an end of one. */
import { z } from "zod";

export const endpoint = z.object({ address: z.string(), port: z.int().min(0).max(65_535) });

export const packet = z
  .object({ file: z.string(), packet: z.int().min(1) })
  .describe("a packet: its file, and its number there from 1, as Wireshark counts");
