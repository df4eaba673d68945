title="an ingress controller, broken: its endpoint refuses"
takes_part=(p1b)
any_sll=
HOST_PORTS='[]'

story() {
  cat <<'STORY'
As ingress, with one endpoint, p1a, where nothing listens on 8080. The proxy takes the client's connection and answers it, with 502.

| source port | who asks | what | outcome | second connection |
| --- | --- | --- | --- | --- |
| 41001, 41002 | client | 10.20.32.204:80 | 502 from the proxy | 10.233.1.1 to p1a:8080, RST from the pod |
| 41003 | p1b | 10.20.32.204:80 | 502 from the proxy | the same |

A checker must find: the first connection is healthy at layer 4, the second is refused by the pod itself (RST on p1a's eth0, TTL 64). The control
requests, straight to p1a:8080, are refused in the same way.
STORY
}

extra_pods() {
  echo "  - { name: ingress, node: node1, address: 10.20.32.204, hostNetwork: true, ports: [80], proxyFor: default/web }"
}

extra_topology() {
  echo "services:"
  echo "  - name: default/web"
  echo "    ports: [{ port: 80, targetPort: 8080 }]"
  echo "    endpoints: [{ pod: p1a }]"
}

control() { http node1 "$1" 10.233.1.2:8080 refused; }

start_servers() {
  run_nginx node1 80 <<'HTTP'
server {
    listen 80;
    location / { proxy_pass http://10.233.1.2:8080; proxy_set_header X-Forwarded-For $remote_addr; }
  }
HTTP
}

traffic() {
  http_status client 41001 10.20.32.204:80 502
  http_status client 41002 10.20.32.204:80 502
  http_status p1b 41003 10.20.32.204:80 502
}
