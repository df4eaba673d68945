/** Which file of a folder is which node's, whatever collected them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stateFiles } from "../../src/cli/state-files.js";

const EC2 = "ip-10-0-0-1.ec2.internal";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pcapcheck-state-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: readonly string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), "");
  }
}

// prettier-ignore
test.each([
  { files: ["node1.iptables-save.txt", "node1.ip-addr.json"],     are: { node1: ["ip-addr.json", "iptables-save.txt"] } },
  { files: ["iptables-save.txt", "conntrack.txt"],                are: { "": ["conntrack.txt", "iptables-save.txt"] } },
  { files: ["node1/iptables-save.txt", "node2/sysctl.txt"],       are: { node1: ["iptables-save.txt"], node2: ["sysctl.txt"] } },
  { files: [`${EC2}/ip-addr.json`, `${EC2}.ip-route.json`],       are: { [EC2]: ["ip-addr.json", "ip-route.json"] } },
  { files: [`${EC2}.ip-6-route.json`, `${EC2}-conntrack.txt`],    are: { [EC2]: ["conntrack.txt", "ip-6-route.json"] } },
  { files: ["node-1-iptables-save.txt", "node-1_ip-addr.json"],   are: { "node-1": ["ip-addr.json", "iptables-save.txt"] } },
  { files: ["iptables-save-node1.txt", "ip-addr_node1.json"],     are: { node1: ["ip-addr.json", "iptables-save.txt"] } },
  { files: [`ip-6-route-${EC2}.json`, `ip6tables-save-${EC2}.txt`], are: { [EC2]: ["ip-6-route.json", "ip6tables-save.txt"] } },
  { files: ["node1/node1.iptables-save.txt"],                     are: { node1: ["iptables-save.txt"] } },
  { files: ["pod-web.iptables-save.txt", "pod-web/ip-addr.json"], are: { "pod-web": ["ip-addr.json", "iptables-save.txt"] } },
  // What was put away in a folder of its own is not asked for, and other files are nobody's.
  { files: ["node1.conntrack.txt", "before/node1.conntrack.txt"], are: { node1: ["conntrack.txt"] } },
  { files: ["node1.eth0.pcap", "README.md", "topology.yaml", "iptables-save.txt.bak"], are: {} },
  // A node may be called like a file: the documented form counts.
  { files: ["ip-route-53.ip-addr.json"],                          are: { "ip-route-53": ["ip-addr.json"] } },
  { files: ["conntrack-events.txt", "node1.conntrack-events.txt"], are: { "": ["conntrack-events.txt"], node1: ["conntrack-events.txt"] } },
])("$files", ({ files, are }) => {
  write(files);
  const found = [...stateFiles(folder)].map(([node, kinds]) => [node, [...kinds.keys()].sort()]);
  expect(Object.fromEntries(found)).toEqual(are);
});

test("the path is the file's own", () => {
  write(["node1/iptables-save.txt", "sysctl-node1.txt"]);
  const files = stateFiles(folder).get("node1");
  expect(files?.get("iptables-save.txt")?.file).toBe(join(folder, "node1/iptables-save.txt"));
  expect(files?.get("sysctl.txt")?.file).toBe(join(folder, "sysctl-node1.txt"));
});

// prettier-ignore
test.each([
  { files: ["sysctl-a-sysctl.txt"],                                says: ["its name can be read in several ways", "a's sysctl.txt\n", "sysctl-a's sysctl.txt", "try       call it "] },
  { files: ["node1.sysctl.txt", "node1/sysctl.txt"],               says: ["two files are sysctl.txt of node1", "/node1.sysctl.txt", "/node1/sysctl.txt"] },
  { files: ["node1/sysctl.txt", "node1/iptables-save-node2.txt"],  says: ["the folder says node node1, the file node2"] },
])("$files is refused", ({ files, says }) => {
  write(files);
  for (const part of says) expect(() => stateFiles(folder)).toThrow(part);
});
