import type { SavedFile } from "./saved-file.js";
import type { StateKind } from "./state-kind.js";

/** Files by the node's name, which is empty where nothing tells it, and by what they are. */
export type StateFiles = ReadonlyMap<string, ReadonlyMap<StateKind, SavedFile>>;
