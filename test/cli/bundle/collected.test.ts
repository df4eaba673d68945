/**
 * What other tools collect, by the plain command `verify ARCHIVE…`: the healthy case, and the broken twin for
 * the right reason. The topology.yaml beside the archives says what no tool brings, and is not given.
 */
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { runProgram } from "../run-program.js";

interface Told {
  readonly verdict: string;
  readonly assumptions: readonly string[];
  readonly connections: readonly {
    readonly verdict: string;
    readonly scenario: string;
    readonly checks: readonly { readonly missing: readonly string[] }[];
    readonly attributions: readonly object[];
  }[];
}

const archivesOf = (recorded: string): readonly string[] =>
  readdirSync(`captures/${recorded}`)
    .filter((file) => file.endsWith(".tar.gz"))
    .map((file) => `captures/${recorded}/${file}`);

async function verify(recorded: string): Promise<Told> {
  const { stdout } = await runProgram(["verify", ...archivesOf(recorded), "-o", "json"]);
  return JSON.parse(stdout) as Told;
}

const verdictsOf = ({ connections }: Told): readonly string[] =>
  connections.map(({ scenario, verdict }) => `${scenario} ${verdict}`);

test("Retina's archives of a healthy hostPort pass, by the intention that the nodes' rules show", async () => {
  const told = await verify("bundle-retina-hostport");
  expect(verdictsOf(told)).toEqual([
    "node-to-pod pass",
    "hostport-external pass",
    "hostport-external pass",
    "hostport-node pass",
    "hostport-pod pass",
    "node-to-pod pass",
  ]);
  expect(told.assumptions[0]).toMatch(/^nobody told what was intended/);
});

test("the broken twin fails by the rule that masquerades too much, with its line in Retina's own file", async () => {
  const told = await verify("broken-bundle-retina-hostport");
  expect(told.verdict).toBe("fail");
  expect(JSON.stringify(told.connections.map(({ attributions }) => attributions))).toMatch(
    /UTC\.tar\.gz\/iptables-rules\.txt","line":38,/,
  );
});

test("KubeSkoop's pair has no state: what the packets alone prove passes with what it assumes", async () => {
  const told = await verify("bundle-kubeskoop-hostport");
  expect(told.connections.map(({ verdict }) => verdict)).not.toContain("fail");
  expect(verdictsOf(told).filter((one) => one === "hostport-external pass")).toHaveLength(2);
});

test("its broken twin accuses nobody, and says what would decide", async () => {
  const told = await verify("broken-bundle-kubeskoop-hostport");
  expect(told.verdict).toBe("inconclusive");
  const needed = told.connections.flatMap(({ checks }) => checks.flatMap(({ missing }) => missing));
  expect(needed).toContain(
    "--topology FILE or --state DIR: what serves 10.20.32.204:9000; it was refused or not answered",
  );
});
