title="hostPort bound to one host address, from an external client"
HOST_PORTS='[{"hostPort":9000,"containerPort":8080,"protocol":"tcp","hostIP":"10.20.32.204"}]'

story() {
  cat <<'STORY'
As hostport-external, but the hostPort has hostIP 10.20.32.204: portmap's three rules carry `-d 10.20.32.204/32`. The
client's two requests (source ports 41001, 41002) reach p1a with their source, TTL 62.
STORY
}

traffic() {
  http client 41001 10.20.32.204:9000 198.51.100.79
  gap
  http client 41002 10.20.32.204:9000 198.51.100.79
}
