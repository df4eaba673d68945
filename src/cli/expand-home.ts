import { join } from "node:path";

/** The shell leaves `~` alone behind `pod:web=` and `html=`. */
export function expandHome(path: string, home: string | undefined): string {
  return home !== undefined && path.startsWith("~/") ? join(home, path.slice(2)) : path;
}
