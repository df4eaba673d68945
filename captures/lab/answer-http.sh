# One HTTP exchange on stdin and stdout (socat starts it): the body is the client address this server sees.
# A proxy in front may have said whom it asks for: in a header, or in a PROXY protocol line (version 1) before the request.
while read -r -t 5 line && [[ $line != $'\r' && -n $line ]]; do
  case $line in
    X-Forwarded-For:*) asked_for=${line#*: } ;;
    PROXY\ TCP4\ *) read -r _ _ asked_for _ <<<"$line" ;;
  esac
done
body="client_address=$SOCAT_PEERADDR${asked_for:+ for ${asked_for%$'\r'}}"
# cat writes the answer at once, so it is one segment in every run.
cat <<ANSWER
HTTP/1.0 200 OK
Content-Length: $((${#body} + 1))

$body
ANSWER
# The client closes first in every run.
read -r -t 2 line || true
