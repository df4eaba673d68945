/** What `sysctl` says of a node. */
export type Sysctls = ReadonlyMap<string, string>;

/**
 * Reads `net.ipv4.ip_forward = 1` lines. A name keeps its slashes: the dot of `flannel.1` is written
 * so (sysctl(8)).
 */
export function readSysctls(text: string): Sysctls {
  return new Map(
    text.split("\n").flatMap((line): [string, string][] => {
      const at = line.indexOf("=");
      if (at < 0 || /^\s*[#;]/.test(line)) return [];
      return [[line.slice(0, at).trim(), line.slice(at + 1).trim()]];
    }),
  );
}

/** How `sysctl` writes an interface's name inside a key. */
export function sysctlName(interfaceName: string): string {
  return interfaceName.replaceAll(".", "/");
}
