import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { golden } from "./golden.js";

const CASE = "captures/hostport-external";
const INSIDE = `${CASE}/svc_host_port.pcap`;
const bytes = readFileSync(INSIDE);

golden({ name: "flows-directory", command: `flows ${CASE}` });
golden({
  name: "flows-points",
  command: `flows node1/eth0=${CASE}/node1.eth0.pcap pod:p1a=${INSIDE}`,
});
golden({
  name: "flows-join",
  command: `flows --join node1/eth0=${CASE}/node1.eth0.pcap pod:p1a=${INSIDE}`,
});
golden({ name: "flows-wide", command: `flows ${CASE}/node1.multi.pcapng -o wide` });
golden({ name: "flows-json", command: `flows ${INSIDE} -o json` });
golden({ name: "flows-jsonl", command: `flows ${INSIDE} ${CASE}/node1.lo.pcap -o jsonl` });

golden({
  name: "flows-terminal-80",
  command: `flows ${CASE}/node1.any-sll.pcap captures/broken-no-dnat/node1.eth0.pcap`,
  world: { terminal: 80 },
});
golden({
  name: "flows-terminal-200",
  command: `flows ${CASE}/node1.any-sll.pcap captures/broken-no-dnat/node1.eth0.pcap`,
  world: { terminal: 200 },
});
golden({
  name: "flows-no-color",
  before: "NO_COLOR=1 ",
  command: "flows captures/broken-no-dnat/node1.eth0.pcap",
  world: { terminal: 140, env: { NO_COLOR: "1" } },
});

golden({
  name: "flows-stdin",
  before: `cat ${INSIDE} | `,
  command: "flows -",
  world: { stdin: bytes },
});
golden({
  name: "flows-stdin-gzip",
  before: `gzip -c ${INSIDE} | `,
  command: "flows pod:p1a=-",
  world: { stdin: gzipSync(bytes) },
});
golden({
  name: "flows-cut",
  before: `head -c 1000 ${INSIDE} | `,
  command: "flows -",
  world: { stdin: bytes.subarray(0, 1000) },
});
golden({ name: "flows-empty", command: `flows ${CASE}/node1.lo.pcap` });
golden({
  name: "flows-some-unreadable",
  command: `flows ${CASE}/README.md missing.pcap ${INSIDE}`,
});
golden({ name: "flows-none-readable", command: "flows missing.pcap test/fixtures/ipvs-node" });
golden({ name: "flows-unanswered", command: "flows captures/broken-forward-drop/node1.eth0.pcap" });
golden({
  name: "flows-tunnel",
  command: "flows captures/pod-to-pod-other-node/node1.eth0.pcap",
  world: { terminal: 150, env: { NO_COLOR: "1" } },
});
golden({
  name: "flows-same-names",
  command: "flows captures/broken-no-dnat/node1.eth0.pcap captures/hostport-udp/node1.eth0.pcap",
});
golden({ name: "flows-help", command: "flows --help" });
golden({ name: "help", command: "--help" });
golden({ name: "scenarios", command: "scenarios" });
