/** What each command printed, in a file in which Retina saved the output of several. */

export interface RetinaSection {
  /** Without the program's folder: `ip route show table all`. */
  readonly command: string;
  /** The whole file's lines; those that are not its own are empty, so that numbers stay as they are. */
  readonly lines: readonly string[];
}

/**
 * Such a file lists its commands, each with what it is for in parentheses, and then has each command
 * on a line of its own in front of what it printed (microsoft/retina pkg/capture/provider/network_capture_unix.go).
 */
export function retinaSections(text: string): readonly RetinaSection[] {
  const lines = text.split(/\r?\n/);
  const start = lines.indexOf("Execute:");
  if (lines[0] !== "Summary:" || start < 0) return [];
  const commands = new Set(lines.slice(1, start).flatMap((line) => commandIn(line) ?? []));
  const heads = lines.flatMap((line, at) => (at > start && commands.has(line) ? [at] : []));
  return heads.map((head, at) => ({
    command: (lines[head] ?? "").replace(/^\/\S*\//, ""),
    lines: only(lines, { from: head + 1, to: heads[at + 1] ?? lines.length }),
  }));
}

/** `/usr/sbin/ip rule list(IP rule)`. */
function commandIn(line: string): string | undefined {
  return /^(\/.+?)\(.*\)$/.exec(line)?.[1];
}

/** A command that failed leaves a line that is none of its output. */
function only(
  lines: readonly string[],
  { from, to }: { readonly from: number; readonly to: number },
): readonly string[] {
  return lines.map((line, at) => {
    return at >= from && at < to && !line.startsWith('Failed to run "') ? line : "";
  });
}
