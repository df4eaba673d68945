/** HTML and SVG whose texts cannot break out: what a template's holes are filled with is escaped there. */
import { sanitize } from "../sanitize.js";

/** Text that is markup already. Only `markup` and `trusted` make it. */
export interface Markup {
  readonly markup: string;
}

export type Fill = string | number | Markup | undefined | readonly Fill[];

/**
 * Fills are escaped for element content and for quoted attributes alike, lists are joined, undefined is
 * nothing. Attributes in templates are always in double quotes, and no fill stands in a tag's or an
 * attribute's name, in a URL, a style or a script.
 */
export function markup(literals: TemplateStringsArray, ...fills: readonly Fill[]): Markup {
  const texts = literals.map(
    (literal, at) => literal + (at < fills.length ? filled(fills[at]) : ""),
  );
  return { markup: texts.join("") };
}

/** Text of this program's own: a style sheet, a script, numbers and letters of a path's `d`. */
export function trusted(text: string): Markup {
  return { markup: text };
}

/** HTML §13.1.2.3 and §13.1.4: neither ends an attribute nor begins a tag or a character reference. */
export function escapeMarkup(text: string): string {
  return sanitize(text).replace(/[&<>"'`=]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function filled(fill: Fill): string {
  if (fill === undefined) return "";
  if (typeof fill === "string") return escapeMarkup(fill);
  if (typeof fill === "number") return String(fill);
  return isList(fill) ? fill.map(filled).join("") : fill.markup;
}

function isList(fill: Markup | readonly Fill[]): fill is readonly Fill[] {
  return Array.isArray(fill);
}
