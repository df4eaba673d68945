import { sanitizeJson } from "../sanitize.js";
import { trusted, type Markup } from "./markup.js";

/**
 * JSON for a `<script type="application/json">`, which ends at `</script` and changes its state at
 * `<!--` (HTML §13.2.5.4), so no `<` is left in it. It parses to the same value.
 */
export function scriptJson(value: unknown): Markup {
  const escaped = sanitizeJson(JSON.stringify(value)).replaceAll("<", "\\u003c");
  return trusted(escaped.replaceAll(">", "\\u003e").replaceAll("&", "\\u0026"));
}
