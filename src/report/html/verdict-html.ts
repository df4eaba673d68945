/** The verdict as one page that needs nothing else: docs/decisions/0022-one-page-that-loads-nothing.md. */
import type { Report } from "#verify/report.js";
import { failureGroups } from "../failure-groups.js";
import type { RenderContext } from "../report-format.js";
import { connectionsSection } from "./connections.js";
import { examplesSection } from "./examples-section.js";
import { failuresSection } from "./failures.js";
import { markup, trusted, type Markup } from "./markup.js";
import { checksSection, countersSection, latencySection, sections } from "./particulars.js";
import { SCRIPT } from "./script.js";
import { securityPolicy } from "./security-policy.js";
import { STYLE } from "./style.js";
import { summary } from "./summary.js";

export function* verdictHtml(report: Report, options: RenderContext): Iterable<string> {
  const groups = failureGroups(report);
  const parts: readonly Markup[] = [
    head(report, options),
    summary(report, { ...options, groups }),
    markup`<main>`,
    groups.length > 0 ? failuresSection(report, groups) : markup`${examplesSection(report)}`,
    markup`${sections(report, options)}${checksSection(report)}${countersSection(report)}${latencySection(report, options)}`,
    connectionsSection(report, groups),
    markup`</main><footer>Made by pcapcheck. This page loads nothing and sends nothing.</footer>`,
    trusted(`<script>${SCRIPT}</script>\n</body></html>\n`),
  ];
  for (const part of parts) yield `${part.markup}\n`;
}

function head({ verdict }: Report, { scenario }: RenderContext): Markup {
  const policy = securityPolicy({ style: STYLE, script: SCRIPT });
  return markup`${trusted("<!doctype html>")}
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${verdict.toUpperCase()} ${scenario.name} - pcapcheck</title>
<style>${trusted(STYLE)}</style></head>
<body><a class="skip" href="#connections">to the connections</a>`;
}
