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

# reserve_port MACHINE PORT: listens and never accepts, as the daemon does for a published port without a proxy
# (moby libnetwork/portmapper/proxy.go, dummyProxy).
reserve_port() {
  ip netns exec "$LAB-$1" perl -MIO::Socket::INET -e \
    'my $held = IO::Socket::INET->new(LocalPort => shift, Listen => 16, ReuseAddr => 1) or die; sleep' "$2" \
    2>"$WORK/reserve-$1-$2.err" &
  BACKGROUND+=($!)
  wait_for_socket "$1" tcp "$2"
}
