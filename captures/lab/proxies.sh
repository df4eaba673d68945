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

# run_nginx MACHINE PORT: an nginx with what stands on stdin in its http block.
run_nginx() {
  local machine=$1 port=$2 folder=$WORK/nginx-$1
  needs_proxy nginx nginx-light
  mkdir -p "$folder"
  cat >"$folder/nginx.conf" <<CONFIGURATION
user root;
worker_processes 1;
daemon off;
pid $folder/pid;
error_log $folder/error.log;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path $folder/body;
  proxy_temp_path $folder/proxy;
  fastcgi_temp_path $folder/fastcgi;
  uwsgi_temp_path $folder/uwsgi;
  scgi_temp_path $folder/scgi;
  $(cat)
}
CONFIGURATION
  ip netns exec "$LAB-$machine" nginx -e "$folder/error.log" -c "$folder/nginx.conf" 2>"$WORK/nginx-$machine.err" &
  BACKGROUND+=($!)
  wait_for_socket "$machine" tcp "$port"
}

# run_haproxy MACHINE PORT: a haproxy with its configuration on stdin.
run_haproxy() {
  local machine=$1 port=$2
  needs_proxy haproxy haproxy
  cat >"$WORK/haproxy-$machine.cfg"
  ip netns exec "$LAB-$machine" haproxy -db -f "$WORK/haproxy-$machine.cfg" 2>"$WORK/haproxy-$machine.err" &
  BACKGROUND+=($!)
  wait_for_socket "$machine" tcp "$port"
}

# Only the cases with one need them.
needs_proxy() {
  command -v "$1" >/dev/null && return
  echo "lab: missing $1: apt-get install $2" >&2
  return 1
}

# http_status FROM SOURCE-PORT ADDRESS:PORT STATUS: one request that is answered with this status, whatever the body.
http_status() {
  local status
  status=$(on "$1" curl --silent --output /dev/null --write-out '%{http_code}' --noproxy '*' --user-agent lab \
    --local-port "$2" --max-time 8 "http://$3/") || true
  expect "$1:$2 to $3" "$4" "$status"
}

# redirect_to_sidecar POD: the inbound half of what Istio 1.20 tools/istio-iptables writes in a pod.
redirect_to_sidecar() {
  on "$1" iptables-restore <<'RULES'
*nat
:ISTIO_INBOUND - [0:0]
:ISTIO_IN_REDIRECT - [0:0]
:ISTIO_OUTPUT - [0:0]
-A PREROUTING -p tcp -j ISTIO_INBOUND
-A OUTPUT -p tcp -j ISTIO_OUTPUT
-A ISTIO_INBOUND -p tcp -m tcp --dport 15008 -j RETURN
-A ISTIO_INBOUND -p tcp -m tcp --dport 15090 -j RETURN
-A ISTIO_INBOUND -p tcp -m tcp --dport 15021 -j RETURN
-A ISTIO_INBOUND -p tcp -m tcp --dport 15020 -j RETURN
-A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT
-A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006
-A ISTIO_OUTPUT -s 127.0.0.6/32 -o lo -j RETURN
COMMIT
RULES
}
