/** The package as npm would publish it, unpacked where somebody uses it. Built here, so no old `dist`. */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MANIFEST: {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly man: string;
} = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** What goes into a package besides what is built. */
const SOURCES = ["package.json", "tsconfig.json", "src", "docs", "README.md", "CHANGELOG.md"];
const ONLY_OF_THE_PROGRAM: readonly string[] = ["commander", "cli-table3"];

const folder = mkdtempSync(join(tmpdir(), "pcapcheck-package-"));
const source = join(folder, "source");
const library = join(folder, "library");
const program = join(folder, "program");

function run(command: string, argv: readonly string[], cwd: string): string {
  return execFileSync(command, argv, { cwd, encoding: "utf8" });
}

function tsc(argv: readonly string[], cwd: string): string {
  return run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), ...argv], cwd);
}

/** As `npm install` leaves it, with links instead of downloads. */
function install(consumer: string, { tarball, without }: Installation): void {
  const modules = join(consumer, "node_modules");
  mkdirSync(join(modules, "pcapcheck"), { recursive: true });
  run("tar", ["-xzf", tarball, "--strip-components=1", "-C", join(modules, "pcapcheck")], folder);
  const dependencies = Object.keys(MANIFEST.dependencies);
  for (const name of [...dependencies, "@types/node"]) {
    if (without.includes(name)) continue;
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  }
  writeFileSync(join(consumer, "package.json"), JSON.stringify({ type: "module" }));
}

interface Installation {
  readonly tarball: string;
  readonly without: readonly string[];
}

let packed: readonly string[] = [];

beforeAll(() => {
  mkdirSync(source);
  for (const name of [...SOURCES, "LICENSE"]) {
    cpSync(join(ROOT, name), join(source, name), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(source, "node_modules"));
  tsc(["-p", "."], source);
  const npm = ["pack", "--json", "--ignore-scripts", "--offline", "--loglevel=error"];
  const [result]: { readonly filename: string; readonly files: { readonly path: string }[] }[] =
    JSON.parse(run("npm", npm, source));
  packed = result?.files.map(({ path }) => path) ?? [];
  const tarball = join(source, result?.filename ?? "");
  install(library, { tarball, without: ONLY_OF_THE_PROGRAM });
  install(program, { tarball, without: [] });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("holds what is needed to use it, and nothing else", () => {
  const shipped =
    /^(?:dist\/.+\.(?:js|js\.map|d\.ts)|docs\/man\/.+\.1|docs\/schema\/.+\.schema\.json|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/;
  expect(packed.filter((path) => !shipped.test(path))).toEqual([]);
  expect(packed.filter((path) => /(^|\/)(test|captures)\//.test(path))).toEqual([]);
  const programs = Object.values(MANIFEST.bin);
  for (const path of ["dist/index.js", "dist/index.d.ts", ...programs, MANIFEST.man, "LICENSE"]) {
    expect(packed).toContain(path);
  }
  const schemas = readdirSync(join(ROOT, "docs/schema")).map((name) => `docs/schema/${name}`);
  const documents = [MANIFEST.man, ...schemas];
  expect(packed.filter((path) => path.startsWith("docs/")).sort()).toEqual(documents.sort());
});

test("publint has nothing to say", async () => {
  const pkgDir = join(program, "node_modules/pcapcheck");
  const { messages } = await publint({ pkgDir, pack: false, strict: true });
  expect(messages).toEqual([]);
});

describe("the library, where nothing of the terminal is installed", () => {
  test("reads a capture and verifies it", () => {
    const file = join(ROOT, "captures/hostport-external/svc_host_port.pcap");
    writeFileSync(join(library, "use.js"), USE);
    expect(
      ONLY_OF_THE_PROGRAM.filter((name) => existsSync(join(library, "node_modules", name))),
    ).toEqual([]);
    expect(run(process.execPath, ["use.js", file], library)).toBe("tcp tcp pass\n");
  });

  test("has types for a strict compiler that also checks what it imports", () => {
    writeFileSync(join(library, "use.ts"), USE_TYPED);
    const options = ["--noEmit", "--strict", "--skipLibCheck", "false", "--types", "node"];
    const resolution = [
      "--target",
      "es2022",
      "--module",
      "nodenext",
      "--exactOptionalPropertyTypes",
    ];
    expect(compilerSays([...options, ...resolution, "use.ts"])).toBe("");
  });

  test("is closed but for its front door", () => {
    const script = `import("pcapcheck/dist/cli/program.js").catch((e) => console.log(e.code))`;
    expect(run(process.execPath, ["--input-type=module", "-e", script], library)).toBe(
      "ERR_PACKAGE_PATH_NOT_EXPORTED\n",
    );
  });
});

function compilerSays(argv: readonly string[]): string {
  try {
    return tsc(argv, library);
  } catch (error) {
    return typeof error === "object" && error !== null && "stdout" in error
      ? String(error.stdout)
      : String(error);
  }
}

test("the program runs, and knows its version", () => {
  const bin = "node_modules/pcapcheck/dist/cli/main.js";
  expect(run(process.execPath, [bin, "--version"], program)).toBe(`${MANIFEST.version}\n`);
  const file = join(ROOT, "captures/hostport-external/svc_host_port.pcap");
  const verify = ["verify", file, "--scenario", "hostport-external", "-o", "json"];
  expect(run(process.execPath, [bin, ...verify], program)).toContain('"verdict": "pass"');
});

const bin = (name: string): string => join("node_modules/pcapcheck", MANIFEST.bin[name] ?? "");

test("is a plugin of kubectl under the names that kubectl looks for", () => {
  const plugin = bin("kubectl-pcapcheck");
  const help = run(process.execPath, [plugin, "verify", "--help"], program);
  expect(help).toMatch(/^Usage: kubectl pcapcheck verify /);
  const complete = bin("kubectl_complete-pcapcheck");
  const words = ["verify", "--scenario", "hostport-n"];
  expect(run(process.execPath, [complete, ...words], program)).toBe("hostport-node\n:0\n");
});

const USE = `
import { readFileSync } from "node:fs";
import { CURRENT_PORTMAP, findScenario, portmapBehaviour, trackCaptures, verifyCaptures } from "pcapcheck";

const bytes = readFileSync(process.argv[2]);
const open = () => {
  let at = 0;
  const read = (target, offset) => {
    const count = bytes.copy(target, offset, at);
    at += count;
    return count;
  };
  return { name: "pod.pcap", read };
};
const tracked = await trackCaptures([{ point: "pod:web", files: [{ name: "pod.pcap", open }] }]);
const nothing = { node: undefined, pod: undefined, hostPort: undefined, containerPort: undefined,
  clients: undefined, topology: undefined };
const report = await verifyCaptures(tracked, {
  scenario: findScenario("hostport-external"),
  portmap: portmapBehaviour(CURRENT_PORTMAP),
  given: nothing,
  strict: false,
});
console.log([...tracked.connections].map(({ protocol }) => protocol).join(" "), report.verdict);
`;

const USE_TYPED = `
import {
  CaptureRecord, CURRENT_PORTMAP, DecodedPacket, decodeRecord, findScenario, FlowTracker,
  formatEndpoint, portmapBehaviour, readAny, readCapture, SCENARIOS, trackCaptures, verifyCaptures,
  type BlockSource, type CaptureInput, type Connection, type Expectation, type Finding,
  type FlowsReport, type GivenFacts, type Report, type Verdict,
} from "pcapcheck";

export async function run(source: BlockSource, given: GivenFacts): Promise<Verdict> {
  const input: CaptureInput = { point: "pod:web", files: [{ name: "a", open: () => source }] };
  const tracked: FlowsReport = await trackCaptures([input]);
  const scenario = findScenario("hostport-external") ?? SCENARIOS[0];
  const portmap = portmapBehaviour(CURRENT_PORTMAP);
  if (!scenario || !portmap) throw new Error("no such scenario");
  const expectation: Expectation = { scenario, portmap, given, strict: false };
  const report: Report = await verifyCaptures(tracked, expectation);
  const findings: (Finding | undefined)[] = report.connections.flatMap(({ checks }) =>
    checks.map(({ finding }) => finding),
  );
  for (const { originator } of tracked.connections) formatEndpoint(originator);
  return findings.length > 0 ? "fail" : report.verdict;
}

export function connections(source: BlockSource): readonly Connection[] {
  const tracker = new FlowTracker();
  const packet = new DecodedPacket();
  tracker.startFile({ file: "a", point: "pod:web", baseTime: undefined });
  tracker.finishFile(readCapture(source, (record: CaptureRecord) => {
    decodeRecord(record, packet);
    tracker.add(record, packet);
  }));
  return [...tracker.connections()];
}

export const any = (source: BlockSource) => readAny(source, () => {});

// @ts-expect-error a verdict is one of four words
export const wrong: Verdict = "maybe";
`;
