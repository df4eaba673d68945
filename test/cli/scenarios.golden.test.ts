/** What `scenarios show` prints of a path, to a terminal, a wide one and a program. */
import { golden } from "./golden.js";

golden({
  name: "scenarios-show-path-80",
  command: "scenarios show pod-to-pod",
  world: { terminal: 80, env: { NO_COLOR: "1" } },
});
golden({
  name: "scenarios-show-path-200",
  command: "scenarios show clusterip",
  world: { terminal: 200, env: { NO_COLOR: "1" } },
});
golden({ name: "scenarios-show-path", command: "scenarios show nodeport-local" });
golden({
  name: "scenarios-80",
  command: "scenarios",
  world: { terminal: 80, env: { NO_COLOR: "1" } },
});
