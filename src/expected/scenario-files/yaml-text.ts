/** Small pieces of YAML, written so that people like to read them and any reader takes them as meant. */

/** A scalar on one line. What might be anything but the text is quoted, as JSON and YAML both read it. */
export function yamlText(text: string): string {
  return isPlain(text, BLOCK) ? text : JSON.stringify(text).replace(CONTROL, escaped);
}

type Value = string | readonly string[] | undefined;

/** `{ at: pod, request: client > endpoint }`, without what is undefined. */
export function yamlFlow(values: Readonly<Record<string, Value>>): string {
  const pairs = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${flowValue(value)}`],
  );
  return `{ ${pairs.join(", ")} }`;
}

function flowValue(value: string | readonly string[]): string {
  if (typeof value !== "string") return `[${value.map(flowText).join(", ")}]`;
  return flowText(value);
}

function flowText(text: string): string {
  return isPlain(text, FLOW) ? text : JSON.stringify(text).replace(CONTROL, escaped);
}

/** A text of several lines under a key; lines are joined by spaces when it is read. */
export function* yamlProse(key: string, text: string): Iterable<string> {
  const isFoldable = PROSE.test(text) && !text.includes("  ") && text.trim() === text;
  if (!isFoldable) {
    yield `${key}: ${yamlText(text)}\n`;
    return;
  }
  yield `${key}: >-\n`;
  for (const line of wrapped(text)) yield `  ${line}\n`;
}

export function* yamlComment(text: string, indent = ""): Iterable<string> {
  for (const line of wrapped(text.replace(CONTROL, "?"))) yield `${indent}# ${line}\n`;
}

const WIDTH = 96;

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length >= WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** YAML 1.2 §7.3.3: neither an indicator in front, nor `: ` or ` #` inside. */
const BLOCK = /^[A-Za-z][\p{L}\d ,;:.'"()>*/…_=+?!|&@%-]*$/u;
/** Inside braces commas and brackets end a text as well (§7.3.3 ns-plain-safe-in). */
const FLOW = /^[A-Za-z][\p{L}\d ;:.'"()>*/…_=+?!|&@%-]*$/u;
const PROSE = /^[^\p{C}\u2028\u2029]+$/u;

/** What readers of YAML 1.1 take for something else than a text as well. */
const WORDS_OF_YAML = /^(?:true|false|yes|no|on|off|null|y|n)$/i;

function isPlain(text: string, allowed: RegExp): boolean {
  return allowed.test(text) && !/: |:$| #|\s$/.test(text) && !WORDS_OF_YAML.test(text);
}

/** JSON leaves these as they are; a terminal and YAML do not. */
const CONTROL = /[\p{C}\u2028\u2029]/gu;

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff
    ? `\\U${code.toString(16).padStart(8, "0")}`
    : `\\u${code.toString(16).padStart(4, "0")}`;
}
