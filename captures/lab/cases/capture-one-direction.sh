title="hostPort from an external client; captures of one direction"
any_sll=

story() {
  cat <<'STORY'
As hostport-external, five connections (41001 to 41005). What people's filters leave: node1.eth0 was taken with `tcpdump -Q in`, pod-p1a.eth0 with the
filter `dst port 8080`, node1.veth-p1a with `src port 8080`. Answers are missing at the first two and requests at the third, because nobody captured
them.

A checker must find: five healthy connections, or that it cannot tell; nothing lost.
STORY
}

control_note() {
  echo "Control: one request from node1 itself straight to the pod before the client's and one after, from source ports 40001" \
    "and 40002. No other point was captured."
}

start_captures() {
  capture node1.eth0 node1 eth0 -Q in
  capture pod-p1a.eth0 p1a eth0 dst port 8080
  capture node1.veth-p1a node1 "${POD_VETH[p1a]}" src port 8080
  wait_for_captures
}

traffic() {
  local port
  for port in {41001..41005}; do http client "$port" 10.20.32.204:9000 198.51.100.79; done
}
