/** What `oc adm must-gather` leaves, with captures of every node beside it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { kubectlJson, kubectlObjects } from "../../support/kubectl-objects.js";
import { tarArchive, type TarEntry } from "../../support/tar-archive.js";
import { bytesOf, topologyOf } from "../../support/verify-recorded.js";
import { runProgram } from "../run-program.js";

const folder = mkdtempSync(join(tmpdir(), "pcapcheck-must-gather-"));
afterAll(() => rmSync(folder, { recursive: true }));

const IMAGE = "must-gather.local.5421342344627712289/quay-io-openshift-sha256-8f2b";

interface ApiObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** One object per file, and lists, as `oc adm inspect` writes them (github.com/openshift/oc pkg/cli/admin/inspect). */
function objectFiles(recorded: string): readonly TarEntry[] {
  const objects = kubectlObjects(topologyOf(recorded)).map((one): ApiObject =>
    JSON.parse(JSON.stringify(one)),
  );
  const nodes = objects.filter(({ kind }) => kind === "Node");
  const list = (kind: string): string =>
    `---\n${stringify({ apiVersion: "v1", items: objects.filter((one) => one.kind === kind), kind: `${kind}List` })}`;
  return [
    ...nodes.map((node) => ({
      path: `${IMAGE}/cluster-scoped-resources/core/nodes/${node.metadata.name}.yaml`,
      bytes: `---\n${stringify(node)}`,
    })),
    { path: `${IMAGE}/namespaces/default/core/pods.yaml`, bytes: list("Pod") },
    { path: `${IMAGE}/namespaces/default/core/services.yaml`, bytes: list("Service") },
    {
      path: `${IMAGE}/namespaces/default/discovery.k8s.io/endpointslices.yaml`,
      bytes: list("EndpointSlice"),
    },
    {
      path: `${IMAGE}/namespaces/default/apps/deployments.yaml`,
      bytes: "---\napiVersion: apps/v1\nitems: []\nkind: DeploymentList\n",
    },
    {
      path: `${IMAGE}/namespaces/default/pods/p1a/p1a/p1a/logs/current.log`,
      bytes: "2026-11-21T19:00:00Z started\n",
    },
    { path: `${IMAGE}/version`, bytes: "openshift/must-gather\n4.16.0\n" },
  ];
}

function archiveOf(recorded: string): string {
  const path = join(folder, `${recorded}.tar.gz`);
  const captures = ["node1", "node2"].map((node) => ({
    path: `${IMAGE}/network_captures/${node}/2026-11-21T19:00:00.pcap`,
    bytes: bytesOf(`${recorded}/${node}.any.pcap`),
  }));
  const entries = [...captures, ...objectFiles(recorded)].map((entry) => long(entry));
  writeFileSync(path, gzipSync(tarArchive(entries.flat())));
  return path;
}

/** A path of more than 100 bytes stands in front, as GNU tar has it. */
function long(entry: TarEntry): readonly TarEntry[] {
  return [
    { path: "././@LongLink", type: "L", bytes: `${entry.path}\0` },
    { ...entry, path: entry.path.slice(0, 90) },
  ];
}

// prettier-ignore
test.each([
  { recorded: "nodeport-cluster",               code: 3 },
  { recorded: "broken-nodeport-forward-reject", code: 1 },
])("$recorded: the archive alone says what its files say, given one by one", async ({ recorded, code }) => {
  const archive = await runProgram(["verify", archiveOf(recorded), "-o", "json"]);
  expect(archive.stderr).toContain("2 captures  node1/any, node2/any\n");
  expect(archive.stderr).toMatch(/topology +must-gather\.local.*nodes\/node1\.yaml.* and 1 more\n/);

  const cluster = join(folder, "cluster.json");
  writeFileSync(cluster, kubectlJson(kubectlObjects(topologyOf(recorded))));
  const captures = ["node1", "node2"].map((node) => `${node}/any=captures/${recorded}/${node}.any.pcap`);
  const byHand = await runProgram(["verify", ...captures, "--topology", cluster, "-o", "json"]);

  expect(archive.code).toBe(code);
  expect(withoutFiles(archive.stdout)).toEqual(withoutFiles(byHand.stdout));
});

/** Files have other names in the archive. */
function withoutFiles(report: string): unknown {
  return JSON.parse(report.replaceAll(/"[^"]*\.pcap(#\d+)?"/g, '"FILE$1"'));
}
