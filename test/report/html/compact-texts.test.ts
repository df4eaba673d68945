import { assert, array, constantFrom, property, tuple, nat, string } from "fast-check";
import { expect, test } from "vitest";
import { compactTexts, type CompactTexts } from "#report/html/compact-texts.js";

/** As the page's script does it. */
function expanded({ shapes, shapeOf }: CompactTexts): readonly string[] {
  const columns = shapes.map((shape) => {
    const full: (readonly (string | number)[])[] = [];
    for (const column of shape.columns) {
      let sum = 0;
      if (typeof column === "number") full.push(full[column] ?? []);
      else full.push(column.map((value) => (typeof value === "string" ? value : (sum += value))));
    }
    return full;
  });
  const next = shapes.map(() => 0);
  return shapeOf.map((shape) => {
    const row = next[shape] ?? 0;
    next[shape] = row + 1;
    const parts = shapes[shape]?.parts ?? [];
    return parts
      .map((part, at) => (at === 0 ? part : `${columns[shape]?.[at - 1]?.[row]}${part}`))
      .join("");
  });
}

const SEEN = (port: number) => `seen 198.51.100.79:${port} > 10.233.1.2:8080 (TTL 62, ${port})`;

test("what is the same is told once, a number that comes again too", () => {
  const { shapes, shapeOf } = compactTexts([SEEN(41001), SEEN(41003), SEEN(41002)]);
  expect(shapeOf).toEqual([0, 0, 0]);
  expect(shapes).toEqual([
    {
      parts: ["seen 198.51.100.79:", " > 10.233.1.2:8080 (TTL 62, ", ")"],
      columns: [[41001, 2, -1], 0],
    },
  ]);
});

// prettier-ignore
const LISTS = [
  { name: "none",                        texts: [] },
  { name: "empty texts",                 texts: ["", ""] },
  { name: "leading zeros",               texts: ["007", "7", "08"] },
  { name: "more than a double holds",    texts: ["a 90071992547409931", "a 1"] },
  { name: "IPv6 addresses",              texts: ["[2001:db8::a]:80", "[2001:db8::10f]:80", "[::1]:81"] },
  { name: "texts of several shapes",     texts: ["c1", "d 1 2", "c2", "d 3 4", "c3 "] },
  { name: "numbers in front and behind", texts: ["1x2", "3x4", "3x5"] },
];

test.each(LISTS)("$name: expanded they are the same again", ({ texts }) => {
  expect(expanded(compactTexts(texts))).toEqual(texts);
});

test("whatever the texts are, expanded they are the same again", () => {
  const word = constantFrom("10.0.0.", ":", "::", "fe80", "c", " > ", "0", "\t", "-");
  const text = array(tuple(word, nat(70_000), string()));
  assert(
    property(array(text), (lists) => {
      const texts = lists.map((words) => words.flat().join(""));
      expect(expanded(compactTexts(texts))).toEqual(texts);
    }),
  );
});
