import { expect, test } from "vitest";
import { escapeMarkup, markup, trusted } from "#report/html/markup.js";
import { scriptJson } from "#report/html/script-json.js";
import { HOSTILE } from "./hostile-report.js";

// prettier-ignore
const TEXTS = [
  { text: "node1.eth0.pcap#7",  becomes: "node1.eth0.pcap#7" },
  { text: "<b>",                becomes: "&#60;b&#62;" },
  { text: "a & b",              becomes: "a &#38; b" },
  { text: `"'\``,               becomes: "&#34;&#39;&#96;" },
  { text: "\u001b[31m\u202e",   becomes: "\\x1b[31m\\u202e" },
  { text: "&lt;",               becomes: "&#38;lt;" },
];

test.each(TEXTS)("$text becomes $becomes", ({ text, becomes }) => {
  expect(escapeMarkup(text)).toBe(becomes);
  expect(markup`<i title="${text}">${text}</i>`).toEqual(
    trusted(`<i title="${becomes}">${becomes}</i>`),
  );
});

test("lists are joined, nothing is nothing, numbers are numbers, markup stays", () => {
  const { markup: text } = markup`<p>${["a", [1, undefined], markup`<br>`]}${undefined}</p>`;
  expect(text).toBe("<p>a1<br></p>");
});

test("JSON in a script neither ends it nor opens another, and is the same value", () => {
  const { markup: text } = scriptJson({ [HOSTILE]: [HOSTILE] });
  expect(text).not.toMatch(/[<>&\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(JSON.parse(text)).toEqual({ [HOSTILE]: [HOSTILE] });
});
