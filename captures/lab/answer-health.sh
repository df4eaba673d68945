# One health check on stdin and stdout (socat starts it), as kube-proxy answers on a Service's healthCheckNodePort
# (pkg/proxy/healthcheck/service_health.go of Kubernetes 1.28). LOCAL_ENDPOINTS is how many of default/shop's are on this node.
while read -r -t 5 line && [[ $line != $'\r' && -n $line ]]; do :; done
status="200 OK"
if ((LOCAL_ENDPOINTS == 0)); then status="503 Service Unavailable"; fi
body=$(printf '{\n\t"service": {\n\t\t"namespace": "default",\n\t\t"name": "shop"\n\t},\n\t"localEndpoints": %d,\n\t"serviceProxyHealthy": true\n}' \
  "$LOCAL_ENDPOINTS")
# cat writes the answer at once, so it is one segment in every run.
cat <<ANSWER
HTTP/1.0 $status
Content-Type: application/json
X-Content-Type-Options: nosniff
X-Load-Balancing-Endpoint-Weight: $LOCAL_ENDPOINTS
Content-Length: $((${#body} + 1))

$body
ANSWER
# The client closes first in every run.
read -r -t 2 line || true
