/**
 * The page's style sheet. Colours of text have a contrast of at least 4.5 to their ground (WCAG 2.2
 * §1.4.3), and say nothing that a word or a mark does not say.
 */
import { LADDER_STYLE } from "./ladder-style.js";
import { MEDIA_STYLE } from "./media-style.js";
import { PAGE_STYLE } from "./page-style.js";

export const STYLE = PAGE_STYLE + LADDER_STYLE + MEDIA_STYLE;
