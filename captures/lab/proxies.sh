# Programs that end a client's connection and dial on for it.

# relay MACHINE PORT TARGET [OPTION...]: accepts on PORT, dials TARGET and passes bytes on, as docker-proxy does.
# OPTIONs are socat's for the second connection.
relay() {
  local machine=$1 port=$2 target=$3 options
  options=$(printf ',%s' "${@:4}")
  ip netns exec "$LAB-$machine" socat "TCP4-LISTEN:$port,fork,reuseaddr,backlog=16" \
    "TCP4:$target${options%,}" 2>"$WORK/relay-$machine-$port.err" &
  BACKGROUND+=($!)
  wait_for_socket "$machine" tcp "$port"
}
