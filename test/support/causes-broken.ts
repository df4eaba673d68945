/**
 * What every broken twin comes from, by source port, as its README and captures/lab/cases say. `none`:
 * without the nodes' saved state; `state`: with it, where that says more.
 */
export interface CauseRow {
  /** `41001-41003 41005`, `*` for whichever; `across`: many connections together. */
  readonly ports: string;
  readonly none: readonly string[];
  readonly state?: readonly string[];
}

const SILENT_FORWARD = ["path request node1.eth0 > node1.cni0: nothing"];
const PROXY = "proxy docker-proxy on dock, carried on";
const DOCKER_DNAT =
  "missing rule dock Docker nat: -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80";

// prettier-ignore
export const CAUSES: Readonly<Record<string, readonly CauseRow[]>> = {
  "broken-answers-dropped": [
    {
      ports: "41002-41003",
      none: ["path data node2.cni0 > node2.flannel.1: nothing"],
      state: ["rule node2 drops data: -A FORWARD -i cni0 -p tcp -m tcp --sport 8080 --tcp-flags PSH PSH -j DROP"],
    },
  ],
  "broken-clusterip-dead-endpoint": [
    { ports: "41001-41002", none: ["server pod p1c (10.233.1.4) is gone"] },
  ],
  "broken-clusterip-no-bridge-nf": [
    {
      ports: "41001-41002",
      none: ["path answer node1.veth-p1a > node1.veth-p1b: source not translated"],
      state: ["setting node1 net.bridge.bridge-nf-call-iptables: 0"],
    },
  ],
  "broken-clusterip-other-endpoint": [
    {
      ports: "41001-41002",
      none: ["path request node1.veth-p1b > node1.veth-p1a: another destination"],
      state: [
        "rule node1 is met request: -A KUBE-SVC -j KUBE-SEP",
        "missing rule node1 kube-proxy nat: -A KUBE-SVC -j KUBE-SEP",
      ],
    },
    {
      ports: "41003",
      none: ["path request node1.eth0 > node1.cni0: another destination"],
      state: [
        "rule node1 is met request: -A KUBE-SVC -j KUBE-SEP",
        "missing rule node1 kube-proxy nat: -A KUBE-SVC -j KUBE-SEP",
      ],
    },
  ],
  "broken-conntrack-entry-lost": [
    { ports: "41002", none: ["path data node1.eth0 > node1.cni0: nothing"] },
    { ports: "41003", none: ["path data node1.cni0 > node1.eth0: nothing"] },
  ],
  "broken-docker-container-icc": [
    {
      ports: "41001-41002",
      none: ["path request dock.veth-c2 > dock.veth-c1: nothing"],
      state: ["rule dock drops request: -A FORWARD -i docker0 -o docker0 -j DROP"],
    },
  ],
  "broken-docker-egress-no-masquerade": [
    {
      ports: "41001-41002",
      none: ["path request dock.docker0 > dock.eth0: source not translated"],
      state: ["missing rule dock Docker nat: -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE"],
    },
  ],
  "broken-docker-forward-drop": [
    {
      ports: "41001-41002",
      none: ["path request dock.eth0 > dock.docker0: nothing"],
      state: ["rule dock drops request: :FORWARD DROP", "missing rule dock Docker filter: -A FORWARD -o docker0 -j DOCKER"],
    },
    {
      ports: "41003",
      none: ["path request dock.veth-c2 > dock.veth-c1: nothing"],
      state: ["rule dock drops request: :FORWARD DROP", "missing rule dock Docker filter: -A FORWARD -i docker0 -o docker0 -j ACCEPT"],
    },
    {
      ports: "41004",
      none: ["path request dock.docker0 > -: nothing"],
      state: ["rule dock drops request: :FORWARD DROP", "missing rule dock Docker filter: -A FORWARD -i docker0 ! -o docker0 -j ACCEPT"],
    },
  ],
  "broken-docker-published-held-port": [
    {
      ports: "41001",
      none: ["path request dock.eth0 > dock.eth0: the node's own answer"],
      state: ["missing rule dock Docker nat: -A DOCKER -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80"],
    },
    {
      ports: "41002",
      none: ["path request - > dock.lo: destination not translated"],
      state: ["missing rule dock Docker nat: -A DOCKER -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80"],
    },
  ],
  "broken-docker-published-no-dnat": [
    { ports: "41001-41002", none: ["path request dock.eth0 > dock.eth0: the node's own answer"], state: [DOCKER_DNAT] },
    { ports: "41003", none: ["path request - > dock.lo: destination not translated"], state: [DOCKER_DNAT] },
    // Of docker-proxy, which ended with the daemon.
    { ports: "41004-41005", none: ["server a process on dock, port 8080 refuses"] },
  ],
  "broken-docker-published-through-proxy": [
    { ports: "41001-41002", none: [PROXY, "path request dock.eth0 > dock.eth0: the node's own answer"], state: [PROXY, DOCKER_DNAT] },
    { ports: "41003", none: [PROXY, "path request - > dock.lo: destination not translated"], state: [PROXY, DOCKER_DNAT] },
  ],
  "broken-egress-no-masquerade": [
    {
      ports: "41001-41002",
      none: ["path request node1.cni0 > node1.eth0: source not translated"],
      state: ["missing rule node1 flannel nat: -A FLANNEL-POSTRTG -s 10.233.0.0/16 ! -d 224.0.0.0/4 -j MASQUERADE --random-fully"],
    },
  ],
  "broken-endpoint-choice": [
    {
      ports: "across",
      none: [],
      state: [
        "rule node1 is met request: -A KUBE-SVC -j KUBE-SEP",
        "missing rule node1 kube-proxy nat: -A KUBE-SVC -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP",
      ],
    },
  ],
  "broken-externalip-not-handled": [
    {
      ports: "41001-41002",
      none: ["path request node1.eth0 > node1.eth0: destination not translated"],
      state: ["missing rule node1 kube-proxy nat: -A KUBE-SERVICES -d 203.0.113.10/32 -p tcp -m tcp --dport 80 -j KUBE-EXT"],
    },
    {
      ports: "41003",
      none: ["path request node1.veth-p1b > node1.eth0: destination not translated"],
      state: ["missing rule node1 kube-proxy nat: -A KUBE-SERVICES -d 203.0.113.10/32 -p tcp -m tcp --dport 80 -j KUBE-EXT"],
    },
  ],
  "broken-extra-masquerade": [
    {
      ports: "41001-41002",
      none: ["path request node1.eth0 > node1.cni0: another source"],
      state: ["rule node1 is met request: -A POSTROUTING ! -s 10.233.0.0/16 -d 10.233.1.0/24 -j MASQUERADE"],
    },
  ],
  "broken-forward-drop": [
    {
      ports: "41001-41002",
      none: SILENT_FORWARD,
      state: ["rule node1 drops request: -A FORWARD -d 10.233.1.0/24 -p tcp -m tcp --dport 8080 -m conntrack --ctstate NEW -j DROP"],
    },
  ],
  // The mode of a bridge's port is in no file of the state.
  "broken-hairpin-off": [
    { ports: "41001-41002", none: ["path request node1.veth-p1a > node1.veth-p1a: nothing"] },
  ],
  "broken-hairpin-off-promisc": [
    { ports: "41001-41002", none: ["path request node1.veth-p1a > node1.veth-p1a: nothing"] },
  ],
  "broken-hostport-notrack": [
    {
      ports: "41001-41012 41101-41103",
      none: ["path request node1.eth0 > node1.eth0: the node's own answer"],
      state: ["rule node1 is met request: -A PREROUTING -p tcp -m tcp --dport 9000 -j NOTRACK"],
    },
  ],
  "broken-hostnetwork-nothing-listening": [
    { ports: "41001-41005", none: ["server a process on node1, port 8081 refuses"] },
  ],
  "broken-ingress-endpoint-down": [{ ports: "*", none: ["server pod p1a, port 8080 refuses"] }],
  "broken-large-packets-dropped": [
    {
      ports: "41002",
      none: ["path data node1.eth0 > node1.cni0: nothing"],
      state: ["rule node1 drops data: -A FORWARD -i eth0 -o cni0 -m length --length 500:65535 -j DROP"],
    },
  ],
  "broken-localhost-no-masquerade": [
    {
      ports: "41001-41002",
      none: ["path request - > node1.cni0: source not translated"],
      state: ["missing rule node1 portmap nat: -A CNI-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE"],
    },
  ],
  "broken-no-dnat": [
    {
      ports: "41001-41002",
      none: ["path request node1.eth0 > node1.eth0: the node's own answer"],
      state: ["missing rule node1 portmap nat: -A CNI-HOSTPORT-DNAT -p tcp -m multiport --dports 9000 -j CNI-DN-…"],
    },
  ],
  "broken-nodeport-forward-reject": [
    {
      ports: "41001-41002",
      none: SILENT_FORWARD,
      state: ["rule node1 rejects request: -A FORWARD -i eth0 -m conntrack --ctstate NEW -j REJECT --reject-with icmp-admin-prohibited"],
    },
  ],
  "broken-nodeport-local-as-cluster": [
    {
      ports: "41001-41002",
      none: ["path request node1.eth0 > node1.cni0: another source"],
      state: ["rule node1 is met request: -A KUBE-EXT -j KUBE-MARK-MASQ"],
    },
    {
      ports: "41003",
      none: ["path request node1.veth-p1b > node1.veth-p1a: another source"],
      state: ["rule node1 is met request: -A KUBE-EXT -j KUBE-MARK-MASQ"],
    },
    {
      ports: "41004",
      none: ["path answer node2.eth0 > client.eth0: other"],
      state: [
        "rule node2 is met request: -A KUBE-EXT -j KUBE-MARK-MASQ",
        "rule node2 is met request: -A KUBE-EXT -j KUBE-SVC",
        "missing rule node2 kube-proxy filter: -A KUBE-EXTERNAL-SERVICES -p tcp -m addrtype --dst-type LOCAL -m tcp --dport 30080 -j DROP",
      ],
    },
  ],
  "broken-nodeport-no-masquerade": [
    {
      ports: "41001-41002",
      none: ["path request node1.eth0 > node1.flannel.1: source not translated"],
      state: ["missing rule node1 kube-proxy nat: -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000"],
    },
    {
      ports: "41003",
      none: ["path request node1.eth0 > node1.cni0: source not translated"],
      state: ["missing rule node1 kube-proxy nat: -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000"],
    },
    {
      ports: "41004",
      none: ["path request - > node1.cni0: source not translated"],
      state: ["missing rule node1 kube-proxy nat: -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000"],
    },
  ],
  "broken-nothing-listening": [
    { ports: "40001-40002 41001-41002", none: ["server pod p1a, port 8080 refuses"] },
  ],
  "broken-overlay-down": [
    {
      ports: "41001 41003",
      none: ["path request node2.eth0 > node2.cni0: nothing"],
      state: ["rule node2 drops tunnel: -A INPUT -p udp -m udp --dport 8472 -j DROP"],
    },
    {
      ports: "41002",
      none: ["path answer node2.eth0 > -: nothing"],
      state: ["rule node2 drops tunnel: -A INPUT -p udp -m udp --dport 8472 -j DROP"],
    },
  ],
  "broken-plan-nodeport": [
    {
      ports: "41001-41002",
      none: ["path request node1.eth0 > node1.flannel.1: source not translated"],
      state: ["missing rule node1 kube-proxy nat: -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000"],
    },
  ],
  "broken-pod-to-pod-masqueraded": [
    {
      ports: "41001-41002",
      none: ["path request node2.cni0 > node2.flannel.1: another source"],
      state: ["rule node2 is met request: -A POSTROUTING -s 10.233.2.0/24 ! -o cni0 -j MASQUERADE"],
    },
  ],
  "broken-pod-to-pod-mtu": [
    { ports: "41002", none: ["path data node2.eth0 > node1.eth0: nothing"] },
  ],
  "broken-return-route": [
    {
      ports: "41001-41002",
      none: ["path answer node2.cni0 > -: nothing"],
      state: ["setting node2 route to 10.233.1.0: default via 10.20.32.1 dev eth0"],
    },
    {
      ports: "41003",
      none: ["path answer node2.cni0 > -: nothing"],
      state: ["setting node2 route to 10.233.1.3: default via 10.20.32.1 dev eth0"],
    },
  ],
  "broken-session-affinity": [
    {
      ports: "across",
      none: [],
      state: [
        "rule node1 is met request: -A KUBE-SEP -p tcp -m tcp -j DNAT --to-destination 10.233.1.2:8080",
        "missing rule node1 kube-proxy nat: -A KUBE-SEP -p tcp -m recent --set --name KUBE-SEP --mask 255.255.255.255 --rsource -m tcp -j DNAT --to-destination 10.233.1.2:8080",
        "rule node1 is met request: -A KUBE-SEP -p tcp -m tcp -j DNAT --to-destination 10.233.2.2:8080",
        "missing rule node1 kube-proxy nat: -A KUBE-SEP -p tcp -m recent --set --name KUBE-SEP --mask 255.255.255.255 --rsource -m tcp -j DNAT --to-destination 10.233.2.2:8080",
      ],
    },
  ],
  "broken-shared-network-nothing-listening": [
    { ports: "41002-41003", none: ["server pod p1a, port 8088 refuses"] },
  ],
  "broken-sidecar-bypassed": [
    {
      ports: "across",
      none: [],
      state: ["missing rule pod p1a sidecar nat: -A PREROUTING -p tcp -j ISTIO_INBOUND"],
    },
  ],
  "broken-sidecar-not-listening": [
    { ports: "41001-41003", none: ["server pod p1a, port 15006 refuses"] },
  ],
  "broken-udp-replies-dropped": [
    {
      ports: "42002",
      none: ["path answer node1.cni0 > node1.eth0: nothing"],
      state: ["rule node1 drops answer: -A FORWARD -i cni0 -o eth0 -p udp -m udp --dport 42002:65535 -j DROP"],
    },
  ],
  "broken-udp-stale-conntrack": [
    {
      ports: "42001",
      none: ["path request node1.eth0 > node1.cni0: another destination"],
      state: [
        "conntrack node1: udp src=198.51.100.79 dst=10.20.32.204 sport=42001 dport=9999 src=10.233.1.2 dst=198.51.100.79 sport=9999 dport=42001",
      ],
    },
  ],
};
