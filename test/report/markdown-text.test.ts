/** Text as Markdown: plain words stay, everything else is shown as code. */
import { expect, test } from "vitest";
import { markdownCell, markdownText } from "#report/markdown-text.js";

// prettier-ignore
const ROWS = [
  ["the source was kept, as it must be.", "the source was kept, as it must be."],
  ["10.0.0.1:80 > 10.0.0.2:90 (TTL 62, node1.eth0)", "`10.0.0.1:80 > 10.0.0.2:90` (TTL 62, `node1.eth0`)"],
  ["from 10.20.32.204:9000, as dialled", "from `10.20.32.204:9000`, as dialled"],
  ["iptables-save -t nat | grep -E 'A|B' on node1", "`iptables-save -t nat | grep -E 'A|B'` on node1"],
  ["--node and --pod", "`--node` and `--pod`"],
  ["(captures/x.txt:4)", "(`captures/x.txt:4`)"],
  ["e.g. f(x) and/or 3.05 s", "e.g. `f(x)` and/or 3.05 s"],
  ["a`b``c", "``` a`b``c ```"],
  ["`", "`` ` ``"],
  ["@me #1 GH-12 deadbeef1 http://a.b www.a.b :x: $y$", "`@me #1 GH-12 deadbeef1 http://a.b www.a.b :x`: `$y$`"],
  ["1. x", "`1`. x"],
  ["\u001b[31m\u202e", "`\\x1b[31m\\u202e`"],
  ["", ""],
] as const;

test.each(ROWS)("%s", (text, markdown) => {
  expect(markdownText(text)).toBe(markdown);
});

test("a bar ends no cell, whatever stands before it", () => {
  expect(markdownCell("a | b \\| c `|`")).not.toContain("|");
  expect(markdownCell("")).toBe(" ");
});
