/** Lines that are one line in a file, for `grep`, and fitted to a terminal by hanging indents. */
import type { Layout } from "./table.js";

const NARROWEST = 24;

export interface Indents {
  /** Of the first line. */
  readonly first: number;
  /** Of those it is continued on. */
  readonly hanging: number;
}

/** `text` is safe for a terminal. It breaks at spaces alone: an address stays whole to be copied. */
export function hangingLines(
  text: string,
  { first, hanging }: Indents,
  { width }: Pick<Layout, "width">,
): readonly string[] {
  const lines = [" ".repeat(first)];
  for (const word of text.split(/(?<=\S)(?= )/)) {
    const at = lines.length - 1;
    const longer = `${lines[at]}${word}`;
    const room = Math.max(width ?? Infinity, hanging + NARROWEST);
    if (longer.length <= room || lines[at]?.trim() === "") lines[at] = longer;
    else lines.push(" ".repeat(hanging) + word.trimStart());
  }
  return lines;
}
