import type { Recogniser } from "./recogniser.js";

/** In the order they are asked, most specific first. To add one: its file, its line here. */
export const RECOGNISERS: readonly Recogniser[] = [];
