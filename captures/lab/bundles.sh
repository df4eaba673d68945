# Bundles as other tools leave them, made with the commands that those tools run. A case sources this file, and
# captures with retina_points or kubeskoop_points; its folder then holds archives instead of captures.

# As both tools write them; fixed, so that names are the same in every run.
RETINA_CAPTURE=retina-capture-zlx5v
RETINA_TIME=20261121190000UTC
KUBESKOOP_ID=1763751600

retina_stem() { echo "$RETINA_CAPTURE-$1-$RETINA_TIME"; }

# retina_points NODE...: tcpdump as `kubectl retina capture create` runs it, in each node's own namespace.
retina_points() {
  local node
  RETINA_NODES=("$@")
  for node in "$@"; do capture "$(retina_stem "$node")" "$node" any; done
  wait_for_captures
}

# What Retina saves of a node: microsoft/retina pkg/capture/provider/network_capture_unix.go.
retina_state() {
  local node folder
  for node in "${RETINA_NODES[@]}"; do
    folder=$WORK/retina-$node
    mkdir "$folder"
    retina_text "$node" "$folder/ip-resources.txt" \
      "/usr/sbin/ip -d -j addr show" "IP address configuration" \
      "/usr/sbin/ip -d -j neighbor show" "IP neighbor status" \
      "/usr/sbin/ip rule list" "IP rule" \
      "/usr/sbin/ip route show table all" "IP route"
    retina_text "$node" "$folder/iptables-rules.txt" \
      "/usr/sbin/iptables-save" "iptables rules" \
      "/usr/sbin/iptables -vnx -L" "iptables rules and stats in filter table" \
      "/usr/sbin/iptables -vnx -L -t nat" "iptables rules and stats in nat table" \
      "/usr/sbin/iptables -vnx -L -t mangle" "iptables rules and stats in mangle table"
    retina_text "$node" "$folder/socket-stats.txt" \
      "/usr/bin/ss -s" "socket statistics summary" \
      "/usr/bin/ss -tapionume" "socket statistics"
    # Some files there can be written alone.
    on "$node" cp -r /proc/self/net "$folder/proc-net" 2>/dev/null || true
    on "$node" cp -r /proc/sys/net "$folder/proc-sys-net" 2>/dev/null || true
  done
}

# retina_text NODE FILE (COMMAND DESCRIPTION)...
retina_text() {
  local node=$1 file=$2 at
  shift 2
  {
    printf 'Summary:\n\n'
    for ((at = 1; at < $#; at += 2)); do printf '%s(%s)\n' "${!at}" "${*:at+1:1}"; done
    printf '\nExecute:\n\n'
    while (($#)); do
      printf '%s\n\n' "$1"
      on "$node" $1 2>&1 || printf 'Failed to run "%s", error: exit status %s\n' "$1" $?
      shift 2
    done
  } >"$file"
}

# One archive per node, as Retina uploads them.
pack_retina() {
  local node stem
  for node in "${RETINA_NODES[@]}"; do
    stem=$(retina_stem "$node")
    mv "$RECORDED/$stem.pcap" "$WORK/retina-$node/$stem.pcap"
    cp "$WORK/$stem.err" "$WORK/retina-$node/tcpdump.log"
    pack "$stem.tar.gz" "$WORK/retina-$node" .
  done
}

# kubeskoop_points NODE POD: the pair that KubeSkoop's controller gathers: alibaba/kubeskoop
# pkg/exporter/task-agent/capture.go.
kubeskoop_points() {
  capture "${KUBESKOOP_ID}_default_$2_pod" "$2" any -C 100
  capture "${KUBESKOOP_ID}_$1_host" "$1" any -C 100
  wait_for_captures
}

pack_kubeskoop() {
  mkdir "$WORK/tmp"
  mv "$RECORDED/$KUBESKOOP_ID"_*.pcap "$WORK/tmp"
  pack "$KUBESKOOP_ID.tar.gz" "$WORK" tmp
}

# pack NAME FOLDER WHAT: the same bytes for the same files.
pack() {
  tar --create --sort=name --owner=root:0 --group=root:0 --mtime=@1763751600 --mode=u=rwX,go=rX \
    -C "$2" "$3" | gzip -9n >"$RECORDED/$1"
}
