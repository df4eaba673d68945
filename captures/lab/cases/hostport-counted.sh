title="hostPort, with the rules' counters before and after"
source "$LAB_DIR/counters.sh"

story() {
  cat <<'STORY'
The client asks 10.20.32.204:9000 twelve times and p2a three times, one request after the other. `before/NODE.iptables-save.txt` was saved before the
first of them, `NODE.iptables-save.txt` after the last and the second control: what a rule counted in between is the difference.

| source port | who asks | what | pod sees |
| --- | --- | --- | --- |
| 41001 to 41012 | client | 10.20.32.204:9000 | 198.51.100.79 |
| 41101 to 41103 | p2a | 10.20.32.204:9000 | 10.20.32.205, random port |

A checker must find: 15 more packets (first ones of connections) at node1's rule for the hostPort and its DNAT, 3 at node2's masquerade, and nothing
that the captures do not account for.
STORY
}
