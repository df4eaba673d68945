/** A time in every JSON that the program writes. */
import { z } from "zod";

export const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
  .nullable()
  .meta({
    id: "time",
    description: "RFC 3339, UTC; null outside the years 0 to 9999 and where nothing was recorded",
  });
