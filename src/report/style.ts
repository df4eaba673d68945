/** What a word says besides its letters. The words carry the meaning; a tone only helps the eye. */
export type Tone = "strong" | "good" | "doubtful" | "bad";

/** How tones are written. Handed in: whether a stream takes colour is the command line's decision. */
export type Style = Readonly<Record<Tone, (text: string) => string>>;

export const PLAIN: Style = {
  strong: (text) => text,
  good: (text) => text,
  doubtful: (text) => text,
  bad: (text) => text,
};

// Bold, green, yellow and red of the terminal's own palette read well on light and dark grounds;
// black, white and grey do not.
export const COLOURED: Style = {
  strong: selectGraphicRendition({ on: 1, off: 22 }),
  good: selectGraphicRendition({ on: 32, off: 39 }),
  doubtful: selectGraphicRendition({ on: 33, off: 39 }),
  bad: selectGraphicRendition({ on: 31, off: 39 }),
};

/** ECMA-48 §8.3.117. */
function selectGraphicRendition({ on, off }: { on: number; off: number }) {
  return (text: string): string => (text === "" ? "" : `\u001b[${on}m${text}\u001b[${off}m`);
}
