title="a sidecar, broken: nothing redirects to it"
takes_part=(p1b)
any_sll=
pod_lo=(p1a)
pod_state=(p1a)
POD_MORE[p1a]=", sidecar: { inboundPort: 15006 }"

story() {
  cat <<'STORY'
As sidecar-redirect, but the rules in the pod's namespace are missing: the sidecar listens on 15006 and nobody comes. The application
answers the clients itself, so every request succeeds, and neither the mesh's policy nor its encryption applies.

| source port | who asks | what | application sees |
| --- | --- | --- | --- |
| 41001 | another container of p1a | 127.0.0.1:8080, on the pod's lo | 127.0.0.1 |
| 41002 | client | hostPort, 10.20.32.204:9000 | 198.51.100.79 |
| 41003 | p1b | 10.233.1.2:8080 | 10.233.1.3 |
| 41004 | another container of p1a | 127.0.0.1:8080, on the pod's lo | 127.0.0.1 |

A checker must find: no connection from 127.0.0.6 on the pod's lo, whose capture ran before and after 41002 and 41003, as 41001 and
41004 show.
STORY
}

start_servers() {
  serve_http p1a 8080
  relay p1a 15006 10.233.1.2:8080 bind=127.0.0.6
}

traffic() {
  http p1a 41001 127.0.0.1:8080 127.0.0.1
  gap
  http client 41002 10.20.32.204:9000 198.51.100.79
  http p1b 41003 10.233.1.2:8080 10.233.1.3
  gap
  http p1a 41004 127.0.0.1:8080 127.0.0.1
}
