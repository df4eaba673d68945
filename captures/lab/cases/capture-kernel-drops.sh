title="hostPort from an external client; the pod's capture lost packets"
any_sll=

story() {
  cat <<STORY
The client asks 10.20.32.204:9000 thirty times (41001 to 41030). pod-p1a.eth0.pcapng was taken by dumpcap with a buffer of 1 MiB, and dumpcap got no
processor for a while (SIGSTOP): the kernel dropped what the buffer had no room for. The file's interface statistics say how many, $dropped; all other
captures dropped none.

A checker must find: thirty healthy connections, or that it cannot tell; nothing lost on the way, as the capture says itself that it lost packets.
STORY
}

control_note() {
  echo "Control: one request from node1 itself straight to the pod before the client's and one after, from source ports 40001" \
    "and 40002. No other point was captured."
}

start_captures() {
  capture client.eth0 client eth0
  capture node1.eth0 node1 eth0
  wait_for_captures
}

traffic() {
  local port pid
  ip netns exec "$LAB-p1a" dumpcap -B 1 -i eth0 -w "$RECORDED/pod-p1a.eth0.pcapng" 2>"$WORK/dropping.err" &
  pid=$!
  BACKGROUND+=("$pid")
  until grep -qs '^File: ' "$WORK/dropping.err"; do sleep 0.05; done
  sleep 0.3
  for port in {41001..41003}; do http client "$port" 10.20.32.204:9000 198.51.100.79; done
  kill -STOP "$pid"
  for port in {41004..41027}; do
    http client "$port" 10.20.32.204:9000 198.51.100.79
    sleep 0.25
  done
  kill -CONT "$pid"
  gap
  for port in {41028..41030}; do http client "$port" 10.20.32.204:9000 198.51.100.79; done
  settle
  kill -INT "$pid"
  wait "$pid" || true
  dropped=$(sed -n 's|.*received/dropped on interface.*: [0-9]*/\([0-9]*\) .*|\1|p' "$WORK/dropping.err")
  if ((${dropped:-0} == 0)); then
    cat "$WORK/dropping.err" >&2
    expect "packets dropped by the kernel" some 0
  fi
}
