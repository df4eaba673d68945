/** A built-in scenario written as a file and read back is the same scenario. */
import { describe, expect, test } from "vitest";
import { readScenarioFile } from "#expected/scenario-files/scenario-file.js";
import { scenarioYaml } from "#expected/scenario-files/scenario-yaml.js";
import { yamlFlow, yamlProse, yamlText } from "#expected/scenario-files/yaml-text.js";
import { SCENARIOS } from "#expected/scenarios/index.js";
import type { Scenario } from "#expected/scenarios/scenario.js";
import { parse } from "yaml";
import { portmapOf } from "../../support/verify-recorded.js";

/** One version of each behaviour. */
const VERSIONS = ["0.6.0", "0.8.5", "1.1.1"] as const;

const WRITTEN = SCENARIOS.flatMap((scenario) =>
  (scenario.target === "path" ? VERSIONS.slice(2) : VERSIONS).map((version) => ({
    name: scenario.name,
    scenario,
    version,
  })),
);

function rowsOf(scenario: Scenario, version: string) {
  return scenario.target === "path" ? scenario.paths : scenario.rows(portmapOf(version));
}

test.each(WRITTEN)("$name, portmap $version", ({ scenario, version }) => {
  const name = `my-${scenario.name}`;
  const written = { name, portmap: portmapOf(version), comments: ["as portmap has it"] };
  const text = [...scenarioYaml(scenario, written)].join("");
  const read = readScenarioFile({ file: "my.yaml", text });
  expect(read).toMatchObject({
    name,
    title: scenario.title,
    question: scenario.question,
    explanation: scenario.explanation,
    target: scenario.target,
    file: "my.yaml",
  });
  expect(rowsOf(read, version)).toEqual(rowsOf(scenario, version));
  if (scenario.target !== "path" || read.target !== "path") return;
  expect(read.about).toBe(scenario.about);
  expect(read.otherPoints).toBe("never");
});

describe("texts that YAML would take for something else", () => {
  const texts = [
    "yes",
    "a: b",
    "a #b",
    "- a",
    "a, b",
    "{a}",
    "[a]",
    "*a",
    "1e3",
    " a ",
    "a:",
    "a\nb",
    "\u001b[31mred",
    "\u2028",
    "\u{e0001}",
    "\\u0041 \"'",
    "a  b",
    "client:* > dialled",
  ];
  test.each(texts)("%j", (text) => {
    expect(parse(`key: ${yamlText(text)}\n`)).toEqual({ key: text });
    expect(parse(`key: ${yamlFlow({ one: text, two: [text, "b"] })}\n`)).toEqual({
      key: { one: text, two: [text, "b"] },
    });
    const prose = [...yamlProse("key", text)].join("");
    expect(parse(prose)).toEqual({ key: text });
    expect(prose).not.toMatch(/[^\n\P{C}]|\u2028/u);
  });
});
