/** What ICMP and ICMPv6 call their messages. */

/** RFC 792, RFC 950, RFC 1191, RFC 1812 §5.2.7; `type` or `type/code`. */
const ICMP: ReadonlyMap<string, string> = new Map([
  ["0", "echo reply"],
  ["3", "destination unreachable"],
  ["3/0", "network unreachable"],
  ["3/1", "host unreachable"],
  ["3/2", "protocol unreachable"],
  ["3/3", "port unreachable"],
  ["3/4", "fragmentation needed"],
  ["3/5", "source route failed"],
  ["3/6", "network unknown"],
  ["3/7", "host unknown"],
  ["3/9", "network prohibited"],
  ["3/10", "host prohibited"],
  ["3/13", "administratively prohibited"],
  ["4", "source quench"],
  ["5", "redirect"],
  ["5/0", "redirect for network"],
  ["5/1", "redirect for host"],
  ["8", "echo request"],
  ["9", "router advertisement"],
  ["10", "router solicitation"],
  ["11", "time exceeded"],
  ["11/0", "time to live exceeded"],
  ["11/1", "reassembly time exceeded"],
  ["12", "parameter problem"],
  ["13", "timestamp"],
  ["14", "timestamp reply"],
]);

/** RFC 4443, RFC 4861, RFC 3810. */
const ICMP6: ReadonlyMap<string, string> = new Map([
  ["1", "destination unreachable"],
  ["1/0", "no route to destination"],
  ["1/1", "administratively prohibited"],
  ["1/2", "beyond scope of source address"],
  ["1/3", "address unreachable"],
  ["1/4", "port unreachable"],
  ["1/5", "source address failed policy"],
  ["1/6", "reject route to destination"],
  ["2", "packet too big"],
  ["3", "time exceeded"],
  ["3/0", "hop limit exceeded"],
  ["3/1", "reassembly time exceeded"],
  ["4", "parameter problem"],
  ["128", "echo request"],
  ["129", "echo reply"],
  ["133", "router solicitation"],
  ["134", "router advertisement"],
  ["135", "neighbor solicitation"],
  ["136", "neighbor advertisement"],
  ["137", "redirect"],
  ["143", "multicast listener report"],
]);

interface IcmpMessage {
  readonly version: 4 | 6;
  readonly type: number;
  /** Undefined when only the type is known. */
  readonly code: number | undefined;
}

/** `port unreachable`, else `ICMP type 3 code 42`. */
export function describeIcmp({ version, type, code }: IcmpMessage): string {
  const names = version === 6 ? ICMP6 : ICMP;
  const name = names.get(`${type}/${code}`);
  if (name !== undefined) return name;
  const general = names.get(`${type}`);
  const zeroCode = code === undefined || code === 0;
  if (general !== undefined) return zeroCode ? general : `${general} code ${code}`;
  return `${version === 6 ? "ICMPv6" : "ICMP"} type ${type}${zeroCode ? "" : ` code ${code}`}`;
}
