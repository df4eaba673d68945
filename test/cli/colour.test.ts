import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { readColourChoice, takesColour } from "../../src/cli/colour.js";

// prettier-ignore
const ROWS = [
  { name: "a terminal", flag: "auto", tty: true, env: {}, colour: true },
  { name: "a pipe", flag: "auto", tty: false, env: {}, colour: false },
  { name: "a pipe in CI", flag: "auto", tty: false, env: { CI: "true" }, colour: false },
  { name: "NO_COLOR", flag: "auto", tty: true, env: { NO_COLOR: "1" }, colour: false },
  { name: "NO_COLOR empty is not set", flag: "auto", tty: true, env: { NO_COLOR: "" }, colour: true },
  { name: "NO_COLOR before FORCE_COLOR", flag: "auto", tty: true, env: { NO_COLOR: "1", FORCE_COLOR: "1" }, colour: false },
  { name: "FORCE_COLOR on a pipe", flag: "auto", tty: false, env: { FORCE_COLOR: "1" }, colour: true },
  { name: "FORCE_COLOR=0", flag: "auto", tty: true, env: { FORCE_COLOR: "0" }, colour: false },
  { name: "TERM=dumb", flag: "auto", tty: true, env: { TERM: "dumb" }, colour: false },
  { name: "--color always before all", flag: "always", tty: false, env: { NO_COLOR: "1", TERM: "dumb" }, colour: true },
  { name: "--color never before all", flag: "never", tty: true, env: { FORCE_COLOR: "1" }, colour: false },
];

test.each(ROWS)("$name: $colour", ({ flag, tty, env, colour }) => {
  const stream = Object.assign(new Writable(), { isTTY: tty });
  expect(takesColour(readColourChoice(flag), stream, env)).toBe(colour);
});

test("another word is refused with the choices", () => {
  expect(() => readColourChoice("maybe")).toThrow("--color maybe: choose auto, always or never");
});
