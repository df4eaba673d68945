/** Rules as one types them behind `iptables -A` or `-I`. */
import type { TableName } from "#expected/netfilter/hook.js";
import type { InstalledRule } from "./installed-rules.js";

/** `iptables -t TABLE -A LINE` for each: `FORWARD -i docker0 -j ACCEPT`. */
export function appended(table: TableName, lines: readonly string[]): readonly InstalledRule[] {
  return lines.map((line) => ({ ...readLine(line), table, at: "last" }));
}

/** `iptables -t TABLE -I LINE` for each, so that the last of them stands on top. */
export function inserted(table: TableName, lines: readonly string[]): readonly InstalledRule[] {
  return lines.map((line) => ({ ...readLine(line), table, at: "first" }));
}

function readLine(line: string): Pick<InstalledRule, "chain" | "text"> {
  const end = line.indexOf(" ");
  return { chain: line.slice(0, end), text: line.slice(end + 1) };
}
