/** The commands that save a node's state, under the names by which `verify` knows them. */

export interface SavedState {
  /** Behind the node's name. */
  readonly file: string;
  readonly command: string;
  /** Before the captures too: what rules counted is the difference. */
  readonly isCounted?: true;
}

/** To add one: its line here. */
export const NODE_STATE: readonly SavedState[] = [
  { file: "iptables-save.txt", command: "iptables-save -c", isCounted: true },
  { file: "ip6tables-save.txt", command: "ip6tables-save -c", isCounted: true },
  // Entries of closed connections stay for two minutes at most, so before what does not change.
  { file: "conntrack.txt", command: "conntrack -L -o extended" },
  { file: "ip-addr.json", command: "ip -j addr" },
  { file: "ip-route.json", command: "ip -j route show table all" },
  { file: "ip-6-route.json", command: "ip -6 -j route show table all" },
  // What is not of the network is nobody's business.
  { file: "sysctl.txt", command: "sysctl -a -r '^net[.](ip|br|netf)'" },
  { file: "ipset-save.txt", command: "ipset save" },
  { file: "ipvsadm.txt", command: "ipvsadm -Sn" },
];

/** While the captures run. */
export const NODE_EVENTS: SavedState = {
  file: "conntrack-events.txt",
  command: "conntrack -E -o timestamp,extended,id",
};
