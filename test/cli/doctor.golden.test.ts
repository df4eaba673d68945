import { golden } from "./golden.js";

const CASE = "captures/hostport-external";

golden({ name: "doctor-terminal-80", command: `doctor ${CASE}`, world: { terminal: 80 } });
golden({ name: "doctor-terminal-200", command: `doctor ${CASE}`, world: { terminal: 200 } });
golden({ name: "doctor-one", command: `doctor ${CASE}/node1.eth0.pcap` });
golden({ name: "doctor-empty", command: `doctor ${CASE}/node1.lo.pcap` });
golden({
  name: "doctor-apart",
  command: `doctor ${CASE}/node1.eth0.pcap pod:p1a=captures/broken-no-dnat/pod-p1a.eth0.pcap`,
});
golden({ name: "doctor-json", command: `doctor ${CASE}/node1.cni0.pcap -o json` });
golden({ name: "doctor-help", command: "doctor --help" });
golden({ name: "doctor-unreadable", command: `doctor ${CASE}/README.md` });
