/** What a node's files are called without the node's name. To add one: its line here. */
export const STATE_KINDS = [
  "iptables-save.txt",
  "ip6tables-save.txt",
  "ip-addr.json",
  "ip-route.json",
  "ip-6-route.json",
  "sysctl.txt",
  "ipset-save.txt",
  "ipvsadm.txt",
  "conntrack.txt",
  "conntrack-events.txt",
] as const;
export type StateKind = (typeof STATE_KINDS)[number];
