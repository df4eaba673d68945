# One datagram on stdin, its answer on stdout (socat starts it): the client address this server sees and the text.
read -r -t 5 text
echo "client_address=$SOCAT_PEERADDR $text"
