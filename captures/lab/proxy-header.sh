# proxy-header.sh ADDRESS:PORT: one connection of a balancer (socat starts it): it dials on, sends a PROXY header (version 1,
# haproxy's doc/proxy-protocol.txt) and then what the client sends.
{
  printf 'PROXY TCP4 %s %s %s %s\r\n' "$SOCAT_PEERADDR" "$SOCAT_SOCKADDR" "$SOCAT_PEERPORT" "$SOCAT_SOCKPORT"
  cat
} | socat -t 2 - "TCP4:$1"
