/** Retina's texts, byte by byte as microsoft/retina pkg/capture/provider/network_capture_unix.go writes them. */
import { describe, expect, test } from "vitest";
import { readIpRoute } from "#cluster/ip-json.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import { formatPrefix } from "#net/prefix.js";
import { ipRouteJson } from "#cli/bundle/ip-route-text.js";
import { readRetina } from "#cli/bundle/retina.js";
import { nodeOfRetinaName } from "#cli/bundle/retina-name.js";

const RULES = `Summary:

/usr/sbin/iptables-save(iptables rules)
/usr/sbin/iptables -vnx -L(iptables rules and stats in filter table)
/usr/sbin/iptables -vnx -L -t nat(iptables rules and stats in nat table)

Execute:

/usr/sbin/iptables-save

*nat
:PREROUTING ACCEPT [0:0]
:WEB - [0:0]
-A PREROUTING -j WEB
-A WEB -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.2:80
COMMIT
/usr/sbin/iptables -vnx -L

Failed to run "/usr/sbin/iptables -vnx -L", error: exit status 3
/usr/sbin/iptables -vnx -L -t nat

Chain PREROUTING (policy ACCEPT 0 packets, 0 bytes)
    pkts      bytes target     prot opt in     out     source               destination         
      12      720 WEB        0    --  *      *       0.0.0.0/0            0.0.0.0/0           

Chain WEB (1 references)
    pkts      bytes target     prot opt in     out     source               destination         
       7      420 DNAT       6    --  *      *       0.0.0.0/0            0.0.0.0/0            tcp dpt:80 to:10.0.0.2:80
`;

describe("iptables-rules.txt", () => {
  const [state] = readRetina([{ path: "iptables-rules.txt", text: RULES }]);
  const rules = readIptablesSave({ file: "iptables-rules.txt", text: state?.text ?? "" });
  const [rule] = rules.tables.get("nat")?.get("WEB")?.rules ?? [];

  test("rules keep the number that their line has in the file", () => {
    expect(RULES.split("\n")[(rule?.line ?? 0) - 1]).toBe(rule?.text);
  });

  test("what they counted comes from the listing of their table", () => {
    expect(rule?.counters).toEqual({ packets: 7, bytes: 420 });
  });

  test("nothing else of the file is taken for a rule", () => {
    expect(rules.notes).toEqual([]);
  });

  test("a chain of which the listing has another number of rules has no counters", () => {
    const changed = RULES.replace(/\n.*DNAT {7}6 .*/, "");
    const [other] = readRetina([{ path: "iptables-rules.txt", text: changed }]);
    const read = readIptablesSave({ file: "f", text: other?.text ?? "" });
    expect(read.tables.get("nat")?.get("WEB")?.rules[0]?.counters).toBeUndefined();
  });

  test("a command that failed has printed nothing", () => {
    const failed = `Summary:\n\n/sbin/iptables-save(iptables rules)\n\nExecute:\n\n/sbin/iptables-save\n\nFailed to run "/sbin/iptables-save", error: exec: not found\n`;
    expect(readRetina([{ path: "iptables-rules.txt", text: failed }])).toEqual([]);
  });
});

// prettier-ignore
const ROUTES: readonly (readonly [line: string, reads: string])[] = [
  ["default via 10.20.32.1 dev eth0 proto dhcp src 10.20.32.204 metric 100", "unicast 0.0.0.0/0 main 100 eth0 via 10.20.32.1"],
  ["10.233.2.0/24 via 10.233.2.0 dev flannel.1 onlink",                      "unicast 10.233.2.0/24 main 0 flannel.1 via 10.233.2.0"],
  ["local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1", "local 127.0.0.1/32 local 0 lo via undefined"],
  ["blackhole 10.1.0.0/26 proto bird",                                       "blackhole 10.1.0.0/26 main 0 "],
  ["10.9.0.0/16 via inet6 fe80::1 dev eth0",                                 "unicast 10.9.0.0/16 main 0 eth0 via fe80::1"],
  ["10.8.0.0/16 dev eth1 linkdown dead",                                     ""],
  ["default via fe80::1 dev eth0 proto ra metric 1024 pref medium",          ""],
  ["unreachable default dev lo table unspec proto kernel metric 4294967295 error -101 pref medium", ""],
  ["fd00::/64 dev eth0 proto kernel metric 256 pref medium",                 ""],
];

describe("ip route, as it is printed for people", () => {
  test.each(ROUTES)("%s", (line, reads) => {
    expect(routesIn([line])).toBe(reads);
  });

  test("a route of several hops", () => {
    const lines = [
      "default proto static ",
      "\tnexthop via 10.0.0.1 dev eth0 weight 1 ",
      "\tnexthop via 10.0.1.1 dev eth1 weight 2 ",
    ];
    expect(routesIn(lines)).toBe("unicast 0.0.0.0/0 main 0 eth0 via 10.0.0.1, eth1 via 10.0.1.1");
  });
});

function routesIn(lines: readonly string[]): string {
  const text = ipRouteJson(lines);
  return readIpRoute({ file: "ip-resources.txt", text, family: "ipv4" })
    .map(({ type, destination, table, metric, hops }) => {
      const ways = hops.map(({ device, gateway }) => `${device} via ${gateway}`).join(", ");
      return `${type} ${formatPrefix(destination)} ${table} ${metric} ${ways}`;
    })
    .join("; ");
}

test("proc-sys-net is told as sysctl tells it", () => {
  const [state] = readRetina([
    { path: "proc-sys-net/ipv4/ip_forward", text: "1\n" },
    { path: "proc-sys-net/ipv4/conf/flannel.1/rp_filter", text: "2\n" },
    { path: "proc-sys-net/ipv4/route/flush", text: "" },
  ]);
  expect(state?.text.split("\n")).toEqual([
    "net.ipv4.conf.flannel/1.rp_filter = 2",
    "net.ipv4.ip_forward = 1",
  ]);
});

test.each([
  ["retina-capture-zlx5v-node1-20261121190000UTC.tar.gz", "node1"],
  ["retina-capture-zlx5v-aks-pool-1-vmss000000-20261121190000UTC.pcap", "aks-pool-1-vmss000000"],
  ["mine-node1-20261121190000UTC.pcap", "mine-node1"],
  ["node1.pcap", undefined],
])("%s is of %s", (name, node) => {
  expect(nodeOfRetinaName(name)).toBe(node);
});
