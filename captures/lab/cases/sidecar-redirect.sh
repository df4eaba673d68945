title="a sidecar that every connection into the pod is redirected to"
takes_part=(p1b)
any_sll=
pod_lo=(p1a)
pod_state=(p1a)
POD_MORE[p1a]=", sidecar: { inboundPort: 15006 }"

story() {
  cat <<'STORY'
p1a has a sidecar as Istio installs it, played by socat: rules in the pod's own namespace redirect every TCP connection that comes in to port
15006, and the sidecar dials the application from 127.0.0.6 at the address that was dialled, over the pod's lo. Only Istio's inbound
rules are there (pod-p1a.iptables-save.txt); what the pod's containers send is not redirected.

| source port | who asks | what | first connection, pod's eth0 | application sees |
| --- | --- | --- | --- | --- |
| 41001, 41002 | client | hostPort, 10.20.32.204:9000 | 198.51.100.79 to 10.233.1.2:8080, TTL 62 | 127.0.0.6, random port |
| 41003 | p1b | 10.233.1.2:8080 | 10.233.1.3 to 10.233.1.2:8080, TTL 64 | 127.0.0.6, random port |
| 41004 | another container of p1a | 127.0.0.1:8080 | not there: on the pod's lo alone | 127.0.0.1, 41004 |

A checker must find: on the pod's eth0 the client's address and port 8080 (the redirect is behind that tap, and answers are translated back
before it), on the pod's lo a second connection from 127.0.0.6 to 10.233.1.2:8080. The kept source at eth0 is what the hostPort
promises; that the application sees 127.0.0.6 is the sidecar's doing. The control requests go through the sidecar too.
STORY
}

control() { http node1 "$1" "$(pod_address p1a):8080" 127.0.0.6; }

start_servers() {
  serve_http p1a 8080
  relay p1a 15006 10.233.1.2:8080 bind=127.0.0.6
  redirect_to_sidecar p1a
}

traffic() {
  http client 41001 10.20.32.204:9000 127.0.0.6
  http client 41002 10.20.32.204:9000 127.0.0.6
  http p1b 41003 10.233.1.2:8080 127.0.0.6
  http p1a 41004 127.0.0.1:8080 127.0.0.1
}
