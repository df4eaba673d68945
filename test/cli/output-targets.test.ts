/** `-o FORMAT[=FILE]`: what is written where, and what is refused before anything is read. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { REPORT_FORMATS } from "#report/report-formats.js";
import { VERIFY_FORMATS } from "../../src/cli/verify-formats.js";
import { closest } from "#net/closest.js";
import { writeOutputs } from "../../src/cli/write-outputs.js";
import { outputPlace } from "../../src/cli/output-place.js";
import { runProgram } from "./run-program.js";

const CAPTURE = "captures/hostport-external/svc_host_port.pcap";
const VERIFY = ["verify", CAPTURE, "--scenario", "hostport-external"];
const MAIN = "dist/cli/main.js";

let folder = "";
const at = (name: string): string => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pcapcheck-output-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("written", () => {
  test("into each file what standard output would have got, and the table stays there", async () => {
    const words = REPORT_FORMATS.map(({ name }) => `-o${name}=${at(name)}`);
    const { stdout, stderr, code } = await runProgram([...VERIFY, ...words]);
    expect({ stdout, stderr, code }).toEqual({ ...(await runProgram(VERIFY)), stderr: "" });
    for (const { name } of REPORT_FORMATS) {
      const { stdout: alone } = await runProgram([...VERIFY, "-o", name]);
      expect(readFileSync(at(name), "utf8")).toBe(alone);
    }
    expect(readdirSync(folder).sort()).toEqual(REPORT_FORMATS.map(({ name }) => name).sort());
  });

  test.each(["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])(
    "%s is standard output, and nothing else goes there",
    async (file) => {
      const { stdout } = await runProgram([...VERIFY, `-ojson=${file}`]);
      expect(stdout).toBe((await runProgram([...VERIFY, "-ojson"])).stdout);
    },
  );

  test("a file for a person has no colour, however wide the terminal", async () => {
    const world = { terminal: 40 };
    await runProgram([...VERIFY, `-otable=${at("t")}`, "--color", "always"], world);
    expect(readFileSync(at("t"), "utf8")).toBe((await runProgram(VERIFY)).stdout);
  });

  test("behind a link, dangling or not, and the link stays one", async () => {
    writeFileSync(at("there"), "");
    symlinkSync("there", at("one"));
    symlinkSync("new", at("two"));
    await runProgram([...VERIFY, `-ojson=${at("one")}`, `-otable=${at("two")}`]);
    expect(readFileSync(at("there"), "utf8")).toContain("pcapcheck.report/v1");
    expect(readFileSync(at("new"), "utf8")).toMatch(/^PASS/);
    expect(readdirSync(folder).sort()).toEqual(["new", "one", "there", "two"]);
  });

  test("over an earlier one, which keeps its permissions", async () => {
    writeFileSync(at("r.json"), "old", { mode: 0o640 });
    chmodSync(at("r.json"), 0o640);
    await runProgram([...VERIFY, `-ojson=${at("r.json")}`]);
    expect(readFileSync(at("r.json"), "utf8")).toContain("pcapcheck.report/v1");
    expect(statSync(at("r.json")).mode & 0o777).toBe(0o640);
  });

  test("not at all where rendering breaks off, and what was there stays", async () => {
    writeFileSync(at("r"), "old");
    const chunks = {
      *[Symbol.iterator]() {
        yield "x".repeat(100_000);
        throw new RangeError("in the middle");
      },
    };
    const place = outputPlace(at("r"));
    const { stdout, stderr, stdin } = process;
    const io = { stdin, stdout, stderr, env: {} };
    await expect(writeOutputs([{ place, chunks }], io)).rejects.toThrow("in the middle");
    expect(readFileSync(at("r"), "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["r"]);
  });

  test("to others also where one cannot be written, and the exit code is 2", async () => {
    const { stdout, stderr, code } = await runProgram([
      ...VERIFY,
      "-ojson=/dev/full",
      `-otable=${at("t")}`,
    ]);
    expect({ stderr, code }).toEqual({
      stderr: "/dev/full: no space left on device; it is not written\n",
      code: 2,
    });
    expect(readFileSync(at("t"), "utf8")).toBe(stdout);
  });

  test("by every command", async () => {
    const commands = [
      ["flows", CAPTURE],
      ["doctor", CAPTURE],
      "predict --topology captures/hostport-external/topology.yaml --from 198.51.100.79 --to 10.20.32.204:9000".split(
        " ",
      ),
    ];
    for (const argv of commands) {
      const { stdout } = await runProgram([...argv, `-ojson=${at("x")}`]);
      expect(stdout).toBe((await runProgram(argv)).stdout);
      expect(readFileSync(at("x"), "utf8")).toBe((await runProgram([...argv, "-ojson"])).stdout);
    }
  });

  test("into what a shell opens: a descriptor, a pipe", () => {
    const redirected = `node ${MAIN} ${VERIFY.join(" ")} -o json=/dev/fd/3 3> ${at("three")}`;
    const piped = `node ${MAIN} ${VERIFY.join(" ")} -o json=>(head -c 1 > ${at("piped")}); wait`;
    spawnSync("bash", ["-c", redirected]);
    expect(readFileSync(at("three"), "utf8")).toMatch(/^\{[^]*\}\n$/);
    const { stdout } = spawnSync("bash", ["-c", piped], { encoding: "utf8" });
    expect(stdout).toMatch(/^PASS/);
    expect(readFileSync(at("piped"), "utf8")).toBe("{");
  });
});

interface Refusal {
  readonly what: string;
  /** `@` is the folder. */
  readonly words: readonly string[];
  readonly says: string;
  /** Files and folders, with `/` behind, that are there. */
  readonly there?: readonly string[];
}

// prettier-ignore
const REFUSED: readonly Refusal[] = [
  { what: "an unknown format", words: ["-ojsonn=@/x"], says: "-o jsonn: no such format; did you mean json?; choose table" },
  { what: "a name without its format", words: ["-oreport.json"], says: "did you mean json=report.json?" },
  { what: "another name of a format", words: ["-oreport.ndjson"], says: "-o report.ndjson: no such format" },
  { what: "no file behind the =", words: ["-ojson="], says: "-o json=: no file behind the =" },
  { what: "two to standard output", words: ["-ojson", "-otable"], says: "-o json and -o table: two to standard output; name a file for one of them\n    try       -o table=FILE" },
  { what: "two to standard output by its other names", words: ["-ojson=-", "-otable=/dev/stdout"], says: "two to standard output" },
  { what: "one file twice", words: ["-ojson=@/x", "-otable=@/./x"], says: "two into one file" },
  { what: "one file twice, by a link", words: ["-ojson=@/x", "-otable=@/link"], there: ["x", "link>x"], says: "two into one file" },
  { what: "one descriptor twice", words: ["-ojson=/dev/fd/2", "-otable=/dev/stderr"], says: "two into one file" },
  { what: "a directory", words: ["-ojson=@/d"], there: ["d/"], says: "is a directory; name a file in it" },
  { what: "a directory that is not there", words: ["-ojson=@/d/x"], says: "there is no directory @/d" },
  { what: "a file for a directory", words: ["-ojson=@/f/x"], there: ["f"], says: "there is no directory @/f" },
  { what: "links that go round", words: ["-ojson=@/a"], there: ["a>b", "b>a"], says: "too many links" },
];

test.each(REFUSED)("refused: $what", async ({ words, says, there = [] }) => {
  for (const name of there) {
    const [link = "", target] = name.split(">");
    if (target !== undefined) symlinkSync(target, at(link));
    else if (name.endsWith("/")) mkdirSync(at(name));
    else writeFileSync(at(name), "");
  }
  const before = readdirSync(folder);
  const argv = ["verify", "missing.pcap", ...words.map((word) => word.replaceAll("@", folder))];
  const { stdout, stderr, code } = await runProgram(argv);
  expect(stderr).toContain(says.replaceAll("@", folder));
  // Before the captures are read.
  expect(stderr).not.toContain("missing.pcap");
  expect({ stdout, code }).toEqual({ stdout: "", code: 2 });
  expect(readdirSync(folder)).toEqual(before);
});

test.skipIf(process.getuid?.() === 0)("refused: a folder of somebody else", async () => {
  chmodSync(folder, 0o500);
  const { stderr, code } = await runProgram([...VERIFY, `-ojson=${at("x")}`]);
  expect({ stderr, code }).toEqual({
    stderr: `-o json=${at("x")}: ${folder} cannot be written: permission denied\n`,
    code: 2,
  });
  chmodSync(folder, 0o700);
});

/** What stderr says; nothing has changed. */
async function refuses(argv: readonly string[]): Promise<string> {
  const before = readdirSync(folder).map((name) => readFileSync(at(name), "latin1"));
  const { stdout, stderr, code } = await runProgram(argv);
  expect({ stdout, code }).toEqual({ stdout: "", code: 2 });
  const after = readdirSync(folder).map((name) => readFileSync(at(name), "latin1"));
  expect(after).toEqual(before);
  return stderr;
}

describe("over what is read", () => {
  beforeEach(() => {
    copyFileSync(CAPTURE, at("pod.pcap"));
    copyFileSync("captures/hostport-external/topology.yaml", at("topology.yaml"));
  });

  test("a capture, a topology, by whatever name", async () => {
    linkSync(at("pod.pcap"), at("hard"));
    symlinkSync("pod.pcap", at("soft"));
    for (const name of ["pod.pcap", "hard", "soft"]) {
      for (const word of [at("pod.pcap"), `pod:web=${at("pod.pcap")}`, at("*.pcap")]) {
        const said = await refuses(["flows", word, `-ojson=${at(name)}`]);
        expect(said).toContain(`this is an input, ${at("pod.pcap")}; name another file`);
      }
    }
    const topology = ["--topology", at("topology.yaml"), `-ojson=${at("topology.yaml")}`];
    expect(await refuses([...VERIFY, ...topology])).toContain("this is an input");
    expect(await refuses(["predict", "--to", "10.0.0.1:80", ...topology])).toContain(
      "this is an input",
    );
  });

  test("what is in a directory that is read, if it is not a report of before", async () => {
    for (const name of ["pod.pcap", "topology.yaml"]) {
      const said = await refuses(["flows", folder, `-ojson=${at(name)}`]);
      expect(said).toContain("it is there already, in");
    }
  });

  test("reports of before are no input and are written over, of every format", async () => {
    const outputs = VERIFY_FORMATS.map(({ name }) => ({ name, file: at(`report.${name}`) }));
    const words = outputs.map(({ name, file }) => `-o${name}=${file}`);
    const argv = ["verify", folder, "--scenario", "hostport-external", ...words];
    const first = await runProgram(argv);
    const written = outputs.map(({ file }) => readFileSync(file));
    expect(first.code).toBe(0);
    expect(await runProgram(argv)).toMatchObject({ code: 0, stdout: first.stdout });
    expect(outputs.map(({ file }) => readFileSync(file))).toEqual(written);
  });
});

test("every format is found from a slip of the finger", () => {
  const names = REPORT_FORMATS.map(({ name }) => name);
  for (const name of names) expect(closest(name.slice(1), names)).toBe(name);
});
