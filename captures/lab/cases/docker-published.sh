source "$LAB_DIR/docker.sh"
title="a published port, with docker-proxy"
cni0_options=(-p)

story() {
  cat <<'STORY'
c1's port 80 is published as 8080 (`docker run -p 8080:80`), userland-proxy is on. Rules translate for whoever comes from outside
docker0 and does not dial 127.0.0.0/8; for the others docker-proxy accepts the connection on dock and opens a second one to c1.

| source port | who asks | what | how | server sees | TTL |
| --- | --- | --- | --- | --- | --- |
| 41001, 41002 | client | 10.20.32.206:8080 | DNAT | 198.51.100.79, port kept | 62 |
| 41003 | a process on dock | 10.20.32.206:8080 | DNAT | 10.20.32.206, port kept | 64 |
| 41004 | a process on dock | 172.17.0.1:8080 | DNAT | 172.17.0.1, port kept | 64 |
| 41005 | a process on dock | 127.0.0.1:8080 | docker-proxy: first connection on lo | 172.17.0.1, random port | 64 |
| 41006 | c2 | 10.20.32.206:8080 | docker-proxy: first connection on docker0, untranslated | 172.17.0.1, random port | 64 |
| 41007 | c1 itself | 10.20.32.206:8080 | docker-proxy | 172.17.0.1, random port | 64 |

A checker must find: 41001 to 41004 are one connection each; 41005 to 41007 two each, with initial sequence numbers of their own, and
the client's address is lost in between by design. 41003 and 41004 are on no interface before the translation.
STORY
}

traffic() {
  http client 41001 10.20.32.206:8080 198.51.100.79
  http client 41002 10.20.32.206:8080 198.51.100.79
  http dock 41003 10.20.32.206:8080 10.20.32.206
  http dock 41004 172.17.0.1:8080 172.17.0.1
  http dock 41005 127.0.0.1:8080 172.17.0.1
  http c2 41006 10.20.32.206:8080 172.17.0.1
  http c1 41007 10.20.32.206:8080 172.17.0.1
}
