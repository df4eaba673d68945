/** A report in which every text that a capture, a file name or a state file could bring is hostile. */
import type { Report } from "#verify/report.js";

/** Markup, ends of scripts and comments, quotes, terminal escapes, bidirectional controls, separators. */
export const HOSTILE = [
  `</script><script>document.title="broken"</script>`,
  `<img src=x onerror="document.title='broken'">`,
  `"><svg onload=alert(1)>'--><!--<script>`,
  "\u001b[31m\u202e\u2066\u2028\u2029\u0000\u200b`&lt;&amp;]]>\t\n\r",
  "x' onmouseover='alert(1)' style='position:fixed'",
].join("");

/** As long, with spaces and slashes where it has them, and nothing in it that means anything. */
export const HARMLESS = HOSTILE.replace(/[^\w /.:]/gu, "x");

/** What programs compare is left alone: verdicts, directions, codes of a fixed set. */
const FIXED = new Set([
  "id",
  "verdict",
  "direction",
  "outcome",
  "seen",
  "kind",
  "does",
  "packets",
  "there",
  "basis",
]);

/** The same report with a text in front of every other, so that what is equal stays equal. */
export function prefixed(report: Report, prefix: string): Report {
  const changed = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return FIXED.has(key) ? value : prefix + value;
    if (Array.isArray(value)) {
      return value.map((each: unknown) => changed(each, key === "connections" ? "id" : key));
    }
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, changed(each, name)] as const),
    );
  };
  return changed(report, "") as Report;
}
