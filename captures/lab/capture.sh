# tcpdump at every capture point at once; a case fails if any of them dropped a packet.

declare -A CAPTURE_PID CAPTURE_TOOL

# capture POINT MACHINE INTERFACE [TCPDUMP ARGUMENT...]: writes POINT.pcap until stop_capture POINT.
# Immediate mode, because a stopped tcpdump loses what waits in the ring buffer; it has one slot per packet of
# the snapshot length, hence the larger buffer (in KiB).
capture() {
  local point=$1 machine=$2 interface=$3
  ip netns exec "$LAB-$machine" tcpdump -n -U --immediate-mode -B 32768 -Z root -i "$interface" \
    -w "$RECORDED/$point.pcap" "${capture_options[@]}" "${@:4}" 2>"$WORK/$point.err" &
  CAPTURE_PID[$point]=$!
  CAPTURE_TOOL[$point]=tcpdump
}

# capture_pcapng POINT MACHINE INTERFACE...: several interfaces in one pcapng file, by dumpcap.
capture_pcapng() {
  local point=$1 machine=$2 interface arguments=()
  for interface in "${@:3}"; do arguments+=(-i "$interface"); done
  ip netns exec "$LAB-$machine" dumpcap "${arguments[@]}" -w "$RECORDED/$point.pcapng" 2>"$WORK/$point.err" &
  CAPTURE_PID[$point]=$!
  CAPTURE_TOOL[$point]=dumpcap
}

# wait_for_captures: returns when every running capture is really open.
wait_for_captures() {
  local point attempt
  for point in "${!CAPTURE_PID[@]}"; do
    for attempt in {1..100}; do
      grep -qsE 'listening on|^File: ' "$WORK/$point.err" && continue 2
      sleep 0.05
    done
    echo "lab: the capture $point did not start" >&2
    return 1
  done
  # dumpcap names its file before its interfaces' threads read.
  sleep 0.2
}

stop_capture() {
  local point=$1
  kill -INT "${CAPTURE_PID[$point]}"
  wait "${CAPTURE_PID[$point]}" || true
  unset "CAPTURE_PID[$point]"
  check_no_drops "$point"
}

stop_captures() {
  local point
  for point in "${!CAPTURE_PID[@]}"; do stop_capture "$point"; done
}

check_no_drops() {
  local point=$1 complaint=
  case ${CAPTURE_TOOL[$point]} in
    tcpdump) grep -q '^0 packets dropped by kernel' "$WORK/$point.err" || complaint=yes ;;
    dumpcap) grep -qE "received/dropped on interface .*/[^0][0-9]* " "$WORK/$point.err" && complaint=yes ;;
  esac
  [[ -z $complaint ]] && return
  echo "lab: the capture $point dropped packets or died:" >&2
  cat "$WORK/$point.err" >&2
  return 1
}

# start_captures: the points of every case, and those of whoever takes part.
start_captures() {
  capture client.eth0 client eth0
  capture node1.eth0 node1 eth0
  capture node1.cni0 node1 cni0 "${cni0_options[@]}"
  if has_interface node1 flannel.1; then capture node1.flannel.1 node1 flannel.1; fi
  capture node1.lo node1 lo
  # Nanoseconds here, microseconds (tcpdump's default) everywhere else.
  capture node1.any node1 any -y LINUX_SLL2 --time-stamp-precision=nano
  if [[ -n $any_sll ]]; then capture node1.any-sll node1 any -y LINUX_SLL; fi
  capture node2.eth0 node2 eth0
  capture_pod p1a
  local participant
  for participant in "${takes_part[@]}"; do
    case $participant in
      node2) capture_node2 ;;
      *) capture_pod "$participant" ;;
    esac
  done
  for participant in "${pod_lo[@]}"; do capture "pod-$participant.lo" "$participant" lo; done
  wait_for_captures
}

capture_pod() {
  local pod=$1
  capture "pod-$pod.eth0" "$pod" eth0
  capture "${POD_NODE[$pod]}.veth-$pod" "${POD_NODE[$pod]}" "${POD_VETH[$pod]}"
}

# node2's eth0 is captured in every case.
capture_node2() {
  capture node2.cni0 node2 cni0 "${cni0_options[@]}"
  if has_interface node2 flannel.1; then capture node2.flannel.1 node2 flannel.1; fi
  capture node2.lo node2 lo
  capture node2.any node2 any -y LINUX_SLL2 --time-stamp-precision=nano
}
