/** Sentences in lines. Nobody greps them by line, so they are wrapped for files too. */
import { sanitize } from "./sanitize.js";

const WIDTH = 100;
const NARROWEST = 30;

export interface Room {
  /** Of the terminal; undefined when the text goes to a file. */
  readonly width: number | undefined;
}

export function wrapProse(text: string, { width }: Room, indent = 0): string[] {
  const room = Math.max(NARROWEST, Math.min(width ?? WIDTH, WIDTH) - indent);
  const lines: string[] = [];
  for (const word of sanitize(text).split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
