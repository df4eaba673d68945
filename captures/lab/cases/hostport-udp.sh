title="UDP hostPort from an external client"
HOST_PORTS='[{"hostPort":9999,"containerPort":9999,"protocol":"udp"}]'
start_servers() { serve_udp p1a 9999; }
control() { datagrams node1 "$1" "$(pod_address p1a):9999" 10.233.1.1 control; }

story() {
  cat <<'STORY'
The client sends three datagrams from port 42001 and two from port 42002 to 10.20.32.204:9999; p1a echoes each. node1
translates the destination to 10.233.1.2:9999 and leaves the source alone; the answers come from 10.20.32.204:9999. The
control here is one datagram from node1 to 10.233.1.2:9999 before and one after.
STORY
}

traffic() {
  datagrams client 42001 10.20.32.204:9999 198.51.100.79 one two three
  gap
  datagrams client 42002 10.20.32.204:9999 198.51.100.79 four five
}
