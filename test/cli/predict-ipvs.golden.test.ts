/** A node whose kube-proxy runs in ipvs mode, by its own state. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readState } from "../../src/cli/state-folder.js";
import { golden } from "./golden.js";

const FOLDER = "test/fixtures/ipvs-node";
const STATE = `--state ${FOLDER}`;

golden({
  name: "predict-ipvs-nodeport",
  command: `predict ${STATE} --in eth0 --from 192.0.2.7:40000 --to 10.20.32.204:30080`,
});
golden({
  name: "predict-ipvs-hostport",
  command: `predict ${STATE} --in eth0 --from 10.20.32.201:40000 --to 10.20.32.204:80`,
});
golden({
  name: "predict-ipvs-json",
  command: `predict ${STATE} --local --from 10.96.0.20:40000 --to 10.96.0.20:80 -o json`,
});

test("a node with kube-ipvs0 is not read without its virtual servers", () => {
  const folder = mkdtempSync(join(tmpdir(), "pcapcheck-"));
  try {
    const without = { filter: (path: string) => !path.endsWith("ipvsadm.txt"), recursive: true };
    cpSync(FOLDER, folder, without);
    expect(() => readState({ folder, node: undefined, family: "ipv4" })).toThrow(
      /worker1\.ipvsadm\.txt: not there\n {4}try {7}ipvsadm -Sn > /,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
