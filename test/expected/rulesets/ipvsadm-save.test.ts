/** What `ipvsadm -Sn` prints. */
import { describe, expect, test } from "vitest";
import type { VirtualServer } from "#expected/netfilter/virtual-server.js";
import { readIpvsadmSave } from "#expected/rulesets/ipvsadm-save.js";

const read = (...lines: readonly string[]) =>
  readIpvsadmSave({ file: "ipvsadm.txt", text: `${lines.join("\n")}\n` });

const VIP = "-A -t 10.96.0.1:443 -s rr";
const only = (...lines: readonly string[]): Partial<VirtualServer> | undefined =>
  read(...lines).servers[0];

describe("a virtual server", () => {
  // oxfmt-ignore
  test.each([
    { line: VIP,                                     says: { takes: { by: "address", protocol: "tcp", address: "10.96.0.1", port: 443 }, scheduler: "rr", persistenceSeconds: undefined } },
    { line: "-A -u 10.96.0.10:53 -s wrr",            says: { takes: { by: "address", protocol: "udp", address: "10.96.0.10", port: 53 }, scheduler: "wrr" } },
    { line: "-A --sctp-service 10.96.0.9:36412 -s lc", says: { takes: { by: "address", protocol: "sctp", address: "10.96.0.9", port: 36412 }, scheduler: "lc" } },
    { line: "-A -t [2001:db8::1]:443 -s sh",         says: { takes: { by: "address", protocol: "tcp", address: "2001:db8::1", port: 443 }, scheduler: "sh" } },
    { line: "-A -f 1 -s rr",                         says: { takes: { by: "mark", mark: 1, family: "ipv4" } } },
    { line: "-A -f 0x10 -6 -s rr",                   says: { takes: { by: "mark", mark: 16, family: "ipv6" } } },
    { line: `${VIP} -p 10800`,                       says: { persistenceSeconds: 10_800, unmodelled: undefined } },
    { line: `${VIP} -p 360 -M 255.255.255.0`,        says: { persistenceSeconds: 360, unmodelled: undefined } },
    { line: `${VIP} -p`,                             says: { persistenceSeconds: 300 } },
    { line: "-A -t 10.96.0.1:443",                   says: { scheduler: "wlc" } },
    { line: "-A -t 10.96.0.1:443 -s sh -b sh-port",  says: { scheduler: "sh", unmodelled: undefined } },
    { line: "--add-service --tcp-service=10.96.0.1:443 --scheduler=rr", says: { takes: { by: "address", protocol: "tcp", address: "10.96.0.1", port: 443 }, scheduler: "rr" } },
    { line: `${VIP} -o`,                             says: { unmodelled: { line: 1, what: "-o" } } },
    { line: `${VIP} --pe sip`,                       says: { unmodelled: { line: 1, what: "--pe" } } },
    { line: `${VIP} -p soon`,                        says: { unmodelled: { line: 1, what: "-p" } } },
  ])("$line", ({ line, says }) => {
    expect(only(line)).toMatchObject({ file: "ipvsadm.txt", line: 1, text: line, ...says });
    expect(read(line).notes).toEqual([]);
  });
});

describe("a real server", () => {
  // oxfmt-ignore
  test.each([
    { options: "-r 10.244.1.5:8443 -m -w 1",          says: { address: "10.244.1.5", port: 8443, forwarding: "masquerade", weight: 1 } },
    { options: "-r 10.244.1.5:8443 -m -w 0",          says: { forwarding: "masquerade", weight: 0 } },
    { options: "-r 10.244.1.5:8443 -m",               says: { weight: 1 } },
    { options: "-r 10.244.1.5 -m -w 1",               says: { address: "10.244.1.5", port: 0 } },
    { options: "-r 10.244.1.5:443 -g -w 1",           says: { forwarding: "direct" } },
    { options: "-r 10.244.1.5:443 -w 1",              says: { forwarding: "direct" } },
    { options: "-r 10.244.1.5:443 -i -w 1",           says: { forwarding: "tunnel" } },
    { options: "-r [2001:db8:1::5]:8443 -m -w 100",   says: { address: "2001:db8:1::5", port: 8443, weight: 100 } },
  ])("$options", ({ options, says }) => {
    const server = only(VIP, `-a -t 10.96.0.1:443 ${options}`);
    expect(server?.realServers).toMatchObject([{ line: 2, ...says }]);
    expect(server?.unmodelled).toBeUndefined();
  });

  // oxfmt-ignore
  test.each([
    { options: "-r web:8443 -m -w 1",                 what: "its real server" },
    { options: "-r 10.244.1.5:99999 -m -w 1",         what: "its real server" },
    { options: "-r 10.244.1.5:8443 -m -w 1 -x 100",   what: "-x" },
    { options: "-r 10.244.1.5:8443 -i -w 1 --tun-type gue", what: "--tun-type" },
  ])("$options leaves the virtual server unmodelled", ({ options, what }) => {
    const server = only(VIP, "", `-a -t 10.96.0.1:443 ${options}`);
    expect(server?.unmodelled).toEqual({ line: 3, what });
  });

  test("belongs to the virtual server of its own protocol and port", () => {
    const { servers } = read(
      VIP,
      "-A -u 10.96.0.1:443 -s rr",
      "-a -u 10.96.0.1:443 -r 10.244.1.6:53 -m -w 1",
      "-a -t 10.96.0.1:443 -r 10.244.1.5:53 -m -w 1",
    );
    const addresses = servers.map(({ realServers }) => realServers.map(({ address }) => address));
    expect(addresses).toEqual([["10.244.1.5"], ["10.244.1.6"]]);
  });
});

// oxfmt-ignore
test.each([
  { line: "-A -t kubernetes:https -s rr",                   why: "no virtual server that is understood; ipvsadm -Sn writes numbers" },
  { line: "IP Virtual Server version 1.2.1 (size=4096)",    why: "no virtual server that is understood; ipvsadm -Sn writes numbers" },
  { line: "-a -t 10.96.0.2:443 -r 10.244.1.5:8443 -m -w 1", why: "a real server without its virtual server" },
  { line: "-E -t 10.96.0.1:443 -s wrr",                     why: "-E is not understood" },
])("$line is noted with its line", ({ line, why }) => {
  const { servers, notes } = read("# saved", VIP, line);
  expect(notes).toEqual([`ipvsadm.txt:3: ${why}`]);
  expect(servers).toHaveLength(1);
});
