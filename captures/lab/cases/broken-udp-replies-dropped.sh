title="UDP hostPort from an external client, broken: a rule in FORWARD drops the replies"
HOST_PORTS='[{"hostPort":9999,"containerPort":9999,"protocol":"udp"}]'
start_servers() { serve_udp p1a 9999; }
control() { datagrams node1 "$1" "$(pod_address p1a):9999" 10.233.1.1 control; }

# Stateless, and with too few of the clients' ports.
break_it() {
  on node1 iptables -I FORWARD -i cni0 -o eth0 -p udp --dport 42002:65535 -j DROP
}

story() {
  cat <<'STORY'
As hostport-udp, after `iptables -I FORWARD -i cni0 -o eth0 -p udp --dport 42002:65535 -j DROP` on node1, a filter without
conntrack that lets only some of the clients' ports through. Datagrams from source port 42000 are answered, three from 42002 are
not, and two from 42001 are again. Each of the three reaches p1a with its source, p1a answers each, and cni0 shows the answers;
node1's eth0 does not, though it shows those of the flows before and after, so no filter of that capture hides them.
STORY
}

traffic() {
  datagrams client 42000 10.20.32.204:9999 198.51.100.79 one two
  gap
  datagrams client 42002 10.20.32.204:9999 silence three four five
  gap
  datagrams client 42001 10.20.32.204:9999 198.51.100.79 six seven
}
