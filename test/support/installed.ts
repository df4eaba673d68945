import { spawnSync } from "node:child_process";

/** Whether a program is there to test with. A test that needs one says so where it is skipped. */
export function isInstalled(program: string): boolean {
  return spawnSync("which", [program]).status === 0;
}
