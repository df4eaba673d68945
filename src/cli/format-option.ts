import { sanitize } from "#report/sanitize.js";
import { closest } from "#net/closest.js";
import { CannotCheck } from "./exit.js";

/** What others call it, and how its files end. */
const ALSO_CALLED: Readonly<Record<string, string>> = {
  md: "markdown",
  ndjson: "jsonl",
  pcap: "pcapng",
  txt: "table",
  xml: "junit",
};

/** The format that `-o` names. */
export function readFormat<Format extends { readonly name: string }>({
  text,
  formats,
}: {
  readonly text: string;
  readonly formats: readonly Format[];
}): Format {
  const format = formats.find(({ name }) => name === text);
  if (format !== undefined) return format;
  const names = formats.map(({ name }) => name);
  const choices = `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
  throw new CannotCheck(
    `-o ${sanitize(text)}: no such format${meant(text, names)}; choose ${choices}`,
  );
}

/** `-o report.html` wants a file. */
function meant(text: string, names: readonly string[]): string {
  const ending = text.slice(text.lastIndexOf(".") + 1);
  const alias = ALSO_CALLED[ending.toLowerCase()];
  const near = alias === undefined ? closest(ending, names) : names.find((name) => name === alias);
  if (near === undefined) return "";
  return `; did you mean ${ending === text ? near : `${near}=${sanitize(text)}`}?`;
}
