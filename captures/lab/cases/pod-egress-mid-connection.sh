title="a pod's own download, captured from the middle"

story() {
  cat <<'STORY'
p1a reads a stream from a server outside, 198.51.100.79:443 (the pod's port is 45000), since before any capture starts; nobody
dials the hostPort. No capture shows the handshake, and the first packet is from the server: it looks as if 198.51.100.79:443 were
a client of 10.233.1.2:45000. At node1's eth0 the pod is 10.20.32.204 with a random port (flannel's masquerade).

`download.pcap` is tcpdump on the pod's eth0 without a filter, started after the first control request and stopped before the last,
so the download is all it shows.
STORY
}

start_servers() {
  serve_http p1a 8080
  send_stream | ip netns exec "$LAB-client" socat -u - TCP4-LISTEN:443,reuseaddr 2>"$WORK/stream-client.err" &
  BACKGROUND+=($!)
  wait_for_socket client tcp 443
  ip netns exec "$LAB-p1a" socat -u TCP4:198.51.100.79:443,sourceport=45000 "CREATE:$WORK/downloaded" \
    2>"$WORK/stream-p1a.err" &
  download=$!
  BACKGROUND+=($!)
  wait_for_lines 1
}

# One line at once, four more when the file "go" is there, and the end.
send_stream() {
  local attempt
  echo line
  for attempt in {1..300}; do
    [[ -e $WORK/go ]] && break
    sleep 0.1
  done
  send_slowly line line line line
}

wait_for_lines() {
  local attempt lines=0
  for attempt in {1..50}; do
    lines=$(grep -sc line "$WORK/downloaded") || true
    [[ $lines == "$1" ]] && return
    sleep 0.1
  done
  expect "p1a:45000 to 198.51.100.79:443" "$1 lines" "$lines lines"
}

traffic() {
  capture download p1a eth0
  wait_for_captures
  touch "$WORK/go"
  wait "$download"
  wait_for_lines 5
  settle
  stop_capture download
}
