import { counted } from "#net/counted.js";
import type { Service } from "#cluster/service.js";
import { describeFlow } from "#verify/replay/place-words.js";
import { repliesOf } from "#verify/replay/compared.js";
import { receiver, type ReplayCase } from "#verify/replay/replay-case.js";
import type { ReplayCheck } from "#verify/replay/replay-check.js";

/**
 * kube-proxy answers a balancer 200 where the Service has a ready endpoint on that node and 503
 * where it has none (kubernetes v1.28.7 pkg/proxy/healthcheck/service_health.go).
 */
export const healthAnswer: ReplayCheck = {
  nameFor: () => "health answer",
  examine(theCase) {
    const service = serviceAsked(theCase);
    const node = receiver(theCase)?.party;
    if (!service || node?.kind !== "node") return undefined;
    const local = service.endpoints.filter((one) => one.ready && one.node === node.name).length;
    const status = local > 0 ? 200 : 503;
    const expected = `${status}: ${counted(local, "ready endpoint")} on ${node.name}`;
    const answer = repliesOf(theCase).find(({ flow }) => flow.connection.httpStatus !== undefined);
    if (!answer) {
      return { verdict: "not applicable", expected, observed: "no answer in HTTP was captured" };
    }
    const { httpStatus } = answer.flow.connection;
    const verdict = httpStatus === status ? "pass" : "fail";
    const observed = `${httpStatus}: ${describeFlow(answer.flow)}`;
    return { verdict, expected, observed, flows: [answer.flow] };
  },
};

function serviceAsked({ row, dial, topology }: ReplayCase): Service | undefined {
  if (row?.dialled !== "health-check-node-port") return undefined;
  const { port } = dial.tuple.destination;
  return topology.services.find(({ healthCheckNodePort }) => healthCheckNodePort === port);
}
