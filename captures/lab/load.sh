# Many conversations at once, held open together: what the cases about telling conversations apart share.

load_case() {
  service_case
  HOST_PORTS='[{"hostPort":9000,"containerPort":8080,"protocol":"tcp"},{"hostPort":9999,"containerPort":9999,"protocol":"udp"}]'
  # The ring buffer then has room for 4,096 packets, not 128; none is longer.
  capture_options=(-s 8192)
  dialling=()
  dialled=()
  start_servers() {
    serve_load p1a tcp:8080 udp:9999
    serve_load p2a tcp:8080 udp:9999
    serve_load client tcp:80 udp:53 udp:54
    relay node1 8090 "$(pod_address p1a):8080"
    run_kube_proxy node1
    run_kube_proxy node2
    mkdir "$WORK/load"
  }
  control() { :; }
  control_note() {
    echo "conntrack.txt is \`conntrack -L\` while all of them are open, conntrack-events.txt \`conntrack -E -o timestamp,extended\` throughout." \
      "node2.cni0.pcap too was taken with \`-p\`."
  }
}

# serve_load MACHINE PROTOCOL:PORT...: answers everything with the same bytes.
serve_load() {
  local listener
  ip netns exec "$LAB-$1" python3 "$LAB_DIR/load.py" serve "${@:2}" 2>"$WORK/load-server-$1.err" &
  BACKGROUND+=($!)
  for listener in "${@:2}"; do wait_for_socket "$1" "${listener%:*}" "${listener#*:}"; done
}

# dials MACHINE SPEC...: what it dials in this case (load.py says what a SPEC is).
dials() { dialled+=("$*"); }

# begin_dialling ROUNDS: whoever dials waits for the first round.
begin_dialling() {
  local line
  for line in "${dialled[@]}"; do
    local words=($line)
    ip netns exec "$LAB-${words[0]}" python3 "$LAB_DIR/load.py" dial "$WORK/load" "${words[0]}" "$1" "${words[@]:1}" \
      2>"$WORK/load-${words[0]}.err" &
    dialling+=($!)
    BACKGROUND+=($!)
  done
}

# run_round NUMBER: one question and answer on each, all at the same time.
run_round() {
  local line name attempt
  touch "$WORK/load/round-$1"
  for line in "${dialled[@]}"; do
    name=${line%% *}
    for attempt in {1..200}; do
      [[ -e $WORK/load/$name-$1 ]] && continue 2
      sleep 0.05
    done
    echo "lab: not everything that $name asked in round $1 was answered" >&2
    return 1
  done
}

# without_identification MACHINE PORTS: its datagrams from and to these ports leave with IP identification 0, as those of
# other systems and of older kernels do when fragmenting is forbidden.
without_identification() {
  on "$1" nft -f - <<RULES
table ip unnumbered {
  chain leaving {
    type filter hook postrouting priority 300;
    udp sport $2 ip id set 0
    udp dport $2 ip id set 0
  }
}
RULES
}

# watch_conntrack NODE: its conntrack events until the case ends.
watch_conntrack() {
  ip netns exec "$LAB-$1" conntrack -E -o timestamp,extended >"$RECORDED/$1.conntrack-events.txt" 2>/dev/null &
  BACKGROUND+=($!)
}
