/** Words of a shell script: whatever a name holds, it stays one word and moves no cursor. */
import { sanitize } from "./sanitize.js";

const PLAIN = /^[\w.,:=@%+/][\w.,:=@%+/-]*$/;

/** As bash reads it. */
export function shellWord(text: string): string {
  if (PLAIN.test(text)) return text;
  const quoted = text.replaceAll("\\", "\\\\").replaceAll("'", String.raw`\'`);
  const escaped = Array.from(quoted, escapeUnsafe).join("");
  return escaped === text ? `'${text}'` : `$'${escaped}'`;
}

/** Every byte of it as bash's `$'…'` writes bytes. */
function escapeUnsafe(character: string): string {
  if (sanitize(character) === character) return character;
  const bytes = new TextEncoder().encode(character);
  return [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
}

/** A part of a file's name: no folder, no option, nothing to quote. */
export function fileWord(text: string): string {
  return text.replaceAll(/[^\w.:@+-]/gu, "_").replace(/^[-.]/, "_");
}
