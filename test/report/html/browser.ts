/** Chromium, where there is one: named by the environment, or on the PATH. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** Empty is not set. */
const { CHROMIUM: named = "" } = process.env;
export const CHROMIUM: string | undefined = named === "" ? onPath() : named;

/** To be the name of what is skipped without it. */
export const WITHOUT_CHROMIUM =
  "needs Chromium: none of chromium, chromium-browser, google-chrome is on the PATH, and CHROMIUM names none";

/** Without anything that would reach for a network by itself. */
export function launch(): Promise<Browser> {
  const quiet = ["background-networking", "component-update", "sync", "quic", "gpu"];
  return chromium.launch({
    executablePath: CHROMIUM ?? "",
    args: [
      "--headless",
      "--no-sandbox",
      "--no-first-run",
      ...quiet.map((name) => `--disable-${name}`),
    ],
  });
}

function onPath(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const files = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return files.find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
