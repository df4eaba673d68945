/** One row per match, its negation and its forms: which rules say yes to a packet. */
import { describe, expect, test } from "vitest";
import type { NodeState } from "#expected/netfilter/node-state.js";
import type { PacketInput } from "#expected/netfilter/packet.js";
import { traverse } from "#expected/netfilter/traverse.js";
import { readIpsetSave } from "#expected/rulesets/ipset-save.js";
import { madeNode, tuple } from "../../support/netfilter.js";

const CLIENT = "203.0.113.7:40000";
const POD = "10.244.1.5:80";

/** From outside to a pod, so that prerouting, forward and postrouting are passed. */
const FORWARDED: PacketInput = {
  tuple: tuple(`tcp ${CLIENT} > ${POD}`),
  arrival: { from: "interface", name: "eth0" },
};
const UDP: PacketInput = { ...FORWARDED, tuple: tuple(`udp ${CLIENT} > ${POD}`) };
const PING: PacketInput = {
  ...FORWARDED,
  tuple: tuple("icmp 203.0.113.7:0 > 10.244.1.5:0"),
  icmp: { type: 8, code: 0 },
};
const IPV6: PacketInput = {
  ...FORWARDED,
  tuple: tuple("tcp [2001:db8:f::7]:40000 > [2001:db8:1::5]:80"),
};
const TO_NODE: PacketInput = { ...FORWARDED, tuple: tuple(`tcp ${CLIENT} > 192.0.2.10:80`) };
/** Of a pod's address, and of the node's own, by the uplink. */
const STRAY: PacketInput = { ...FORWARDED, tuple: tuple("tcp 10.244.1.6:40000 > 10.244.1.5:80") };
const SPOOFED: PacketInput = { ...FORWARDED, tuple: tuple("tcp 192.0.2.10:40000 > 10.244.1.5:80") };
const FROM_POD: PacketInput = {
  tuple: tuple("tcp 10.244.1.6:40000 > 10.244.1.5:80"),
  arrival: { from: "interface", name: "veth1" },
};
const original = FORWARDED.tuple;
const REPLY: PacketInput = {
  tuple: tuple(`tcp ${POD} > ${CLIENT}`),
  arrival: { from: "interface", name: "veth1" },
  tracking: {
    state: "established",
    direction: "reply",
    entry: {
      original: tuple(`tcp ${CLIENT} > 192.0.2.10:8080`),
      reply: tuple(`tcp ${POD} > ${CLIENT}`),
      mark: 0x10,
    },
  },
  tcpFlags: ["SYN", "ACK"],
};
const tracked = (state: "related" | "invalid" | "untracked"): PacketInput => ({
  ...FORWARDED,
  tracking: { state, direction: "original", entry: { original, reply: original, mark: 0 } },
});

/** `yes`: the rule takes the packet; `no`: it is passed over; else why the trace ends as unknown. */
type Row = readonly [rule: string, packet: PacketInput, answer: string];

function answerOf(rule: string, packet: PacketInput, more: Partial<NodeState> = {}): string {
  const node = madeNode(`*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD ${rule} -j DROP\nCOMMIT`, more);
  const [trace] = traverse(node, packet);
  if (trace?.disposition === "unknown") return trace.reason ?? "";
  return trace?.rule ? "yes" : "no";
}

// oxfmt-ignore
const ROWS: readonly Row[] = [
  ["",                                                FORWARDED, "yes"],
  ["-p tcp",                                          FORWARDED, "yes"],
  ["-p tcp",                                          UDP,       "no"],
  ["-p 17",                                           UDP,       "yes"],
  ["! -p tcp",                                        FORWARDED, "no"],
  ["! -p tcp",                                        UDP,       "yes"],
  ["-p all",                                          UDP,       "yes"],
  ["-p ipv6-icmp",                                    PING,      "no"],
  ["-p nosuch",                                       FORWARDED, "-p nosuch is not modelled"],
  ["-s 203.0.113.7/32",                               FORWARDED, "yes"],
  ["-s 203.0.113.7",                                  FORWARDED, "yes"],
  ["-s 203.0.113.0/24",                               FORWARDED, "yes"],
  ["-s 203.0.113.0/255.255.255.0",                    FORWARDED, "yes"],
  ["-s 203.0.113.0/255.0.255.0",                      FORWARDED, "-s 203.0.113.0/255.0.255.0 is not modelled"],
  ["! -s 203.0.113.0/24",                             FORWARDED, "no"],
  ["-s ! 203.0.113.0/24",                             FORWARDED, "no"],
  ["! -s 10.0.0.0/8",                                 FORWARDED, "yes"],
  ["-d 10.244.0.0/16",                                FORWARDED, "yes"],
  ["-d 10.244.1.5/32",                                IPV6,      "no"],
  ["-d 2001:db8:1::/64",                              IPV6,      "yes"],
  ["! -d 2001:db8:1::5/128",                          IPV6,      "no"],
  ["-p tcp -m tcp --dport 80",                        FORWARDED, "yes"],
  ["-p tcp --dport 80",                               FORWARDED, "yes"],
  ["-m tcp -p tcp -d 10.244.1.5 --dport 80",          FORWARDED, "yes"],
  ["-p tcp -m tcp --dport 81",                        FORWARDED, "no"],
  ["-p tcp -m tcp ! --dport 80",                      FORWARDED, "no"],
  ["-p tcp -m tcp ! --dport 81",                      FORWARDED, "yes"],
  ["-p tcp -m tcp --dport 79:81",                     FORWARDED, "yes"],
  ["-p tcp -m tcp --dport :79",                       FORWARDED, "no"],
  ["-p tcp -m tcp --sport 1024:65535",                FORWARDED, "yes"],
  ["-p tcp -m tcp --sport 1024:",                     FORWARDED, "yes"],
  ["-p udp -m udp --dport 80",                        FORWARDED, "no"],
  ["-p tcp -m tcp --dport http",                      FORWARDED, "-m tcp --dport http is not modelled"],
  ["-p tcp -m multiport --dports 22,80,443",          FORWARDED, "yes"],
  ["-p tcp -m multiport --dports 22,8000:9000",       FORWARDED, "no"],
  ["-p tcp -m multiport ! --dports 22,8000:9000",     FORWARDED, "yes"],
  ["-p tcp -m multiport --sports 30000:50000",        FORWARDED, "yes"],
  ["-p tcp -m multiport --ports 80",                  FORWARDED, "yes"],
  ["-p tcp -m multiport --ports 81",                  FORWARDED, "no"],
  ["-i eth0",                                         FORWARDED, "yes"],
  ["! -i eth0",                                       FORWARDED, "no"],
  ["-i eth+",                                         FORWARDED, "yes"],
  ["-i +",                                            FORWARDED, "yes"],
  ["-o cni0",                                         FORWARDED, "yes"],
  ["! -o cni0",                                       FORWARDED, "no"],
  ["-o cni0 ! -i cni+",                               FORWARDED, "yes"],
  ["-i cni0",                                         FROM_POD,  "yes"],
  ["-i veth1",                                        FROM_POD,  "no"],
  ["-f",                                              FORWARDED, "no"],
  ["! -f",                                            FORWARDED, "yes"],
  ["-m addrtype --dst-type LOCAL",                    FORWARDED, "no"],
  ["-m addrtype ! --dst-type LOCAL",                  FORWARDED, "yes"],
  ["-m addrtype --src-type UNICAST --dst-type UNICAST", FORWARDED, "yes"],
  ["-m addrtype --dst-type BROADCAST,MULTICAST",      FORWARDED, "no"],
  ["-m addrtype --dst-type UNICAST --limit-iface-out", FORWARDED, "yes"],
  ["-m addrtype --src-type BLACKHOLE",                FORWARDED, "-m addrtype --src-type BLACKHOLE is not modelled"],
  ["-m mark --mark 0x0/0x4000",                       FORWARDED, "yes"],
  ["-m mark --mark 0x4000/0x4000",                    FORWARDED, "no"],
  ["-m mark ! --mark 0x4000/0x4000",                  FORWARDED, "yes"],
  ["-m mark --mark zero",                             FORWARDED, "-m mark --mark zero is not modelled"],
  ["-m connmark --mark 0x10/0xf0",                    REPLY,     "yes"],
  ["-m connmark ! --mark 0x10",                       REPLY,     "no"],
  ["-m conntrack --ctstate NEW",                      FORWARDED, "yes"],
  ["-m conntrack --ctstate RELATED,ESTABLISHED",      FORWARDED, "no"],
  ["-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT", FORWARDED, "yes"],
  ["-m conntrack --ctstate RELATED,ESTABLISHED",      REPLY,     "yes"],
  ["-m conntrack --ctstate DNAT",                     REPLY,     "yes"],
  ["-m conntrack --ctstate SNAT",                     REPLY,     "no"],
  ["-m conntrack --ctstate RELATED",                  tracked("related"),   "yes"],
  ["-m conntrack --ctstate INVALID",                  tracked("invalid"),   "yes"],
  ["-m conntrack --ctstate INVALID",                  FORWARDED, "no"],
  ["-m conntrack --ctstate UNTRACKED",                tracked("untracked"), "yes"],
  ["-m conntrack --ctstate STRANGE",                  FORWARDED, "-m conntrack --ctstate STRANGE is not modelled"],
  ["-m state --state NEW",                            FORWARDED, "yes"],
  ["-m state --state ESTABLISHED",                    REPLY,     "yes"],
  ["-m conntrack --ctorigdst 192.0.2.10/32",          REPLY,     "yes"],
  ["-m conntrack ! --ctorigdst 192.0.2.10/32",        REPLY,     "no"],
  ["-m conntrack --ctorigdst 192.0.2.10/32 --ctorigdstport 8080", REPLY, "yes"],
  ["-m conntrack --ctorigsrc 203.0.113.0/24",         REPLY,     "yes"],
  ["-m conntrack --ctreplsrc 10.244.1.5",             REPLY,     "yes"],
  ["-m conntrack --ctrepldst 10.244.1.5",             REPLY,     "no"],
  ["-m conntrack --ctdir REPLY",                      REPLY,     "yes"],
  ["-m conntrack --ctdir ORIGINAL",                   REPLY,     "no"],
  ["-m conntrack --ctproto 6",                        REPLY,     "yes"],
  ["-m conntrack --ctorigdst 192.0.2.10",             tracked("untracked"), "no"],
  ["-m conntrack --ctstatus ASSURED",                 FORWARDED, "-m conntrack --ctstatus ASSURED is not modelled"],
  ["-m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-A --mask 255.255.255.255 --rsource", FORWARDED, "no"],
  ["-m recent ! --rcheck --name X --rsource",         FORWARDED, "yes"],
  ["-m recent --set --name KUBE-SEP-A --rsource",     FORWARDED, "yes"],
  ["-m recent --set --name X --rdest",                FORWARDED, "-m recent --set --name X --rdest is not modelled"],
  ["-m comment --comment \"a \\\"b\\\" -j ACCEPT\"",  FORWARDED, "yes"],
  ["-m comment --comment kubernetes service portals", FORWARDED, "yes"],
  ["-m comment --comment \"-- dashes\" -p udp",       FORWARDED, "no"],
  ["-m physdev --physdev-is-in",                      FROM_POD,  "yes"],
  ["-m physdev --physdev-in veth+",                   FROM_POD,  "yes"],
  ["-m physdev --physdev-in veth2",                   FROM_POD,  "no"],
  ["-m physdev ! --physdev-is-in",                    FORWARDED, "yes"],
  ["-m physdev --physdev-is-bridged",                 FORWARDED, "no"],
  ["-m physdev --physdev-is-bridged",                 FROM_POD,  "the bridge port it leaves by is not modelled"],
  ["-p icmp -m icmp --icmp-type 8",                   PING,      "yes"],
  ["-p icmp -m icmp --icmp-type 8/0",                 PING,      "yes"],
  ["-p icmp -m icmp --icmp-type 3/4",                 PING,      "no"],
  ["-p icmp -m icmp --icmp-type any",                 PING,      "yes"],
  ["-p icmp -m icmp ! --icmp-type echo-request",      PING,      "no"],
  ["-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN",   FORWARDED, "yes"],
  ["-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN", FORWARDED, "no"],
  ["-p tcp -m tcp --syn",                             REPLY,     "no"],
  ["-p tcp -m tcp --tcp-flags ALL NONE",              FORWARDED, "no"],
  ["-m length --length 500:65535",                    FORWARDED, "no"],
  ["-m length --length 40:120",                       FORWARDED, "yes"],
  ["-m length ! --length 0:200",                      FORWARDED, "no"],
  ["-m length --length 60",                           FORWARDED, "the length of the packet is not given"],
  ["-m length --length 500:65535",                    UDP,       "the length of the packet is not given"],
  ["-m length --length 0:65535",                      UDP,       "yes"],
  ["-m length --length 500:65535",                    { ...UDP, lengthBytes: 1200 }, "yes"],
  ["-m owner --uid-owner 1337",                       FORWARDED, "-m owner --uid-owner 1337 is not modelled"],
  ["-m socket",                                       FORWARDED, "-m socket is not modelled"],
  ["-m tcp -p tcp",                                   FORWARDED, "yes"],
  ["-m mark -s 203.0.113.7 --mark 0x0",               FORWARDED, "yes"],
  ["-m recent --set --name A -m recent --rcheck --name B", FORWARDED, "no"],
  // What is not modelled does not matter where another match says no already, or after it.
  ["-p udp -m owner --uid-owner 1337",                FORWARDED, "no"],
  ["-m owner --uid-owner 1337 -d 10.9.9.9/32",        FORWARDED, "no"],
  ["-m limit --limit 5/min",                          FORWARDED, "-m limit --limit 5/min is not modelled"],
  ["-m hashlimit --hashlimit-upto 10/sec --hashlimit-name x -p udp", FORWARDED, "no"],
];

describe("a match", () => {
  test.each(ROWS)("%s", (rule, packet, answer) => {
    expect(answerOf(rule, packet)).toBe(answer);
  });

  // oxfmt-ignore
  test.each([
    ["-A INPUT -m addrtype --dst-type LOCAL -j DROP",                   "dropped"],
    ["-A INPUT -m addrtype --dst-type LOCAL --limit-iface-in -j DROP",  "dropped"],
    ["-A INPUT -m addrtype --src-type LOCAL -j DROP",                   "delivered-locally"],
  ])("of addresses is answered by what the interfaces hold: %s", (rule, disposition) => {
    expect(traverse(madeNode(`*mangle\n${rule}\nCOMMIT`), TO_NODE)[0]?.disposition).toBe(disposition);
  });

  // oxfmt-ignore
  test.each([
    ["-A PREROUTING -o eth0 -j DROP",    "forwarded"],
    ["-A PREROUTING ! -o eth0 -j DROP",  "dropped"],
    ["-A POSTROUTING -i eth0 -j DROP",   "unknown"],
  ])("of an interface that a hook does not know is answered no: %s", (rule, disposition) => {
    expect(traverse(madeNode(`*mangle\n${rule}\nCOMMIT`), FORWARDED)[0]?.disposition).toBe(disposition);
  });

  // oxfmt-ignore
  test.each([
    ["-m rpfilter",                                FORWARDED, "dropped"],
    ["-m rpfilter",                                STRAY,     "forwarded"],
    ["-m rpfilter --validmark --invert",           FORWARDED, "forwarded"],
    ["-m rpfilter --validmark --invert",           STRAY,     "dropped"],
    ["-m rpfilter --invert --loose",               STRAY,     "forwarded"],
    ["-m rpfilter --invert",                       SPOOFED,   "dropped"],
    ["-m rpfilter --invert --strange",             STRAY,     "unknown"],
  ])("of the reverse path is answered by routes: %s", (rule, packet, disposition) => {
    const node = madeNode(`*raw\n-A PREROUTING ${rule} -j DROP\nCOMMIT`);
    expect(traverse(node, packet)[0]?.disposition).toBe(disposition);
  });

  test("of recent sources rests on an assumption, which is told", () => {
    const rule = "-A FORWARD -m recent --rcheck --name KUBE-SEP-A --rsource -j DROP";
    const [trace] = traverse(madeNode(`*filter\n${rule}\nCOMMIT`), FORWARDED);
    expect(trace?.assumptions).toEqual([
      "203.0.113.7 has no recent connection in the list KUBE-SEP-A",
    ]);
  });

  test("that another match of the rule settles assumes nothing", () => {
    const rule = "-A FORWARD -m recent --rcheck --name KUBE-SEP-A --rsource -p udp -j DROP";
    const [trace] = traverse(madeNode(`*filter\n${rule}\nCOMMIT`), FORWARDED);
    expect(trace?.assumptions).toEqual([]);
  });
});

describe("a set", () => {
  const sets = readIpsetSave(
    [
      "create clients hash:net family inet hashsize 1024 maxelem 65536",
      "add clients 203.0.113.0/24",
      "add clients 203.0.113.128/25 nomatch",
      "create services hash:ip,port family inet hashsize 1024 maxelem 65536",
      "add services 10.244.1.5,tcp:80",
      "add services 10.244.1.5,udp:53 timeout 0",
      "create ports bitmap:port range 0-65535",
      "add ports 80-81",
      "create loops hash:ip,port,ip family inet",
      "add loops 10.244.1.5,tcp:80,203.0.113.7",
      "create others list:set size 8",
      "add others clients",
    ].join("\n"),
  );
  const FAR = { ...FORWARDED, tuple: tuple(`tcp 203.0.113.200:40000 > ${POD}`) };

  // oxfmt-ignore
  const rows: readonly Row[] = [
    ["-m set --match-set clients src",           FORWARDED, "yes"],
    ["-m set ! --match-set clients src",         FORWARDED, "no"],
    ["-m set --match-set clients dst",           FORWARDED, "no"],
    ["-m set --match-set clients src",           FAR,       "no"],
    ["-m set --match-set services dst,dst",      FORWARDED, "yes"],
    ["-m set --match-set services dst,dst",      UDP,       "no"],
    ["-m set --match-set services src,dst",      FORWARDED, "no"],
    ["-m set --match-set services dst",          FORWARDED, "set services is of a type that is not modelled"],
    ["-m set --match-set ports dst",             FORWARDED, "yes"],
    ["-m set --match-set ports dst",             UDP,       "yes"],
    ["-m set --match-set ports src",             FORWARDED, "no"],
    ["-m set --match-set loops dst,dst,src",     FORWARDED, "yes"],
    ["-m set --match-set others src",            FORWARDED, "set others is of a type that is not modelled"],
    ["-m set --match-set absent src",            FORWARDED, "the members of set absent are not given"],
    ["-m set --match-set absent src -p udp",     FORWARDED, "no"],
  ];
  test.each(rows)("%s", (rule, packet, answer) => {
    expect(answerOf(rule, packet, { sets })).toBe(answer);
  });
});
