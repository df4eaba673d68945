/** Which of the model's capture points a capture shows, by its name and the topology. */
import { describe, expect, test } from "vitest";
import { readTopology } from "#cluster/topology-file.js";
import type { TapPoint } from "#expected/taps/predicted-sighting.js";
import { pointsOf } from "#verify/point.js";
import { captureTapOf, isAtTap } from "#verify/replay/tap-at.js";

const TOPOLOGY = readTopology({
  file: "topology.yaml",
  text: `
schema: pcapcheck.topology/v1
nodes:
  - name: node1
    addresses: [10.20.32.204]
    interfaces:
      - { name: lo, index: 1, kind: loopback }
      - { name: ens5, index: 2, kind: uplink }
      - { name: flannel.1, index: 3, kind: overlay }
      - { name: cni0, index: 4, kind: bridge }
      - { name: docker0, index: 5, kind: bridge }
      - { name: veth1234, index: 6, kind: veth, pod: web }
      - { name: veth5678, index: 7, kind: veth, pod: other }
  - { name: node2, addresses: [10.20.32.205] }
pods:
  - { name: web, node: node1, address: 10.233.1.2 }
clients:
  - { name: client, addresses: [198.51.100.79] }
`,
});

/** `node1/flannel.1` of a capture of all interfaces is `node1.any` with that interface. */
function pointAt(name: string, port?: string) {
  const captures = [{ point: name, file: "a.pcap", records: 1, first: undefined, last: undefined }];
  const points = [...pointsOf(captures, [], TOPOLOGY).values()];
  const [point] = points;
  if (!point) throw new Error("no point");
  return captureTapOf(port === undefined ? point : { ...point, name: `${name}/${port}` });
}

const node = (name: string) => ({ kind: "node", name }) as const;
const pod = (name: string) => ({ kind: "pod", name }) as const;

// prettier-ignore
const TAPS: Readonly<Record<string, TapPoint>> = {
  uplink:   { kind: "uplink",   namespace: node("node1"),         interface: "ens5",      pod: undefined },
  uplink2:  { kind: "uplink",   namespace: node("node2"),         interface: "eth0",      pod: undefined },
  overlay:  { kind: "overlay",  namespace: node("node1"),         interface: "flannel.1", pod: undefined },
  cni0:     { kind: "bridge",   namespace: node("node1"),         interface: "cni0",      pod: undefined },
  docker0:  { kind: "bridge",   namespace: node("node1"),         interface: "docker0",   pod: undefined },
  veth:     { kind: "veth",     namespace: node("node1"),         interface: "veth1234",  pod: "web" },
  lo:       { kind: "loopback", namespace: node("node1"),         interface: "lo",        pod: undefined },
  pod:      { kind: "uplink",   namespace: pod("web"),            interface: "eth0",      pod: undefined },
  otherPod: { kind: "uplink",   namespace: pod("other"),          interface: "eth0",      pod: undefined },
  podLo:    { kind: "loopback", namespace: pod("web"),            interface: "lo",        pod: undefined },
  outside:  { kind: "uplink",   namespace: { kind: "outside" },   interface: undefined,   pod: undefined },
};

describe("what a capture shows of the model's points", () => {
  // prettier-ignore
  test.each([
    { capture: "node1.ens5",          shows: ["uplink"],                                              why: "the node's uplink, whatever it is called" },
    { capture: "node1/ens5",          shows: ["uplink"],                                              why: "the other way to write it" },
    { capture: "node2.eth0",          shows: ["uplink2"],                                             why: "not another node's" },
    { capture: "node1.flannel.1",     shows: ["overlay"],                                             why: "dots within an interface's name" },
    { capture: "node1.cni0",          shows: ["cni0"],                                                why: "one bridge of several" },
    { capture: "node1.docker0",       shows: ["docker0"],                                             why: "the other" },
    { capture: "node1.veth1234",      shows: ["veth"],                                                why: "the pod's end in the node" },
    { capture: "node1.veth-web",      shows: ["veth"],                                                why: "named after its pod" },
    { capture: "node1.veth5678",      shows: [],                                                      why: "another pod's" },
    { capture: "node1.lo",            shows: ["lo"],                                                  why: "the node's lo is not a pod's" },
    { capture: "pod-web.eth0",        shows: ["pod"],                                                 why: "the pod's own interface, not its lo" },
    { capture: "pod:web",             shows: ["pod"],                                                 why: "the same, without an interface" },
    { capture: "pod-web.lo",          shows: ["podLo"],                                               why: "the pod's lo" },
    { capture: "pod-other.eth0",      shows: ["otherPod"],                                            why: "another pod" },
    { capture: "client.eth0",         shows: ["outside"],                                             why: "where the client is" },
    { capture: "node1.any",           shows: ["uplink", "overlay", "cni0", "docker0", "veth", "lo"],  why: "every interface of its node" },
    { capture: "svc_host_port",       shows: [],                                                      why: "the name tells nothing" },
  ])("$capture: $why", ({ capture, shows }) => {
    const tap = pointAt(capture);
    const seen = Object.entries(TAPS).flatMap(([name, at]) =>
      isAtTap(tap, at) ? name : [],
    );
    expect(seen).toEqual(shows);
  });
});

test("a topology's client is known at its capture by its addresses", () => {
  expect(pointAt("client.eth0").addresses).toEqual([{ address: "198.51.100.79", length: 32 }]);
  expect(pointAt("node1.ens5").addresses).toBeUndefined();
});

test("an interface of a capture of all of them is the one behind its name", () => {
  expect(pointAt("node1.any", "cni0").interface).toBe("cni0");
  expect(pointAt("node1.any-sll", "flannel.1").interface).toBe("flannel.1");
});
