title="hostPort from an external client; the pod's capture starts late"
any_sll=

story() {
  cat <<'STORY'
The client asks 10.20.32.204:9000 twice, as in hostport-external, and holds a third connection open (41003) over both. Only client.eth0, node1.eth0 and
pod-p1a.eth0 are captured, and the pod's capture starts when 41001 is over and 41003 is open: it shows 41002 whole, 41003 from the middle and 41001 not at
all, which says nothing of 41001.

| source port | who asks | in pod-p1a.eth0.pcap |
| --- | --- | --- |
| 41001 | client | not: it began too late |
| 41002 | client | whole |
| 41003 | client | its second half |

A checker must find: three healthy connections, or that it cannot tell; nothing lost.
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
  hold_open &
  local held=$!
  gap
  http client 41001 10.20.32.204:9000 198.51.100.79
  gap
  capture pod-p1a.eth0 p1a eth0
  wait_for_captures
  http client 41002 10.20.32.204:9000 198.51.100.79
  gap
  wait "$held"
}

# The request's last line comes two seconds after the others.
hold_open() {
  local answer
  answer=$({ printf 'GET / HTTP/1.1\r\nHost: web\r\n'; sleep 2; printf '\r\n'; } |
    on client socat -t 2 - TCP4:10.20.32.204:9000,sourceport=41003 | grep -o '198.*')
  expect "client:41003" 198.51.100.79 "$answer"
}
