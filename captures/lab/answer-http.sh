# One HTTP exchange on stdin and stdout (socat starts it): the body is the client address this server sees.
while read -r -t 5 line && [[ $line != $'\r' && -n $line ]]; do :; done
body="client_address=$SOCAT_PEERADDR"
# cat writes the answer at once, so it is one segment in every run.
cat <<ANSWER
HTTP/1.0 200 OK
Content-Length: $((${#body} + 1))

$body
ANSWER
# The client closes first in every run.
read -r -t 2 line || true
