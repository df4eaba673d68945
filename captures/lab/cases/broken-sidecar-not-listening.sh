title="a sidecar, broken: connections are redirected to it and it does not listen"
takes_part=(p1b)
any_sll=
pod_lo=(p1a)
pod_state=(p1a)
POD_MORE[p1a]=", sidecar: { inboundPort: 15006 }"

story() {
  cat <<'STORY'
As sidecar-redirect, but nothing listens on 15006, as before a sidecar is ready or after it died. The application on 8080 is well.

| source port | who asks | what | outcome |
| --- | --- | --- | --- |
| 41001, 41002 | client | hostPort, 10.20.32.204:9000 | RST from the pod, TTL 64 on its eth0, 62 at the client |
| 41003 | p1b | 10.233.1.2:8080 | RST from the pod |
| 41004 | another container of p1a | 127.0.0.1:8080 | answered, on the pod's lo; the server sees 127.0.0.1 |

A checker must find: the RST is the pod's own and comes from port 8080 (the redirect is translated back), as if nothing listened there; 41004 on the
pod's lo shows that something does, and pod-p1a.iptables-save.txt who takes the others. No connection from 127.0.0.6 is on the pod's
lo. The control requests go to port 15021, which Istio does not redirect.
STORY
}

control() { http node1 "$1" 10.233.1.2:15021 10.233.1.1; }

start_servers() {
  serve_http p1a 8080
  serve_http p1a 15021
  redirect_to_sidecar p1a
}

traffic() {
  http client 41001 10.20.32.204:9000 refused
  http client 41002 10.20.32.204:9000 refused
  http p1b 41003 10.233.1.2:8080 refused
  http p1a 41004 127.0.0.1:8080 127.0.0.1
}
