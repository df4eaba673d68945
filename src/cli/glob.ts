/** File name patterns that the shell left alone, as behind `POINT=` or in quotes. */
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

export function isGlob(path: string): boolean {
  return /[*?[]/.test(path);
}

/** Paths that exist, sorted. `*`, `?` and `[a-z]` within a name; no name that starts with a dot. */
export function expandGlob(pattern: string): string[] {
  const root = pattern.startsWith("/") ? "/" : "";
  const parts = pattern.split("/").filter((part) => part !== "");
  let paths = [root];
  for (const part of parts) paths = paths.flatMap((folder) => matchesIn(folder, part));
  return paths;
}

function matchesIn(folder: string, part: string): string[] {
  if (!isGlob(part)) return exists(join(folder, part)) ? [join(folder, part)] : [];
  const matches = nameMatcher(part);
  return namesIn(folder === "" ? "." : folder)
    .filter((name) => matches(name) && (!name.startsWith(".") || part.startsWith(".")))
    .map((name) => join(folder, name));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

type Token =
  | { readonly kind: "any" | "one" }
  | { readonly kind: "set"; readonly set: RegExp }
  | string;

/** Without backtracking over more than the last `*`, for the pattern may be anything. */
function nameMatcher(pattern: string): (name: string) => boolean {
  const tokens = tokensOf(pattern);
  return (name) => {
    let token = 0;
    let at = 0;
    let resume: { token: number; at: number } | undefined;
    while (at < name.length || token < tokens.length) {
      const wanted = tokens[token];
      if (typeof wanted === "object" && wanted.kind === "any") {
        resume = { token: token++, at: at + 1 };
      } else if (at < name.length && wanted !== undefined && accepts(wanted, name.charAt(at))) {
        token++;
        at++;
      } else {
        if (resume === undefined || resume.at > name.length) return false;
        ({ token, at } = resume);
      }
    }
    return true;
  };
}

function accepts(token: Token, character: string): boolean {
  if (typeof token === "string") return token === character;
  return token.kind === "set" ? token.set.test(character) : true;
}

function tokensOf(pattern: string): Token[] {
  return (pattern.match(/\[[!^]?\]?[^\]]*\]|[^]/g) ?? []).map((part): Token => {
    if (part === "*") return { kind: "any" };
    if (part === "?") return { kind: "one" };
    if (part.length < 3) return part;
    const negated = /^\[[!^]/.test(part);
    const members = part.slice(negated ? 2 : 1, -1).replaceAll(/[\\\]^[]/g, "\\$&");
    try {
      return { kind: "set", set: new RegExp(`[${negated ? "^" : ""}${members}]`, "u") };
    } catch {
      // A range that runs backwards holds nothing.
      return { kind: "set", set: /(?!)/ };
    }
  });
}
