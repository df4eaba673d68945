/** What a directory holds, folders in it included. Its files stay where they are. */
import { readdirSync, statSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { sanitize } from "#report/sanitize.js";
import { describeFileError } from "../file-error.js";
import type { BundleBudget } from "./bundle-budget.js";
import type {
  BundleEntry,
  EntryContent,
  Findings,
  FoundEntry,
  RefusedEntry,
} from "./bundle-entry.js";
import { briefHead, unpackedHead } from "./entry-head.js";
import { LimitReached } from "./limit-reached.js";
import { readHead } from "./read-head.js";

export interface DirectoryWishes {
  readonly budget: BundleBudget;
  /** `nowhere`: nobody will look at the entry again. */
  readonly place: (entry: BundleEntry) => EntryContent["on"];
}

export async function readDirectory(folder: string, wishes: DirectoryWishes): Promise<Findings> {
  const walk = new DirectoryWalk(wishes);
  try {
    await walk.enter({ folder, within: "", depth: 0 });
  } catch (error) {
    if (!(error instanceof LimitReached)) throw error;
    walk.failures.push(`${sanitize(folder)}: ${error.message}`);
  }
  return walk;
}

interface Place {
  /** On this machine, as the user would write it. */
  readonly folder: string;
  /** The same inside the bundle. */
  readonly within: string;
  readonly depth: number;
}

class DirectoryWalk implements Findings {
  readonly entries: FoundEntry[] = [];
  readonly refused: RefusedEntry[] = [];
  readonly failures: string[] = [];
  readonly #wishes: DirectoryWishes;

  constructor(wishes: DirectoryWishes) {
    this.#wishes = wishes;
  }

  async enter(place: Place): Promise<void> {
    const { folder, within, depth } = place;
    const { budget } = this.#wishes;
    for (const item of this.#list(folder)) {
      budget.count();
      const shown = join(folder, item.name);
      const path = within === "" ? item.name : `${within}/${item.name}`;
      if (!item.isDirectory()) await this.#addFile({ shown, path }, item);
      else if (depth < budget.limits.depth) {
        await this.enter({ folder: shown, within: path, depth: depth + 1 });
      } else this.refused.push({ shown, path, why: "folders are nested too deeply here" });
    }
  }

  #list(folder: string): readonly Dirent[] {
    try {
      return readdirSync(folder, { withFileTypes: true })
        .filter(({ name }) => !name.startsWith("."))
        .sort((one, other) => (one.name < other.name ? -1 : 1));
    } catch (error) {
      this.failures.push(`${sanitize(folder)}: ${describeFileError(error)}`);
      return [];
    }
  }

  /** A link to a file is as good as the file, one to a folder may lead round and round. */
  async #addFile(names: Pick<FoundEntry, "shown" | "path">, item: Dirent): Promise<void> {
    const content = { on: "disk", path: names.shown } as const;
    try {
      const status = statSync(names.shown);
      const why = status.isDirectory() ? "a link to a folder, not followed" : "no file";
      if (!status.isFile()) this.refused.push({ ...names, why });
      else {
        const head = await unpackedHead(readHead(names.shown));
        const entry = { ...names, sizeBytes: status.size, head };
        const isWanted = this.#wishes.place(entry) !== "nowhere";
        this.entries.push({ ...entry, head: isWanted ? head : briefHead(head), content });
      }
    } catch (error) {
      const why = describeFileError(error);
      // A link that leads nowhere is no file that we failed to read.
      if (item.isSymbolicLink()) this.refused.push({ ...names, why });
      else this.failures.push(`${sanitize(names.shown)}: ${why}`);
    }
  }
}
