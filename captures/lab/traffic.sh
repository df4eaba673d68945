# Servers and clients. Every request is bounded, has a fixed source port and must end as the case says.

BACKGROUND=()

stop_background() {
  local pid
  for pid in "${BACKGROUND[@]}" "${CAPTURE_PID[@]}"; do kill "$pid" 2>/dev/null; done
  wait 2>/dev/null
}

gap() { sleep 0.3; }
settle() { sleep 0.5; }

# serve_http MACHINE PORT: answers every request with the client address it saw.
serve_http() {
  ip netns exec "$LAB-$1" socat "TCP4-LISTEN:$2,fork,reuseaddr,backlog=16" \
    EXEC:"bash $LAB_DIR/answer-http.sh" 2>"$WORK/http-$1.err" &
  BACKGROUND+=($!)
  wait_for_socket "$1" "tcp" "$2"
}

# serve_udp MACHINE PORT: answers every datagram with the client address it saw and the datagram's text.
serve_udp() {
  ip netns exec "$LAB-$1" socat "UDP4-RECVFROM:$2,fork,reuseaddr" \
    EXEC:"bash $LAB_DIR/answer-udp.sh" 2>"$WORK/udp-$1.err" &
  BACKGROUND+=($!)
  wait_for_socket "$1" "udp" "$2"
}

wait_for_socket() {
  local machine=$1 protocol=$2 port=$3 attempt
  for attempt in {1..50}; do
    on "$machine" ss -Hln "--$protocol" "sport = :$port" | grep -q . && return
    sleep 0.1
  done
  echo "lab: nothing listens on $protocol port $port in $machine" >&2
  return 1
}

# http FROM SOURCE-PORT ADDRESS:PORT OUTCOME: one request. OUTCOME is the client address the server has to
# report, "refused" or "timeout".
http() { request_http "$1" "$2" "$3" "$4"; }

# http_one_of FROM SOURCE-PORT ADDRESS:PORT OUTCOME...: one request that may end in any of these ways, as where kube-proxy
# draws lots for the endpoint.
http_one_of() {
  local answer outcome
  answer=$(answer_to "$1" "$2" "$3")
  for outcome in "${@:4}"; do
    if [[ $answer == "$outcome" ]]; then return; fi
  done
  expect "$1:$2 to $3" "${*:4}" "$answer"
}

# http_bound FROM ADDRESS SOURCE-PORT ADDRESS:PORT OUTCOME: the same from a socket bound to an address.
http_bound() { request_http "$1" "$3" "$4" "$5" --interface "host!$2"; }

request_http() {
  expect "$1:$2 to $3" "$4" "$(answer_to "$1" "$2" "$3" "${@:5}")"
}

# answer_to FROM SOURCE-PORT ADDRESS:PORT [CURL ARGUMENT...]: how the request ends.
answer_to() {
  local from=$1 source_port=$2 target=$3 answer status=0
  answer=$(on "$from" curl --silent --noproxy '*' --user-agent lab --local-port "$source_port" "${@:4}" \
    --connect-timeout "$connect_seconds" --max-time 8 "http://$target/") || status=$?
  case $status in
    0) echo "${answer#client_address=}" ;;
    7) echo refused ;;
    28) echo timeout ;;
    *) echo "curl exit $status" ;;
  esac
}

# datagrams FROM SOURCE-PORT ADDRESS:PORT OUTCOME TEXT...: one datagram per TEXT, 0.2 s apart, all from one
# socket that ICMP errors do not close. OUTCOME is the client address every answer has to report, or "silence".
datagrams() {
  local from=$1 source_port=$2 target=$3 outcome=$4 answers expected=silence text
  answers=$(send_slowly "${@:5}" |
    on "$from" socat -t 0.5 - "UDP4-SENDTO:$target,sourceport=$source_port" |
    sed 's/^client_address=//')
  if [[ $outcome != silence ]]; then
    expected=$(for text in "${@:5}"; do echo "$outcome $text"; done)
  fi
  expect "$from:$source_port to $target" "$expected" "${answers:-silence}"
}

send_slowly() {
  local text
  for text in "$@"; do
    echo "$text"
    sleep 0.2
  done
}

expect() {
  local what=$1 expected=$2 observed=$3
  [[ $observed == "$expected" ]] && return
  printf 'lab: %s\n  expected %s\n  observed %s\n' "$what" "$expected" "$observed" >&2
  return 1
}
