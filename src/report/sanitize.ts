/**
 * Control characters (C0, DEL, C1), format characters (the bidirectional controls, zero-width ones),
 * line and paragraph separators, lone surrogates, and what is no character: what can move a cursor, hide or
 * reorder text, or is not to be written at all.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}]/gu;

/** Most text, told faster than by replacing nothing in it. */
const SAFE = /^[ -~]*$/;

/**
 * Text that came from a capture or a file name, safe for a terminal: what is unsafe is written as an
 * escape (`\x1b`, `\u202e`), so that two names that differ still look different.
 */
export function sanitize(text: string): string {
  return SAFE.test(text) ? text : text.replace(UNSAFE, describeCharacter);
}

/**
 * JSON text with the same characters escaped as JSON escapes them; it parses to the same value. A
 * line end in JSON text is only ever its indentation, and stays.
 */
export function sanitizeJson(json: string): string {
  return json.replace(UNSAFE, (character) => {
    if (character === "\n") return character;
    const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
    return units.map((unit) => `\\u${hex(unit, 4)}`).join("");
  });
}

function describeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${hex(code, 2)}`;
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 0)}}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
