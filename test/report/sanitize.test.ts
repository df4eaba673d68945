import { expect, test } from "vitest";
import { sanitize, sanitizeJson } from "#report/sanitize.js";

// prettier-ignore
const ROWS = [
  { name: "plain text stays", from: "eth0 · 雪 é", to: "eth0 · 雪 é" },
  { name: "an escape sequence", from: "\u001b[31mred\u001b[0m", to: "\\x1b[31mred\\x1b[0m" },
  { name: "line ends and tabs", from: "a\r\n\tb", to: "a\\x0d\\x0a\\x09b" },
  { name: "DEL and C1, CSI among them", from: "\u007f\u009b2J", to: "\\x7f\\x9b2J" },
  { name: "bidirectional override and isolates", from: "a\u202egp\u2066z\u2069", to: "a\\u202egp\\u2066z\\u2069" },
  { name: "Arabic letter mark, line separator, zero width", from: "\u061c\u2028\u200b\ufeff", to: "\\u061c\\u2028\\u200b\\ufeff" },
  { name: "tag characters beyond the BMP", from: "\u{e0041}", to: "\\u{e0041}" },
  { name: "half a surrogate pair", from: "a\ud800b", to: "a\\ud800b" },
];

test.each(ROWS)("$name", ({ from, to }) => {
  expect(sanitize(from)).toBe(to);
});

test.each(ROWS)("$name: as JSON it keeps its value", ({ from }) => {
  const json = sanitizeJson(JSON.stringify(from));
  expect(JSON.parse(json)).toBe(from);
  expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
});
