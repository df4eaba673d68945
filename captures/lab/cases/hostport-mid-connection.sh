title="hostPort from an external client, captured from the middle of its connections"

story() {
  cat <<'STORY'
The client has two keep-alive connections to 10.20.32.204:9000 (source ports 41001, 41002), opened and used before any
capture starts. In the captures it asks twice more on each and closes them. No file shows a handshake of the client's, so there
are no initial sequence numbers to join eth0 and the pod by; what NAT leaves of the first captured request joins them, its IP
identification and its payload. Otherwise as hostport-external: the pod sees 198.51.100.79, TTL 62.
STORY
}

start_servers() {
  serve_keep_alive
  keep_alive 41001
  keep_alive 41002
}

# As serve_http, any number of requests per connection.
serve_keep_alive() {
  cat >"$WORK/keep-alive.sh" <<'SERVER'
while read -r -t 30 line; do
  [[ $line == $'\r' ]] || continue
  body="client_address=$SOCAT_PEERADDR"
  cat <<ANSWER
HTTP/1.1 200 OK
Content-Length: $((${#body} + 1))

$body
ANSWER
done
SERVER
  ip netns exec "$LAB-p1a" socat TCP4-LISTEN:8080,fork,reuseaddr,backlog=16 \
    EXEC:"bash $WORK/keep-alive.sh" 2>"$WORK/http-p1a.err" &
  BACKGROUND+=($!)
  wait_for_socket p1a tcp 8080
}

declare -A CONNECTION_PID

# keep_alive SOURCE-PORT: a connection with one request. go_on SOURCE-PORT: two more, and the end.
keep_alive() {
  ask_slowly "$1" | ip netns exec "$LAB-client" socat -t 1 - "TCP4:10.20.32.204:9000,sourceport=$1" \
    >"$WORK/answers-$1" 2>"$WORK/client-$1.err" &
  CONNECTION_PID[$1]=$!
  BACKGROUND+=($!)
  wait_for_answers "$1" 1
}

go_on() {
  touch "$WORK/go-$1"
  wait "${CONNECTION_PID[$1]}"
  wait_for_answers "$1" 3
}

ask_slowly() {
  local attempt
  request
  for attempt in {1..300}; do
    [[ -e $WORK/go-$1 ]] && break
    sleep 0.1
  done
  request
  sleep 0.2
  request
  sleep 0.2
}

request() { printf 'GET / HTTP/1.1\r\nHost: web\r\n\r\n' | cat; }

wait_for_answers() {
  local port=$1 wanted=$2 attempt answers
  for attempt in {1..50}; do
    answers=$(grep -c '^client_address=198\.51\.100\.79$' "$WORK/answers-$port") || true
    ((answers == wanted)) && return
    sleep 0.1
  done
  expect "client:$port to 10.20.32.204:9000" "$wanted answers" "$answers answers"
}

traffic() {
  go_on 41001
  gap
  go_on 41002
}
