import { sanitize } from "#report/sanitize.js";
import { CannotCheck } from "./exit.js";

/** The format that `-o` names. */
export function readFormat<Name extends string>({
  text,
  formats,
}: {
  readonly text: string;
  readonly formats: readonly Name[];
}): Name {
  const format = formats.find((known) => known === text);
  if (format !== undefined) return format;
  const choices = `${formats.slice(0, -1).join(", ")} or ${formats.at(-1)}`;
  throw new CannotCheck(`-o ${sanitize(text)}: no such format; choose ${choices}`);
}
