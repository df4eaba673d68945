import clusterIp from "./clusterip.js";
import { CHOOSE, CHOOSE_LOCAL, TO_ENDPOINT } from "./kube-rules.js";
import type { PathRow } from "./path-row.js";
import { clusterPolicyRows, localPolicyRows, type Published } from "./published-rows.js";
import { defineScenario } from "./scenario.js";

const NODE_PORT: Published = { dialled: "node-port", what: "node:nodePort" };

const FIRST_TIME = "    (not the first time)";
const REMEMBER = "nat KUBE-SEP-…        -m recent --set -j DNAT --to-destination POD:PORT";

/** The endpoint's own rule remembers the client, and one before the dice asks for it. */
function remembering({ name, rules, ...row }: PathRow): PathRow {
  return {
    ...row,
    name: `${name}, with affinity`,
    rules: rules.flatMap((rule) => {
      if (rule === TO_ENDPOINT) return REMEMBER;
      if (rule !== CHOOSE && rule !== CHOOSE_LOCAL) return rule;
      const asked = rule.replace("-m statistic --mode random", "-m recent --rcheck --seconds N");
      return [`${asked}${FIRST_TIME}`, rule];
    }),
  };
}

export default defineScenario({
  name: "session-affinity",
  title: "a client dials a Service with sessionAffinity ClientIP, again and again",
  question: "does it get the same endpoint each time, and what counts as the same client?",
  target: "path",
  about: "session-affinity",
  explanation:
    "The first connection picks an endpoint by chance and the rules remember the client's address with it " +
    "(-m recent, by name of the endpoint's chain); for as long as the timeout lasts, later ones go there " +
    "too. What is remembered is the address that the node's rules see: all clients behind one NAT are one " +
    "client, all pods of another node that dial a NodePort are that node. Every node remembers for " +
    "itself, so a client that comes in by two nodes may get two endpoints. The source is translated, or " +
    "not, as without affinity.",
  paths: [...clusterIp.paths, ...clusterPolicyRows(NODE_PORT), ...localPolicyRows(NODE_PORT)]
    .filter(({ outcome }) => outcome === "answered")
    .map(remembering),
});
