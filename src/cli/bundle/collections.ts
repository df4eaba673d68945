import type { ReadCollection } from "./collection.js";
import { readRetina } from "./retina.js";
import type { Taking } from "./taking.js";

export type CollectionName = Extract<Taking, { readonly as: "part" }>["of"];

/** Tools that save a node's state in files of their own. To add one: its file, its line here. */
export const COLLECTIONS: Readonly<Record<CollectionName, ReadCollection>> = {
  retina: readRetina,
};
