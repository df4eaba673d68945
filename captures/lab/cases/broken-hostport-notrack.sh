title="hostPort, broken: a rule exempts it from connection tracking"
source "$LAB_DIR/counters.sh"
client_outcome=refused
pod_outcome=refused

break_it() {
  on node1 iptables -t raw -I PREROUTING -p tcp --dport 9000 -j NOTRACK
}

story() {
  cat <<'STORY'
As hostport-counted, after `iptables -t raw -I PREROUTING -p tcp --dport 9000 -j NOTRACK` on node1: what conntrack does not follow is not translated,
so node1 itself refuses it. The hostPort's rules are all there, and count nothing; the rule that counts is the one in the table raw.

| source port | who asks | what | outcome |
| --- | --- | --- | --- |
| 41001 to 41012 | client | 10.20.32.204:9000 | RST from node1 |
| 41101 to 41103 | p2a | 10.20.32.204:9000 | RST from node1 |

A checker must find: nothing translated, 15 more packets at the NOTRACK rule of node1, none at its rule for the hostPort.
STORY
}
