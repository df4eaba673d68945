/** Absence is evidence only where a capture is proven to have been able to see the packet. */
import { describe, expect, test } from "vitest";
import type { CheckName } from "#verify/report.js";
import type { Seen } from "../support/verify-connection.js";
import { run, type Run } from "../support/verify-run.js";

/** At the node's uplink, repeated and never answered. */
const LOST: Seen = {
  at: "node1.eth0",
  tuple: "198.51.100.79:41001 > 10.20.32.204:9000",
  isn: [1000, undefined],
  ttl: [63, undefined],
  syns: [4, 0],
  packets: [4, 0],
};

/** Another connection, that the pod's capture shows. */
const inPod = (ms: number, changes: Partial<Seen> = {}): Seen => ({
  at: "pod:web",
  tuple: `198.51.100.79:${42000 + ms} > 10.233.1.2:8080`,
  isn: [ms, ms + 1],
  ms,
  ...changes,
});

const checkOf = (question: Pick<Run, "seen" | "recording">, name: CheckName) => {
  const { connections } = run({ scenario: "hostport-external", ...question });
  const lost = connections.find(({ sightings: [first] }) => first?.source.port === 41001);
  return lost?.checks.find(({ check }) => check === name);
};

describe("a request that is not in the pod's capture", () => {
  test("is lost, where the capture shows others to the pod before and after", () => {
    const check = checkOf({ seen: [LOST, inPod(500), inPod(900)] }, "delivered");
    expect(check).toMatchObject({
      verdict: "fail",
      observed: "last seen at node1.eth0, not at pod:web, which was recording",
      finding: { code: "PC009" },
    });
  });

  test("says nothing where the capture shows one datagram of two that are alike", () => {
    const alike = {
      protocol: "udp",
      ipId: 0,
      payload: 7,
      syns: [0, 0],
      isn: [undefined, undefined],
    } as const;
    const both = [41001, 41002].map((port, at) => ({
      ...LOST,
      ...alike,
      tuple: `198.51.100.79:${port} > 10.20.32.204:9000`,
      ms: 10 * at,
    }));
    const others = [500, 900].map((ms) => inPod(ms, { protocol: "udp", ipId: ms, payload: ms }));
    const one = inPod(20, { ...alike, tuple: "198.51.100.79:45000 > 10.233.1.2:8080" });
    const seen = [...both, one, ...others];
    const check = checkOf({ seen }, "delivered");
    expect(check).toMatchObject({ verdict: "inconclusive" });
    expect(check?.observed).toMatch(/may be this connection/);
    expect(checkOf({ seen: [...both, ...others] }, "delivered")?.observed).not.toMatch(
      /may be this/,
    );
  });

  // prettier-ignore
  test.each<{ name: string; question: Pick<Run, "seen" | "recording"> }>([
    { name: "there is no capture behind the node",      question: { seen: [LOST] } },
    { name: "the capture shows nothing of the pod",     question: { seen: [LOST], recording: ["pod:web"] } },
    { name: "the capture shows the pod's other ports only", question: { seen: [LOST, inPod(500, { tuple: "198.51.100.79:42500 > 10.233.1.2:9090" })] } },
    { name: "the capture shows the pod's UDP only",     question: { seen: [LOST, inPod(500, { protocol: "udp", ipId: 1, payload: 1 })] } },
    { name: "the capture shows a scan's other SYN of its number", question: { seen: [LOST, { ...LOST, tuple: "198.51.100.79:41001 > 10.20.32.204:9001" }, inPod(500, { tuple: "198.51.100.79:41001 > 10.233.1.2:8080", isn: [1000, undefined], ttl: [62, 64], syns: [1, 0] }), inPod(900)] } },
    { name: "the capture shows what the pod itself dials only", question: { seen: [LOST, inPod(500, { tuple: "10.233.1.2:42500 > 192.0.2.1:443", ttl: [64, 60] })] } },
  ])("says nothing where $name", ({ question }) => {
    const check = checkOf(question, "delivered");
    expect(check?.verdict).toBe("inconclusive");
    const hasCapture = question.recording !== undefined || question.seen.length > 1;
    expect(check?.missing).toEqual([
      hasCapture
        ? "a capture at pod:web that covers this connection: nsenter -t PID -n tcpdump -i eth0 -n -s 0 " +
          "-B 65536 --time-stamp-precision=nano -Z root -w pod.web.pcap   (PID: a process of the pod)"
        : "a capture in the pod's network namespace (pod:NAME=FILE)",
    ]);
  });
});

describe("a request at a client, that is not in the pod's capture", () => {
  const lost: Seen = { ...LOST, at: "client", ttl: [64, undefined] };
  const others = [inPod(-500), inPod(500)];

  test("is lost, where another connection holds their clocks together", () => {
    const atBoth = {
      ...inPod(500),
      at: "client",
      tuple: "198.51.100.79:42500 > 10.20.32.204:9000",
    };
    const check = checkOf({ seen: [lost, ...others, { ...atBoth, ttl: [64, 62] }] }, "delivered");
    expect(check?.verdict).toBe("fail");
  });

  test("may be of another time, where nothing holds their clocks together", () => {
    expect(checkOf({ seen: [lost, ...others] }, "delivered")).toMatchObject({
      verdict: "inconclusive",
      observed:
        "last seen at client; pod:web's clock cannot be held against the others, so that nothing shows whether it ran then",
      missing: [
        "a capture at pod:web that covers this connection, and another connection that the other captures " +
          "show too, which holds its clock: nsenter -t PID -n tcpdump -i eth0 -n -s 0 -B 65536 " +
          "--time-stamp-precision=nano -Z root -w pod.web.pcap   (PID: a process of the pod)",
      ],
    });
  });
});

describe("a request that is not in the pod's capture, which shows others to the pod", () => {
  // prettier-ignore
  test.each<{ name: string; lost?: Partial<Seen>; other?: Partial<Seen>; observed: string }>([
    { name: "data that it never showed was acknowledged", other: { unseenData: 2 }, observed: "last seen at node1.eth0; pod:web lacks packets that passed it: data was acknowledged 2 times in 1 connection that this capture never showed" },
    { name: "one packet is all that was seen of it",      lost: { syns: [1, 0], packets: [1, 0] }, observed: "last seen at node1.eth0; only one packet of it was captured, and nothing shows that pod:web did not lose one" },
    { name: "its handshake was not captured",             lost: { syns: [0, 0], isn: [undefined, undefined] }, observed: "last seen at node1.eth0; no capture shows the handshake, so what pod:web shows of it may not be joined" },
  ])("says nothing where $name", ({ lost = {}, other = {}, observed }) => {
    const seen = [{ ...LOST, ...lost }, inPod(500, other), inPod(900)];
    expect(checkOf({ seen }, "delivered")).toMatchObject({ verdict: "inconclusive", observed });
  });
});

describe("a connection that works and is not at a point of its path", () => {
  const works: readonly Seen[] = [
    { at: "node1.eth0", tuple: LOST.tuple, ttl: [63, 63] },
    { at: "pod:web", tuple: "198.51.100.79:41001 > 10.233.1.2:8080", ms: 1 },
  ];
  const name = "seen at every point it must cross";

  test("is a doubt about the capture where that point shows others around it", () => {
    const around = [inPod(500), inPod(900)].map((seen) => ({ ...seen, at: "node1.cni0" }));
    const check = checkOf({ seen: [...works, ...around] }, name);
    expect(check).toMatchObject({
      verdict: "inconclusive",
      observed:
        "not seen at node1.cni0, which was recording, though the connection works: " +
        "a filter, a packet that the capture lost, or another way",
    });
  });

  test("is a doubt where it shows none, and says what would decide", () => {
    const check = checkOf({ seen: works, recording: ["node1.cni0"] }, name);
    expect(check?.verdict).toBe("inconclusive");
    expect(check?.observed).toMatch(/^node1\.cni0 /);
    expect(check?.missing).toEqual([
      "a capture at node1.cni0 that covers this connection: tcpdump -i cni0 -p -n -s 0 -B 65536 " +
        "--time-stamp-precision=nano -Z root -w node1.cni0.pcap",
    ]);
  });

  test("is nothing where no packet may pass", () => {
    const question = { seen: works, recording: ["node1.lo", "node1.flannel.1"] };
    expect(checkOf(question, name)?.verdict).toBe("pass");
  });
});
