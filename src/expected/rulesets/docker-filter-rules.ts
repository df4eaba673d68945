/** What Docker lets through FORWARD: by bridge and by published port. */
import { host, portMatch, type DockerSetting } from "./docker-setting.js";
import type { InstalledRules } from "./installed-rules.js";
import { appended, inserted } from "./rule-lines.js";

/** Sources as of `DockerGeneration`. */
export function dockerFilterRules(setting: DockerSetting): InstalledRules {
  return setting.generation === 27 ? inForward(setting) : behindForward(setting);
}

const STAGE_1 = "DOCKER-ISOLATION-STAGE-1";
const STAGE_2 = "DOCKER-ISOLATION-STAGE-2";

/** Up to 27: each network puts its rules into FORWARD itself, in front of those that are there. */
function inForward({ networks, containers }: DockerSetting): InstalledRules {
  const ends = [STAGE_1, STAGE_2, "DOCKER-USER"];
  const perNetwork = networks.flatMap(({ bridge }) => [
    `FORWARD -i ${bridge} -o ${bridge} -j ACCEPT`,
    `FORWARD -i ${bridge} ! -o ${bridge} -j ACCEPT`,
    `FORWARD -o ${bridge} -j DOCKER`,
    `FORWARD -o ${bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
    `${STAGE_1} -i ${bridge} ! -o ${bridge} -j ${STAGE_2}`,
    `${STAGE_2} -o ${bridge} -j DROP`,
  ]);
  return {
    chains: chainsOf(["DOCKER", ...ends]),
    rules: [
      ...appended("filter", [
        ...ends.map((chain) => `${chain} -j RETURN`),
        ...openPorts(containers),
      ]),
      // The two jumps come back to the top with every network that is made.
      ...inserted("filter", [...perNetwork, `FORWARD -j ${STAGE_1}`, "FORWARD -j DOCKER-USER"]),
    ],
  };
}

/**
 * Since 28: FORWARD only jumps, and what is not for a published port is dropped here, whatever the
 * policy. Isolation between bridges is 28's only.
 */
function behindForward({ generation, networks, containers }: DockerSetting): InstalledRules {
  const isIsolated = generation === 28;
  const jumps = ["DOCKER-CT", isIsolated ? STAGE_1 : "DOCKER-INTERNAL", "DOCKER-BRIDGE"];
  const perNetwork = networks.flatMap(({ bridge }) => [
    `DOCKER ! -i ${bridge} -o ${bridge} -j DROP`,
    `DOCKER-CT -o ${bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
    `DOCKER-BRIDGE -o ${bridge} -j DOCKER`,
    `DOCKER-FORWARD -i ${bridge} -j ACCEPT`,
    ...(isIsolated ? [`${STAGE_1} -i ${bridge} ! -o ${bridge} -j ${STAGE_2}`] : []),
  ]);
  const drops = isIsolated ? networks.map(({ bridge }) => `${STAGE_2} -o ${bridge} -j DROP`) : [];
  const stages = isIsolated ? [STAGE_2] : [];
  return {
    chains: chainsOf(["DOCKER", "DOCKER-FORWARD", ...jumps, ...stages, "DOCKER-USER"]),
    rules: [
      ...appended("filter", [...jumps.map((chain) => `DOCKER-FORWARD -j ${chain}`), ...perNetwork]),
      ...inserted("filter", [
        ...drops,
        ...openPorts(containers),
        "FORWARD -j DOCKER-FORWARD",
        "FORWARD -j DOCKER-USER",
      ]),
    ],
  };
}

function openPorts(containers: DockerSetting["containers"]): readonly string[] {
  return containers.flatMap(({ address, bridge, ports }) =>
    ports.map(({ protocol, containerPort }) => {
      const port = portMatch(protocol, containerPort);
      return `DOCKER -d ${host(address)} ! -i ${bridge} -o ${bridge} ${port} -j ACCEPT`;
    }),
  );
}

function chainsOf(names: readonly string[]): InstalledRules["chains"] {
  return names.map((name) => ({ table: "filter", name }));
}
